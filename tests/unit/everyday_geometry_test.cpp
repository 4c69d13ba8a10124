// The units of everyday geometric breakage, against what their declared numbers say one would see, and against
// scipy.ndimage where pixels are interpolated.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <numbers>
#include <set>
#include <sstream>

#include "perturbations/perturb.h"
#include "perturbations/registry.h"

namespace misfire {
namespace {

double declared(const std::string& unit, std::size_t level) {
    return find_perturbation(unit)->info().parameters[0].published.at("any")[level - 1];
}

Image run(const std::string& name, const Options& options, const Image& in, double severity, std::uint64_t key = 1) {
    Image out;
    Scratch scratch;
    perturb(*make_perturbation(name, options), in, out, severity, Random(key), scratch);
    return out;
}

Image constant(int height, int width, int channels, int value) {
    Image image(height, width, channels);
    std::fill(image.pixels.begin(), image.pixels.end(), static_cast<std::uint8_t>(value));
    return image;
}

std::uint8_t& at(Image& image, int y, int x) {
    return image.pixels[static_cast<std::size_t>((y * image.width + x) * image.channels)];
}

int at(const Image& image, int y, int x) {
    return image.pixels[static_cast<std::size_t>((y * image.width + x) * image.channels)];
}

// Grey, with the value of the column or of the row.
Image ramp(int side, bool of_columns) {
    Image image(side, side, 1);
    for (int y = 0; y < side; ++y) {
        for (int x = 0; x < side; ++x) at(image, y, x) = static_cast<std::uint8_t>(of_columns ? x : y);
    }
    return image;
}

// Soft hills and one hard block, nowhere symmetric.
Image landscape(int height, int width, int channels) {
    Image image(height, width, channels);
    std::size_t i = 0;
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const double u = static_cast<double>(x) / width, v = static_cast<double>(y) / height;
            const bool block = u > 0.6 && u < 0.8 && v > 0.2 && v < 0.3;
            for (int c = 0; c < channels; ++c) {
                const double hills = 90 * u + 50 * v * v + 40 * std::sin(5 * u + 9 * v * u + 2 * c) + 45;
                image.pixels[i++] = block ? 250 : static_cast<std::uint8_t>(std::clamp(hills, 0.0, 255.0));
            }
        }
    }
    return image;
}

// What a Python program makes of a picture for each case. It gets the picture as a NumPy array `picture` (height x
// width x channels, double), `mode` and the numbers of a `case`, and leaves its result in `seen`.
std::vector<Image> python(const std::string& body, const Image& picture, const std::string& mode,
                          const std::vector<std::string>& cases) {
    const std::string stem = testing::TempDir() + "misfire_everyday_" + std::to_string(getpid());
    std::ofstream(stem + ".raw", std::ios::binary)
        .write(reinterpret_cast<const char*>(picture.pixels.data()), static_cast<std::streamsize>(picture.size()));
    std::ofstream(stem + ".py") << "import sys\n"
                                   "import numpy as np\n"
                                   "from scipy import ndimage\n"
                                   "stem, mode = sys.argv[1:3]\n"
                                   "h, w, c = map(int, sys.argv[3:6])\n"
                                   "picture = np.fromfile(stem + '.raw', np.uint8).reshape(h, w, c).astype(float)\n"
                                   "out = open(stem + '.out', 'wb')\n"
                                   "for text in sys.argv[6:]:\n"
                                   "    case = [float(x) for x in text.split()]\n" +
                                       body +
                                       "    out.write(np.clip(np.rint(seen), 0, 255).astype(np.uint8).tobytes())\n";
    std::ostringstream command;
    command << "/usr/bin/python3 '" << stem << ".py' '" << stem << "' " << mode << ' ' << picture.height << ' '
            << picture.width << ' ' << picture.channels;
    for (const std::string& numbers : cases) command << " '" << numbers << "'";
    if (std::system(command.str().c_str()) != 0) throw std::runtime_error("failed: " + command.str());
    std::vector<Image> seen(cases.size(), picture);
    std::ifstream file(stem + ".out", std::ios::binary);
    for (Image& image : seen) {
        file.read(reinterpret_cast<char*>(image.pixels.data()), static_cast<std::streamsize>(image.size()));
    }
    if (!file) throw std::runtime_error("wrote too little: " + command.str());
    return seen;
}

double share_within_one_level(const Image& a, const Image& b) {
    std::size_t near = 0;
    for (std::size_t i = 0; i < a.size(); ++i) near += std::abs(int{a.pixels[i]} - int{b.pixels[i]}) <= 1 ? 1 : 0;
    return static_cast<double>(near) / static_cast<double>(a.size());
}

// Our borders, and what scipy.ndimage calls them.
const std::vector<std::pair<std::string, std::string>> borders = {
    {"black", "grid-constant"}, {"replicate", "nearest"}, {"reflect", "mirror"}};

TEST(EverydayGeometry, is_one_category) {
    EXPECT_THAT(expand_group("geometry"),
                testing::IsSupersetOf({"crop", "flip", "letterbox", "occlusion", "perspective", "rotation", "scale",
                                       "translation", "watermark"}));
}

TEST(EverydayGeometry, beyond_the_edge_is_what_the_option_says) {
    const Image white = constant(60, 80, 3, 255);
    for (const auto& [name, more] : std::vector<std::pair<std::string, Options>>{
             {"rotation", {}}, {"translation", {}}, {"perspective", {}}, {"scale", {{"direction", "out"}}}}) {
        for (const auto& [border, unused] : borders) {
            Options options = more;
            options["border"] = border;
            const Image out = run(name, options, white, 5.0);
            if (border == "black") {
                EXPECT_GT(std::count(out.pixels.begin(), out.pixels.end(), 0), 60 * 80 * 3 / 10) << name;
            } else {
                EXPECT_EQ(out, white) << name << " " << border;
            }
        }
    }
}

TEST(Rotation, turns_about_the_centre_by_the_declared_angle_as_scipy_does) {
    const Image in = landscape(90, 121, 3);
    std::vector<std::string> cases;
    for (std::size_t level = 1; level <= 5; ++level) {
        cases.push_back(std::to_string(declared("rotation", level)));
        cases.push_back(std::to_string(-declared("rotation", level)));
    }
    for (const auto& [border, mode] : borders) {
        const std::vector<Image> turned =
            python("    seen = ndimage.rotate(picture, case[0], axes=(1, 0), reshape=False, order=1, mode=mode)\n", in,
                   mode, cases);
        std::set<int> senses;
        for (std::size_t level = 1; level <= 5; ++level) {
            for (std::uint64_t key = 0; key < 8; ++key) {
                const Image out = run("rotation", {{"border", border}}, in, static_cast<double>(level), key);
                const double one_way = share_within_one_level(out, turned[2 * level - 2]);
                const double other_way = share_within_one_level(out, turned[2 * level - 1]);
                EXPECT_GE(std::max(one_way, other_way), 0.99) << border << " level " << level;
                senses.insert((one_way > other_way ? 1 : -1) * static_cast<int>(key + 1));
            }
        }
        EXPECT_EQ(senses.size(), 8U) << "a sample turns the same way at all levels";
        EXPECT_LT(*senses.begin(), 0);
        EXPECT_GT(*senses.rbegin(), 0);
    }
}

TEST(Translation, moves_a_bright_pixel_by_the_declared_pixels) {
    for (const int side : {32, 224}) {
        Image in = constant(side, side + 10, 1, 0);
        const int y = side / 2, x = side / 2 + 4;
        at(in, y, x) = 255;
        for (std::size_t level = 1; level <= 4; ++level) {
            const double distance = declared("translation", level) * side / 224.0;
            const auto whole = static_cast<int>(std::lround(distance));
            const auto moved = [&](int dy, int dx) {
                Image out = constant(in.height, in.width, 1, 0);
                at(out, y + dy, x + dx) = 255;
                return out;
            };
            const auto severity = static_cast<double>(level);
            const auto to = [&](const char* direction) {
                return run("translation", {{"direction", direction}, {"border", "black"}}, in, severity);
            };
            EXPECT_EQ(to("right"), moved(0, whole));
            EXPECT_EQ(to("left"), moved(0, -whole));
            EXPECT_EQ(to("down"), moved(whole, 0));
            EXPECT_EQ(to("up"), moved(-whole, 0));
            std::set<std::pair<bool, bool>> quadrants;
            for (std::uint64_t key = 0; key < 40; ++key) {
                const Image out = run("translation", {{"border", "black"}}, in, severity, key);
                const auto place = std::find(out.pixels.begin(), out.pixels.end(), 255) - out.pixels.begin();
                ASSERT_LT(place, static_cast<std::ptrdiff_t>(out.size()));
                const int dy = static_cast<int>(place) / in.width - y, dx = static_cast<int>(place) % in.width - x;
                EXPECT_EQ(out, moved(dy, dx)) << "nothing is interpolated";
                EXPECT_NEAR(std::hypot(dx, dy), distance, std::numbers::sqrt2 / 2 + 1e-9);
                quadrants.insert({dx > 0, dy > 0});
            }
            EXPECT_EQ(quadrants.size(), 4U);
        }
    }
}

TEST(Translation, what_remains_is_the_same_picture_and_the_rest_its_mirror_image) {
    const Image in = landscape(40, 56, 3);
    const Image out = run("translation", {{"direction", "right"}}, in, 2.0);
    const auto distance = static_cast<int>(std::lround(declared("translation", 2) * 40 / 224));
    for (int y = 0; y < in.height; ++y) {
        for (int x = 0; x < in.width; ++x) ASSERT_EQ(at(out, y, x), at(in, y, std::abs(x - distance)));
    }
}

TEST(Scale, out_leaves_a_picture_of_the_declared_size_in_the_middle) {
    const Image white = constant(90, 224, 1, 255);
    for (std::size_t level = 1; level <= 5; ++level) {
        const double factor = declared("scale", level);
        const Image out = run("scale", {{"direction", "out"}}, white, static_cast<double>(level));
        int first_x = out.width, last_x = -1, first_y = out.height, last_y = -1, lit = 0;
        for (int y = 0; y < out.height; ++y) {
            for (int x = 0; x < out.width; ++x) {
                if (at(out, y, x) == 0) continue;
                ASSERT_EQ(at(out, y, x), 255);
                ++lit;
                first_x = std::min(first_x, x), last_x = std::max(last_x, x);
                first_y = std::min(first_y, y), last_y = std::max(last_y, y);
            }
        }
        EXPECT_NEAR(last_x - first_x + 1, out.width / factor, 1.0);
        EXPECT_NEAR(last_y - first_y + 1, out.height / factor, 1.0);
        EXPECT_EQ(lit, (last_x - first_x + 1) * (last_y - first_y + 1));
        EXPECT_EQ(first_x, out.width - 1 - last_x);
        EXPECT_EQ(first_y, out.height - 1 - last_y);
    }
}

TEST(Scale, out_averages_what_falls_together) {
    // Stripes of one pixel at a factor of nearly 4: grey, not stripes of another width.
    Image stripes(128, 128, 1);
    for (std::size_t i = 0; i < stripes.size(); ++i) stripes.pixels[i] = i % 2 == 0 ? 255 : 0;
    const Image out = run("scale", {{"direction", "out"}}, stripes, 5.0);
    for (int x = 50; x < 78; ++x) EXPECT_NEAR(at(out, 64, x), 127.5, 2.0);
}

TEST(Scale, in_enlarges_the_middle_by_the_declared_factor) {
    const int side = 224;
    for (std::size_t level = 1; level <= 5; ++level) {
        for (const bool columns : {true, false}) {
            const Image out = run("scale", {{"direction", "in"}}, ramp(side, columns), static_cast<double>(level));
            const int low = at(out, 0, 0), high = at(out, side - 1, side - 1);
            EXPECT_NEAR(high - low, (side - 1) / declared("scale", level), 1.0);
            EXPECT_NEAR((high + low) / 2.0, (side - 1) / 2.0, 1.0);
        }
    }
}

TEST(Scale, either_draws_one_of_the_two_for_each_sample) {
    const Image in = landscape(48, 64, 3);
    int out = 0;
    for (std::uint64_t key = 0; key < 200; ++key) {
        const bool goes_out = run("scale", {}, in, 2.0, key) == run("scale", {{"direction", "out"}}, in, 2.0);
        EXPECT_EQ(run("scale", {}, in, 4.0, key), run("scale", {{"direction", goes_out ? "out" : "in"}}, in, 4.0));
        out += goes_out ? 1 : 0;
    }
    EXPECT_NEAR(out, 100, 3 * std::sqrt(50.0));
}

// Rays through the pixels of a pinhole camera, cut with a plane that stands one diagonal away and leans away from it.
const char* const pinhole =
    "    tilt, direction = np.radians(case)\n"
    "    distance = np.hypot(h, w)\n"
    "    y, x = np.mgrid[0:h, 0:w].astype(float)\n"
    "    rays = np.stack([x - (w - 1) / 2, y - (h - 1) / 2, np.full((h, w), distance)], -1)\n"
    "    along = np.array([np.cos(tilt) * np.cos(direction), np.cos(tilt) * np.sin(direction), np.sin(tilt)])\n"
    "    across = np.array([-np.sin(direction), np.cos(direction), 0])\n"
    "    normal = np.cross(along, across)\n"
    "    hit = rays * ((normal[2] * distance) / (rays @ normal))[..., None] - [0, 0, distance]\n"
    "    a, b = hit @ along, hit @ across\n"
    "    sx = (w - 1) / 2 + a * np.cos(direction) - b * np.sin(direction)\n"
    "    sy = (h - 1) / 2 + a * np.sin(direction) + b * np.cos(direction)\n"
    "    seen = np.stack([ndimage.map_coordinates(picture[..., k], [sy, sx], order=1, mode=mode) for k in range(c)], "
    "-1)\n";

TEST(Perspective, shows_the_plane_that_a_tilted_camera_sees) {
    const Image in = landscape(101, 136, 3);
    std::vector<std::string> cases;
    for (std::size_t level = 1; level <= 5; ++level) {
        const double direction_degrees = 360.0 * static_cast<double>(Random(level).uniform(0));
        cases.push_back(std::to_string(declared("perspective", level)) + " " + std::to_string(direction_degrees));
    }
    for (const auto& [border, mode] : borders) {
        const std::vector<Image> seen = python(pinhole, in, mode, cases);
        for (std::size_t level = 1; level <= 5; ++level) {
            const Image out = run("perspective", {{"border", border}}, in, static_cast<double>(level), level);
            EXPECT_GE(share_within_one_level(out, seen[level - 1]), level < 5 ? 0.99 : 0.98)
                << border << " level " << level;
        }
    }
}

TEST(Perspective, keeps_the_centre) {
    for (const auto& [height, width] : {std::pair{65, 65}, std::pair{33, 97}}) {
        Image in = constant(height, width, 1, 0);
        at(in, height / 2, width / 2) = 255;
        for (const double severity : {0.5, 1.0, 2.0, 3.0, 4.0, 5.0}) {
            for (std::uint64_t key = 0; key < 10; ++key) {
                const Image out = run("perspective", {{"border", "black"}}, in, severity, key);
                EXPECT_EQ(at(out, height / 2, width / 2), 255) << "severity " << severity;
            }
        }
    }
}

TEST(Crop, shows_the_declared_share_of_the_area_and_lies_inside_the_larger_window) {
    const int side = 224;
    for (std::uint64_t key = 0; key < 20; ++key) {
        double last[4] = {0.0, side - 1.0, 0.0, side - 1.0};  // columns, rows: from, to
        for (std::size_t level = 1; level <= 5; ++level) {
            const Image columns = run("crop", {}, ramp(side, true), static_cast<double>(level), key);
            const Image rows = run("crop", {}, ramp(side, false), static_cast<double>(level), key);
            const double window[4] = {1.0 * at(columns, 0, 0), 1.0 * at(columns, 0, side - 1), 1.0 * at(rows, 0, 0),
                                      1.0 * at(rows, side - 1, 0)};
            const double shown = (window[1] - window[0]) * (window[3] - window[2]) / ((side - 1.0) * (side - 1.0));
            EXPECT_NEAR(shown, declared("crop", level), 0.01);
            for (const int from : {0, 2}) {
                EXPECT_GE(window[from], last[from] - 1.0);
                EXPECT_LE(window[from + 1], last[from + 1] + 1.0);
            }
            std::copy(window, window + 4, last);
        }
    }
}

TEST(Crop, is_drawn_from_the_whole_picture) {
    const Image in = ramp(224, true);
    std::vector<int> left;
    for (std::uint64_t key = 0; key < 200; ++key) left.push_back(at(run("crop", {}, in, 5.0, key), 0, 0));
    const double free = 224 * (1 - std::sqrt(declared("crop", 5)));
    EXPECT_LT(*std::min_element(left.begin(), left.end()), 0.05 * free);
    EXPECT_GT(*std::max_element(left.begin(), left.end()), 0.95 * free - 1);
}

TEST(Occlusion, hides_a_rectangle_of_the_declared_area_that_contains_the_smaller_ones) {
    for (const auto& [height, width] : {std::pair{224, 224}, std::pair{97, 160}, std::pair{16, 16}}) {
        const Image white = constant(height, width, 1, 255);
        for (std::uint64_t key = 0; key < 30; ++key) {
            Image last = white;
            for (const double severity : {0.3, 1.0, 1.5, 2.0, 3.0, 4.0, 4.6, 5.0}) {
                const Image out = run("occlusion", {{"fill", "black"}}, white, severity, key);
                int area = 0, first_x = width, last_x = -1, first_y = height, last_y = -1;
                for (int y = 0; y < height; ++y) {
                    for (int x = 0; x < width; ++x) {
                        if (at(last, y, x) == 0) {
                            ASSERT_EQ(at(out, y, x), 0) << "nested";
                        }
                        if (at(out, y, x) != 0) continue;
                        ++area;
                        first_x = std::min(first_x, x), last_x = std::max(last_x, x);
                        first_y = std::min(first_y, y), last_y = std::max(last_y, y);
                    }
                }
                last = out;
                if (area > 0) {
                    EXPECT_EQ(area, (last_x - first_x + 1) * (last_y - first_y + 1));
                }
                if (severity != std::floor(severity)) continue;
                const double wanted = declared("occlusion", static_cast<std::size_t>(severity)) * height * width;
                // Each side is at most one pixel off.
                EXPECT_NEAR(area, wanted, last_x - first_x + last_y - first_y + 3);
            }
        }
    }
}

TEST(Occlusion, reaches_every_edge) {
    const Image white = constant(64, 96, 1, 255);
    int left = 0, right = 0, top = 0, bottom = 0;
    for (std::uint64_t key = 0; key < 300; ++key) {
        const Image out = run("occlusion", {{"fill", "black"}}, white, 1.0, key);
        bool hidden[4] = {};
        for (int y = 0; y < 64; ++y) hidden[0] |= at(out, y, 2) == 0, hidden[1] |= at(out, y, 93) == 0;
        for (int x = 0; x < 96; ++x) hidden[2] |= at(out, 2, x) == 0, hidden[3] |= at(out, 61, x) == 0;
        left += hidden[0] ? 1 : 0, right += hidden[1] ? 1 : 0, top += hidden[2] ? 1 : 0, bottom += hidden[3] ? 1 : 0;
    }
    EXPECT_THAT((std::vector<int>{left, right, top, bottom}),
                testing::Each(testing::AllOf(testing::Gt(2), testing::Lt(45))));
}

TEST(Occlusion, fills_as_it_is_told) {
    const Image in = landscape(64, 64, 3);
    const auto hidden = [&](const char* fill, double severity = 5.0) {
        const Image out = run("occlusion", {{"fill", fill}}, in, severity, 4);
        const Image mask = run("occlusion", {{"fill", "black"}}, constant(64, 64, 3, 255), severity, 4);
        std::vector<int> values;
        for (std::size_t i = 0; i < out.size(); ++i) {
            if (mask.pixels[i] == 0) values.push_back(out.pixels[i]);
            if (mask.pixels[i] != 0) {
                EXPECT_EQ(out.pixels[i], in.pixels[i]);
            }
        }
        return values;
    };
    EXPECT_THAT(hidden("grey"), testing::Each(128));
    EXPECT_THAT(hidden("black"), testing::Each(0));
    const std::vector<int> mean = hidden("mean"), noise = hidden("noise");
    for (std::size_t c = 0; c < 3; ++c) {
        double sum = 0.0;
        for (std::size_t i = c; i < in.size(); i += 3) sum += in.pixels[i];
        for (std::size_t i = c; i < mean.size(); i += 3) ASSERT_NEAR(mean[i], sum * 3.0 / 12288.0, 0.51);
    }
    double sum = 0.0;
    for (const int value : noise) sum += value;
    const auto n = static_cast<double>(noise.size());
    EXPECT_NEAR(sum / n, 127.5, 3 * 73.9 / std::sqrt(n));  // uniform on 0..255: standard deviation 73.9
    EXPECT_THAT(noise, testing::AllOf(testing::Contains(testing::Lt(8)), testing::Contains(testing::Gt(247))));
    // The smaller rectangle shows a part of the same noise.
    const Image small = run("occlusion", {{"fill", "noise"}}, in, 2.0, 4);
    const Image large = run("occlusion", {{"fill", "noise"}}, in, 5.0, 4);
    for (std::size_t i = 0; i < in.size(); ++i) {
        if (small.pixels[i] != in.pixels[i]) {
            ASSERT_EQ(small.pixels[i], large.pixels[i]);
        }
    }
}

TEST(Letterbox, bars_have_the_declared_width) {
    const Image white = constant(120, 161, 3, 255);
    for (const char* style : {"squeeze", "cover"}) {
        for (const bool sides : {true, false}) {
            const Options options = {{"style", style}, {"orientation", sides ? "left-right" : "above-below"}};
            for (std::size_t level = 1; level <= 5; ++level) {
                const Image out = run("letterbox", options, white, static_cast<double>(level));
                const int length = sides ? out.width : out.height;
                const auto bar = static_cast<int>(std::lround(declared("letterbox", level) / 2 * length));
                for (int y = 0; y < out.height; ++y) {
                    for (int x = 0; x < out.width; ++x) {
                        const int place = sides ? x : y;
                        ASSERT_EQ(at(out, y, x), place < bar || place >= length - bar ? 0 : 255);
                    }
                }
            }
        }
    }
}

TEST(Letterbox, squeezes_all_of_the_picture_between_them_or_covers_its_rim) {
    const Image in = landscape(40, 60, 3);
    const double half = 3.0 + 2.0 / 3.0;  // bars of half the height: 10 rows each
    const Image covered = run("letterbox", {{"style", "cover"}, {"orientation", "above-below"}}, in, half);
    const Image squeezed = run("letterbox", {{"style", "squeeze"}, {"orientation", "above-below"}}, in, half);
    for (int y = 0; y < 20; ++y) {
        for (int x = 0; x < in.width; ++x) {
            ASSERT_EQ(at(covered, y + 10, x), at(in, y + 10, x));
            ASSERT_NEAR(at(squeezed, y + 10, x), (at(in, 2 * y, x) + at(in, 2 * y + 1, x)) / 2.0, 0.51);
        }
    }
}

TEST(Letterbox, either_draws_the_orientation_for_each_sample) {
    const Image white = constant(64, 64, 1, 255);
    int at_the_sides = 0;
    for (std::uint64_t key = 0; key < 200; ++key) {
        const bool sides = at(run("letterbox", {}, white, 2.0, key), 32, 0) == 0;
        EXPECT_EQ(at(run("letterbox", {}, white, 5.0, key), 32, 0) == 0, sides);
        at_the_sides += sides ? 1 : 0;
    }
    EXPECT_NEAR(at_the_sides, 100, 3 * std::sqrt(50.0));
}

TEST(Flip, mirrors_exactly_and_twice_is_the_picture_again) {
    for (const auto& [height, width, channels] : {std::tuple{17, 32, 3}, std::tuple{64, 41, 1}}) {
        const Image in = landscape(height, width, channels);
        for (const char* axis : {"horizontal", "vertical", "both"}) {
            const Options options = {{"axis", axis}};
            const Image once = run("flip", options, in, 5.0);
            for (int y = 0; y < height; ++y) {
                for (int x = 0; x < width; ++x) {
                    const int from_x = axis == std::string("vertical") ? x : width - 1 - x;
                    const int from_y = axis == std::string("horizontal") ? y : height - 1 - y;
                    ASSERT_EQ(at(once, y, x), at(in, from_y, from_x));
                }
            }
            EXPECT_EQ(run("flip", options, once, 5.0), in);
        }
    }
}

TEST(Flip, takes_severity_fifths_of_the_samples_and_never_gives_one_back) {
    const Image in = landscape(16, 16, 1);
    std::set<std::uint64_t> last;
    for (const double severity : {0.2, 1.0, 2.0, 2.5, 3.0, 4.0, 5.0}) {
        std::set<std::uint64_t> flipped;
        for (std::uint64_t key = 0; key < 1000; ++key) {
            if (run("flip", {}, in, severity, key) != in) flipped.insert(key);
        }
        const double share = severity / 5.0;
        EXPECT_NEAR(static_cast<double>(flipped.size()), 1000 * share, 3 * std::sqrt(1000 * share * (1 - share)));
        EXPECT_TRUE(std::includes(flipped.begin(), flipped.end(), last.begin(), last.end()));
        last = flipped;
    }
}

TEST(Watermark, lays_white_letters_with_a_black_outline_at_the_declared_opacity) {
    const Image grey = constant(224, 224, 1, 128);
    for (const char* layout : {"line", "tiled"}) {
        for (std::uint64_t key = 0; key < 5; ++key) {
            Image last = grey;
            for (std::size_t level = 1; level <= 5; ++level) {
                const Image out = run("watermark", {{"layout", layout}}, grey, static_cast<double>(level), key);
                const double opacity = declared("watermark", level);
                const auto [darkest, lightest] = std::minmax_element(out.pixels.begin(), out.pixels.end());
                EXPECT_NEAR(*lightest, 128 + opacity * 127, 1 + 12 * opacity);
                EXPECT_NEAR(*darkest, 128 - opacity * 128, 1 + 12 * opacity);
                for (std::size_t i = 0; i < out.size(); ++i) {
                    const int before = last.pixels[i] - 128, now = out.pixels[i] - 128;
                    ASSERT_GE(std::abs(now), std::abs(before)) << "opacity only grows";
                    ASSERT_GE(now * before, 0) << "at the same place";
                }
                last = out;
            }
        }
    }
}

TEST(Watermark, a_line_lies_inside_the_picture_and_tiles_fill_it) {
    for (const auto& [height, width] : {std::pair{224, 224}, std::pair{64, 96}, std::pair{300, 130}}) {
        const Image grey = constant(height, width, 3, 128);
        std::set<std::pair<int, int>> places;
        for (std::uint64_t key = 0; key < 20; ++key) {
            const Image line = run("watermark", {{"layout", "line"}}, grey, 5.0, key);
            const Image tiled = run("watermark", {{"layout", "tiled"}}, grey, 5.0, key);
            int first_x = width, first_y = height, quarters[4] = {};
            for (int y = 0; y < height; ++y) {
                for (int x = 0; x < width; ++x) {
                    if (at(tiled, y, x) != 128) ++quarters[2 * (2 * y / height) + 2 * x / width];
                    if (std::abs(at(line, y, x) - 128) < 8) continue;
                    ASSERT_TRUE(y > 0 && x > 0 && y < height - 1 && x < width - 1) << "key " << key;
                    first_x = std::min(first_x, x), first_y = std::min(first_y, y);
                }
            }
            EXPECT_THAT(quarters, testing::Each(testing::Gt(height * width / 80)));
            places.insert({first_x, first_y});
        }
        EXPECT_GT(places.size(), 15U) << "place and slant are drawn";
    }
}

TEST(Watermark, writes_the_given_text) {
    const Image grey = constant(224, 224, 1, 128);
    const auto ink = [&](const char* text) {
        const Image out = run("watermark", {{"text", text}, {"layout", "line"}}, grey, 5.0, 3);
        return std::count_if(out.pixels.begin(), out.pixels.end(), [](int value) { return value != 128; });
    };
    EXPECT_NE(ink("SAMPLE"), ink("DRAFT"));
    EXPECT_LT(ink("i . . . . i"), ink("MWMWMW") / 2);
}

}  // namespace
}  // namespace misfire
