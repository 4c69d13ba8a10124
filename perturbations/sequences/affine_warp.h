// Moving, turning and stretching an image as torchvision does it with Pillow.
#pragma once

#include "core/image.h"

namespace misfire {

// Where in the input a place of the output lies: x_in = a x + b y + c, y_in = d x + e y + f, in px, where the centre of
// pixel 0 lies at 0.5.
struct AffineMap {
    double a = 1.0, b = 0.0, c = 0.0;
    double d = 0.0, e = 1.0, f = 0.0;
};

// The map of torchvision.transforms.functional.affine (0.2) about the centre of the image: turned clockwise by `angle`,
// sheared by `shear` (both degrees), enlarged by `scale`. With a shear s the picture is also lower by cos(s), as there.
AffineMap affine_map(int height, int width, double angle_degrees, double scale, double shear_degrees);

// Pillow's Image.transform(AFFINE, BILINEAR): black outside, values truncated to 8 bits.
void warp_bilinear(const Image& in, const AffineMap& map, Image& out);

// Moved by whole px to the right and down; black comes in.
void move_whole_pixels(const Image& in, int right, int down, Image& out);

}  // namespace misfire
