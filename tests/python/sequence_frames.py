"""Makes frames of sequences with Pillow, SciPy and OpenCV, and says how far those of misfire are from them; for
tests/unit/sequences_test.cpp.

usage: sequence_frames.py <folder> <side>     a picture of side x side RGB bytes as in.raw, standard normal draws of stream i as
normal_<i>.raw (float32), frames as <sequence>_<set>_<frame>.raw; set 224 is ImageNet-P, 32 CIFAR-10-P.
Prints a line per frame: name, largest difference, share of values that differ.
"""
import colorsys
import math
import pathlib
import sys

import cv2
import numpy
import scipy.ndimage
from PIL import Image

folder, side = pathlib.Path(sys.argv[1]), int(sys.argv[2])
picture = numpy.fromfile(folder / "in.raw", numpy.uint8).reshape(side, side, 3)
unit = picture / 255.0


def normal(stream, shape):
    return numpy.fromfile(folder / f"normal_{stream}.raw", numpy.float32)[: numpy.prod(shape)].reshape(shape).astype(float)


def cut(x):
    return numpy.uint8(numpy.clip(x, 0, 1) * 255)


def affine(angle=0.0, scale=1.0, shear=0.0):
    """torchvision 0.2's inverse matrix about the centre of the picture."""
    a, s, c = numpy.deg2rad(angle), numpy.deg2rad(shear), side / 2
    forward = numpy.array([[numpy.cos(a), -numpy.sin(a + s)], [numpy.sin(a), numpy.cos(a + s)]]) * scale
    inverse = numpy.linalg.inv(forward)
    offset = numpy.array([c, c]) - inverse @ [c, c]
    data = (*inverse[0], offset[0], *inverse[1], offset[1])
    return numpy.array(Image.fromarray(picture).transform((side, side), Image.AFFINE, data, Image.BILINEAR))


def motion(image, radius, sigma, angle):
    """ImageMagick's MotionBlurImage, in its order of operations."""
    width = 2 * radius + 1
    weights = numpy.exp(-numpy.arange(width) ** 2 / (2 * sigma**2))
    weights /= weights.sum()
    across, down = width * math.cos(math.pi * angle / 180.0), width * math.sin(math.pi * angle / 180.0)
    length, out = math.hypot(across, down), numpy.zeros(image.shape)
    rows, columns = numpy.arange(side), numpy.arange(side)
    for i, weight in enumerate(weights):
        y = numpy.clip(rows + math.ceil(i * down / length - 0.5), 0, side - 1)
        x = numpy.clip(columns + math.ceil(i * across / length - 0.5), 0, side - 1)
        out += weight * image[y][:, x]
    return numpy.uint8(numpy.floor(257 * out + 0.5) // 257)


def rotate(large, i):
    return affine(angle=i - 15)


def scale(large, i):
    return affine(scale=(40 + 2.5 * i if large else 70 + 2 * i) / 100)


def shear(large, i):
    return affine(shear=i - 15)


def zoom_blur(large, i):
    total = numpy.float32(picture) / numpy.float32(255)
    for k in range(1, i + 1):
        total = total + numpy.float32(affine(scale=1 + 0.004 * k)) / numpy.float32(255)
    return numpy.uint8(total / numpy.float32(i + 1) * numpy.float32(255))


def translate(large, i):
    by, out = i - (20 if large else 7), numpy.zeros_like(picture)
    for x in range(side):
        if 0 <= x - by < side:
            out[:, x] = picture[:, x - by]
    return out


def tilt(large, i):
    phi = theta = numpy.deg2rad((i - 15) * (1 if large else 0.75))
    w = h = side
    f = numpy.sqrt(w**2 + h**2)
    lift = numpy.array([[1, 0, -w / 2], [0, 1, -h / 2], [0, 0, 1], [0, 0, 1]])
    about_x = numpy.array([[1, 0, 0, 0], [0, numpy.cos(theta), -numpy.sin(theta), 0], [0, numpy.sin(theta), numpy.cos(theta), 0], [0, 0, 0, 1]])
    about_y = numpy.array([[numpy.cos(phi), 0, -numpy.sin(phi), 0], [0, 1, 0, 0], [numpy.sin(phi), 0, numpy.cos(phi), 0], [0, 0, 0, 1]])
    away = numpy.array([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, f], [0, 0, 0, 1]])
    project = numpy.array([[f, 0, w / 2, 0], [0, f, h / 2, 0], [0, 0, 1, 0]])
    return cv2.warpPerspective(picture, project @ away @ about_x @ about_y @ lift, (w, h))


def brightness(large, i):
    out = numpy.empty(unit.shape)
    for y in range(side):
        for x in range(side):
            hue, saturation, value = colorsys.rgb_to_hsv(*unit[y, x])
            out[y, x] = colorsys.hsv_to_rgb(hue, saturation, min(max(value + (i - 15) * (0.02 if large else 0.015), 0), 1))
    return cut(out)


def motion_blur(large, i):
    return motion(picture, 10, 3, (i - 30) * 4) if large else motion(picture, 6, 1.8, (i - 20) * 9)


def gaussian_blur(large, i):
    sigma = 0.25 + 0.035 * i if large else 0.3 + 0.015 * i
    return cut(scipy.ndimage.gaussian_filter(unit, (sigma, sigma, 0), mode="nearest", truncate=6.0 if large else 7.0))


def gaussian_noise(large, i):
    return cut(unit + (0.03 if large else 0.02) * normal(i, unit.shape)) if i else picture


def speckle_noise(large, i):
    return cut(unit + unit * 0.05 * normal(i, unit.shape)) if i else picture


def snow(large, i):
    factor = 3 if large else 2
    crop = int(numpy.ceil(side / factor))
    top = (side - crop) // 2
    layer = (0.05 + 0.3 * normal(0, (side, side)))[top : top + crop, top : top + crop]
    layer = scipy.ndimage.zoom(layer, factor, order=1)
    trim = (layer.shape[0] - side) // 2
    layer = layer[trim : trim + side, trim : trim + side].copy()
    layer[layer < 0.5] = 0
    layer = motion(cut(layer), *((14, 4) if large else (10, 2)), i * 4 - 150) / 255.0
    x = numpy.float32(unit)
    grey = cv2.cvtColor(x, cv2.COLOR_RGB2GRAY)[..., numpy.newaxis] * 1.5 + 0.5
    white = 0.85 * x + (1 - 0.85) * numpy.maximum(x, grey)
    return cut(white + (layer + layer[::-1, ::-1])[..., numpy.newaxis])


def spatter(large, i):
    mean, deviation, sigma, threshold = (0.65, 0.27, 3.7, 0.69) if large else (0.6, 0.265, 1.75, 0.7)
    layer = scipy.ndimage.gaussian_filter(mean + deviation * normal(0, (side, side)), sigma, mode="nearest")
    layer[layer < threshold] = 0
    kernel = numpy.array([0.05, 0.1, 0.15, 0.7] if large else [0.2, 0.8])
    for _ in range(i):
        layer = numpy.apply_along_axis(lambda column: numpy.convolve(column, kernel, mode="same"), 0, layer)
    liquid = (layer * 255).astype(numpy.uint8)
    shade = cv2.distanceTransform(255 - cv2.Canny(liquid, 50, 150), cv2.DIST_L2, 5)
    _, shade = cv2.threshold(shade, 20, 20, cv2.THRESH_TRUNC)
    shade = cv2.equalizeHist(cv2.blur(shade, (3, 3)).astype(numpy.uint8))
    shade = cv2.filter2D(shade, cv2.CV_8U, numpy.array([[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]))
    m = liquid * cv2.blur(shade, (3, 3)).astype(numpy.float32)
    if m.max() == 0:
        return picture
    m = (m / m.max() * numpy.float32(0.6))[..., numpy.newaxis]
    return cut(numpy.float32(unit) + m * numpy.float32([175, 238, 238]) / numpy.float32(255))


for path in sorted(folder.glob("*_*_*.raw")):
    name, size, frame = path.stem.rsplit("_", 2)
    ours = numpy.fromfile(path, numpy.uint8).reshape(picture.shape).astype(int)
    difference = abs(ours - globals()[name](size == "224", int(frame)))
    print(path.stem, difference.max(), "%.6f" % (difference > 0).mean())
