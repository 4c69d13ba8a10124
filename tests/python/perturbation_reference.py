"""Perturbs images as perturbations/image does, with SciPy and Pillow and the draws that the caller made.

usage: perturbation_reference.py cases.json

cases.json holds a list of {"unit", "in", "out", "shape": [height, width, channels], ...}; "in" and "out" are files of
raw bytes, and what else there is are the numbers and draws of the unit.
"""
import io
import json
import sys

import numpy
import scipy.ndimage
from PIL import Image, ImageEnhance


def cut(levels):
    return numpy.clip(levels, 0, 255).astype(numpy.uint8)


def nearest(levels):
    return cut(numpy.floor(levels + 0.5))


def each_channel(image, function):
    return numpy.stack([function(image[..., c].astype(float)) for c in range(image.shape[2])], axis=2)


# CIFAR-10-C-bar ---------------------------------------------------------------------------------------------------------


def sampled(channel, rows, columns):
    """Bilinear, black all around."""
    margin = 4 + int(max(channel.shape) * 0.1)
    padded = numpy.pad(channel, margin)
    return scipy.ndimage.map_coordinates(padded, [rows + margin, columns + margin], order=1)


def ripple(image, t, wavelength, phase):
    height, width = image.shape[:2]
    side = min(height, width)
    rows, columns = numpy.mgrid[:height, :width].astype(float)
    moved = []
    for points, length, start in zip((rows, columns), wavelength, phase):
        length = (0.1 + 0.2 * length) * side
        moved.append(points + t * 0.0025 * side * numpy.sin(2 * numpy.pi * (points / length + start)))
    return cut(each_channel(image, lambda channel: sampled(channel, *moved)))


def pinch_and_twirl(image, t, way):
    height, width = image.shape[:2]
    side = min(height, width)
    cell = side // (5 if side >= 224 else 3)
    radius = cell / 2
    rows, columns = numpy.mgrid[:height, :width].astype(float)
    i, j = rows // cell, columns // cell
    z = (rows - i * cell - radius) + 1j * (columns - j * cell - radius)
    d = numpy.abs(z) / radius
    turned_way = numpy.resize(way, (width // cell, height // cell)).T
    sign = numpy.ones_like(rows)
    inside = (i < height // cell) & (j < width // cell) & (d <= 1) & (d > 0)
    sign[inside] = 1 - 2 * turned_way[i[inside].astype(int), j[inside].astype(int)]
    safe = numpy.where(inside, d, 1)
    pulled = z * numpy.sin(numpy.pi / 2 * safe) ** -(0.04 * t + 0.1)
    pulled = pulled * numpy.exp(1j * sign * numpy.pi / 20 * t * (1 - safe) ** 2)
    new_rows = numpy.where(inside, i * cell + radius + pulled.real, rows)
    new_columns = numpy.where(inside, j * cell + radius + pulled.imag, columns)
    return cut(each_channel(image, lambda channel: sampled(channel, new_rows, new_columns)))


def transverse_chromatic_abberation(image, t, order):
    height, width, channels = image.shape
    orders = [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)]
    zoomed = []
    for c, step in enumerate(orders[order]):
        channel = image[..., c % channels].astype(numpy.uint8 if channels == 3 else float)
        big = scipy.ndimage.zoom(channel, 1 + 0.025 * t * step, prefilter=False)
        top, left = (big.shape[0] - height) // 2, (big.shape[1] - width) // 2
        zoomed.append(big[top : top + height, left : left + width])
    if channels == 3:
        return numpy.stack(zoomed, axis=2)
    return nearest(numpy.tensordot([0.299, 0.587, 0.114], zoomed, 1))[..., None]


def circular_motion_blur(image, t):
    places = numpy.linspace(-1, 1, 21)
    weights = numpy.exp(-2 * places**2)
    turned = [w * scipy.ndimage.rotate(image / 255.0, p * 1.5 * t, reshape=False) for p, w in zip(places, weights)]
    return cut(sum(turned) / weights.sum() * 255)


# Camera -----------------------------------------------------------------------------------------------------------------


def light(levels):
    x = levels / 255.0
    return numpy.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)


def encoded(linear):
    x = numpy.clip(linear, 0, 1)
    return nearest(255 * numpy.where(x <= 0.0031308, 12.92 * x, 1.055 * x ** (1 / 2.4) - 0.055))


def exposure(image, ev):
    return encoded(light(image) * 2.0**ev)


def black_body(kelvin):
    """Linear sRGB of the spectrum by Planck's law through the CIE 1931 observer as approximated by Wyman, Sloan and
    Shirley, Simple analytic approximations to the CIE XYZ color matching functions, JCGT 2(2), 2013."""
    nm = numpy.arange(360.0, 831.0)
    spectrum = nm**-5 / numpy.expm1(1.4387769e7 / (nm * kelvin))

    def lobe(mean, below, above):
        return numpy.exp(-0.5 * ((nm - mean) * numpy.where(nm < mean, below, above)) ** 2)

    x = 0.362 * lobe(442.0, 0.0624, 0.0374) + 1.056 * lobe(599.8, 0.0264, 0.0323) - 0.065 * lobe(501.1, 0.0490, 0.0382)
    y = 0.821 * lobe(568.8, 0.0213, 0.0247) + 0.286 * lobe(530.9, 0.0613, 0.0322)
    z = 1.217 * lobe(437.0, 0.0845, 0.0278) + 0.681 * lobe(459.0, 0.0385, 0.0725)
    xyz = numpy.array([(spectrum * curve).sum() for curve in (x, y, z)])
    matrix = [[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]]
    return numpy.array(matrix) @ (xyz / xyz[1])


def white_balance(image, mired_shift, warm):
    gain = black_body(1e6 / (1e6 / 6504 + mired_shift)) / black_body(6504)
    gain = gain if warm else 1 / gain
    return encoded(light(image) * gain / (gain @ [0.2126, 0.7152, 0.0722]))


def iso_noise(image, shot_noise, normal):
    height, width, channels = image.shape
    normal = numpy.fromfile(normal, numpy.float32).reshape(height, width)
    read = shot_noise**2.18 * numpy.exp(1.20)
    linear = light(image)
    if channels == 1:
        return encoded(linear + (normal * numpy.sqrt(shot_noise * linear[..., 0] + read))[..., None])
    rows, columns = numpy.mgrid[:height, :width]
    noise = numpy.zeros((height, width, 3))
    for c, gain in enumerate((2.15, 1.0, 1.7)):
        here = (rows % 2) + (columns % 2) == c
        raw = numpy.where(here, normal * numpy.sqrt(shot_noise * linear[..., c] / gain + read), 0)
        kernel = [[0, 1, 0], [1, 4, 1], [0, 1, 0]] if c == 1 else [[1, 2, 1], [2, 4, 2], [1, 2, 1]]
        noise[..., c] = gain * scipy.ndimage.convolve(raw, numpy.array(kernel) / 4.0, mode="mirror")
    return encoded(linear + noise)


def overlaps(size, small):
    """How much of each of `size` pixels lies in each of `small` equal parts of the axis."""
    edges = numpy.arange(small + 1) * size / small
    pixel = numpy.arange(size)
    low = numpy.maximum(edges[:-1, None], pixel)
    high = numpy.minimum(edges[1:, None], pixel + 1)
    return numpy.maximum(high - low, 0) * small / size


def tents(small, size):
    """Bilinear enlargement of an axis, centres of pixels at half a pixel."""
    at = numpy.clip((numpy.arange(size) + 0.5) * small / size - 0.5, 0, small - 1)
    return numpy.maximum(0, 1 - numpy.abs(at[:, None] - numpy.arange(small)))


def low_resolution(image, scale):
    height, width = image.shape[:2]
    rows, columns = int(height * scale + 0.5), int(width * scale + 0.5)

    def shrink_and_enlarge(channel):
        small = numpy.round(overlaps(height, rows) @ channel @ overlaps(width, columns).T)
        return tents(rows, height) @ small @ tents(columns, width).T

    return nearest(each_channel(image, shrink_and_enlarge))


def jpeg(image, quality):
    file = io.BytesIO()
    Image.fromarray(image.squeeze()).save(file, "jpeg", quality=quality)
    return numpy.asarray(Image.open(file)).reshape(image.shape)


def jpeg_twice(image, quality_first, quality_second, shift):
    once = jpeg(image, quality_first)
    moved = numpy.pad(once, [(shift[0], 0), (shift[1], 0), (0, 0)], mode="edge")
    return jpeg(moved, quality_second)[shift[0] :, shift[1] :]


def greyscale(image, share_of_grey):
    return numpy.asarray(ImageEnhance.Color(Image.fromarray(image)).enhance(1 - share_of_grey))


with open(sys.argv[1]) as file:
    cases = json.load(file)
for case in cases:
    function = globals()[case.pop("unit")]
    source, target, shape = case.pop("in"), case.pop("out"), case.pop("shape")
    result = function(numpy.fromfile(source, numpy.uint8).reshape(shape), **case)
    assert result.shape == tuple(shape) and result.dtype == numpy.uint8, function.__name__
    result.tofile(target)
