"""ImageNet-C-bar in NumPy and SciPy, straight from the formulas, with draws that the caller gives.

    c_bar_reference.py <corruption> <side> <folder>

<folder> holds input.raw (side x side x 3 bytes) and the draws, <kind>_<stream>.raw: uniform and normal ones are
float32, integers int32. Writes level_1.raw .. level_5.raw beside them.
"""
import sys

import numpy as np
from scipy.ndimage import gaussian_filter

IMAGENET = {
    "blue_noise_sample": (0.8, 1.6, 2.4, 4.0, 5.6),
    "brownish_noise": (1, 2, 3, 4, 5),
    "caustic_refraction": (2.35, 3.2, 4.9, 6.6, 9.15),
    "checkerboard_cutout": (2, 3, 4, 5, 6),
    "cocentric_sine_waves": (3, 5, 8, 9, 10),
    "inverse_sparkles": (1, 2, 4, 9, 10),
    "perlin_noise": (4.6, 5.2, 5.8, 7.6, 8.8),
    "plasma_noise": (4.75, 7, 8.5, 9.25, 10),
    "single_frequency_greyscale": (1, 1.5, 2, 4.5, 5),
    "sparkles": (1, 2, 3, 5, 6),
}
CIFAR = {
    "blue_noise_sample": (0.7, 1.4, 2.1, 3.5, 4.2),
    "brownish_noise": (2.5, 4, 5.5, 6.5, 7),
    "checkerboard_cutout": (1, 2, 3, 4, 5),
    "inverse_sparkles": (1, 1.5, 2.5, 4.5, 5),
    "sparkles": (0.7, 3.5, 5.6, 6.3, 7),
}

corruption, side, folder = sys.argv[1], int(sys.argv[2]), sys.argv[3]
image = np.fromfile(folder + "/input.raw", np.uint8).reshape(side, side, 3).astype(np.float64)
rows, columns = np.mgrid[0:side, 0:side].astype(np.float64)


def draws(kind, stream):
    stored = np.int32 if kind == "integers" else np.float32
    values = np.fromfile(f"{folder}/{kind}_{stream}.raw", stored)
    return values.astype(np.int64 if kind == "integers" else np.float64)


def share(t, largest):
    return t * largest / 10


def grey(field):
    return field[:, :, None]


def single_frequency_greyscale(t):
    u = draws("uniform", 0)
    one = np.pi * (2 * u[0] - 1)
    other = abs(one) * (2 * u[1] - 1)
    fx, fy = (other, one) if u[2] < 0.5 else (one, other)
    return image + share(t, 196) * grey(np.sin(columns * fx + rows * fy + 2 * np.pi * u[3]))


def cocentric_sine_waves(t):
    u = draws("uniform", 0)
    dx, dy = columns - u[0] * side, rows - u[1] * side
    radius = np.hypot(dx, dy) + u[3] * side / 10 * np.sin(10 * u[2] * np.arctan2(dx, dy))
    ring = u[4] * side / 10
    return image + share(t, 128) * grey(np.mod(radius, ring) / ring - 0.5)


def plasma_noise(t):
    u, iterations = draws("uniform", 0), draws("integers", 1)[0]
    time, sharpness, scale = 6 * np.pi * u[0], 0.5 + u[1] / 2, (0.075 + 0.125 * u[2]) * side
    x, y = columns / scale, rows / scale
    for n in range(iterations):
        frequency, phase, divisor = 1.93**n, time / 1.15**n, (2.25 - sharpness) ** n
        a = np.cos(y * frequency + phase) / divisor
        b = np.sin(x * frequency + phase) / divisor
        x, y = x + a - 0.3 * b, y + b + 0.3 * a
    noise = np.dstack([np.sin(x - time), np.sin((x + y + np.sin(time)) / 2), np.sin(y + time)])
    return (1 - share(t, 64) / 255) * image + share(t, 64) * noise


def perlin_noise(t):
    steps, partners = draws("integers", 0).reshape(256, 2) / 256, draws("integers", 1)
    gradient = steps / np.linalg.norm(steps, axis=1, keepdims=True)
    table = np.arange(256)
    for place, partner in zip(range(255, -1, -1), partners):
        table[[place, partner]] = table[[partner, place]]

    def noise(y, x):
        cell_y, cell_x = np.floor(y).astype(int), np.floor(x).astype(int)
        fy, fx = y - cell_y, x - cell_x

        def corner(down, right):
            index = table[(table[(cell_y + down) % 256] + cell_x + right) % 256]
            return (fy - down) * gradient[index, 0] + (fx - right) * gradient[index, 1]

        wy, wx = fy**2 * (3 - 2 * fy), fx**2 * (3 - 2 * fx)
        left = corner(0, 0) * (1 - wy) + corner(1, 0) * wy
        right = corner(0, 1) * (1 - wy) + corner(1, 1) * wy
        return 1.5 * (left * (1 - wx) + right * wx)

    spacing = 32 * side / 224
    turbulence = sum(abs(noise(f * rows / spacing, f * columns / spacing)) / f for f in (1, 2, 4, 8, 16))
    mixed = share(t, 0.5)
    return (1 - mixed) * image + 255 * mixed * grey(np.clip(turbulence / 2 + 0.5, 0, 1))


def spectral_noise(amplitude, stream):
    half = 2 * np.pi * draws("uniform", stream).reshape(side, side // 2)
    phase = np.hstack([half, half[::-1, ::-1]])
    distance = np.hypot(rows - side / 2, columns - side / 2)
    noise = np.fft.ifft2(np.fft.ifftshift(amplitude(distance) * np.exp(1j * phase))).real
    return noise / noise.std()


def blue_noise_sample(t):
    return image * grey(spectral_noise(lambda d: d, 0) > share(t, 3) - 2.5)


def brownish_noise(t):
    noise = [spectral_noise(lambda d: 1 / (d * d + 1), stream) for stream in range(3)]
    return image + share(t, 64) * np.dstack(noise)


def checkerboard_cutout(t):
    u = draws("uniform", 0)
    angle, field = 2 * np.pi * u[0], (0.1 + 0.15 * u[1]) * side
    fields = int(4 * side // field)
    grid = draws("uniform", 1)[: fields * fields].reshape(fields, fields)
    a = (np.cos(angle) * rows + np.sin(angle) * columns) / field
    b = (np.cos(angle) * columns - np.sin(angle) * rows) / field
    black = np.mod(a, 2).astype(int) == np.mod(b, 2).astype(int)
    cut = black & (grid[a.astype(int), b.astype(int)] < share(t, 1))  # towards zero; negative numbers count from behind
    return np.where(grey(cut), 128.0, image)


def burst(centre, lengths, exponent):
    dy, dx = rows - centre[0], columns - centre[1]
    place = (np.arctan2(dx, dy) + np.pi) / (2 * np.pi) * len(lengths)
    ray = place.astype(int)
    f = place - ray
    length = (1 - f) * lengths[ray % len(lengths)] + f * lengths[(ray + 1) % len(lengths)]
    falloff = (length**2 / (dy**2 + dx**2 + 1e-4)) ** exponent
    return grey(np.clip((1 - (f - 0.5) ** 2) * falloff, 0, 1))


def sparkles(t):
    centres, rays = draws("uniform", 0).reshape(5, 2) * side, draws("integers", 1)
    normal = draws("normal", 2).reshape(5, 200)
    radius = share(t, 0.1) * side
    out = image
    for centre, count, z in zip(centres, rays, normal):
        light = burst(centre, np.maximum(1, radius * (1 + 0.25 * z[:count])), 1)
        out = out + light * (255 - out)
    return out


def inverse_sparkles(t):
    centre, count = (0.25 + draws("uniform", 0) / 2) * side, draws("integers", 1)[0]
    lengths = 0.25 * side * (1 + 0.25 * draws("normal", 2)[:count])
    return 255 + burst(centre, lengths, share(t, 65) / 50) * (image - 255)


def caustic_pattern(time, size):
    py, px = (np.mod(at / size, 1) * 6.28318530718 - 250 for at in (rows, columns))
    iy, ix = py, px
    total = np.ones_like(py)
    for n in range(5):
        w = time * (1 - 3.5 / (n + 1))
        iy, ix = py + np.cos(w - iy) + np.sin(w + ix), px + np.sin(w - ix) + np.cos(w + iy)
        total = total + 1 / np.hypot(py * 0.005 / np.sin(iy + w), px * 0.005 / np.cos(ix + w))
    return np.clip(abs(1.17 - (total / 5) ** 1.4) ** 8, 0, 1)


def sample(y, x):
    """Bilinear, black outside."""
    padded = np.pad(image.astype(np.float32) / np.float32(255), ((1, 1), (1, 1), (0, 0))).astype(np.float64)
    top, left = np.floor(y).astype(int), np.floor(x).astype(int)
    fy, fx = grey(y - top), grey(x - left)

    def at(down, right):
        return padded[np.clip(top + down + 1, 0, side + 1), np.clip(left + right + 1, 0, side + 1)]

    return (at(0, 0) * (1 - fx) + at(0, 1) * fx) * (1 - fy) + (at(1, 0) * (1 - fx) + at(1, 1) * fx) * fy


def caustic_refraction(t):
    u = draws("uniform", 0)
    water = np.pad(gaussian_filter(caustic_pattern(0.5 + 1.5 * u[0], (0.75 + u[1] / 2) * side), 1), 1)
    down, right = water[2:, 1:-1] - water[:-2, 1:-1], water[1:-1, 2:] - water[1:-1, :-2]
    normal = np.stack([down, right, np.ones_like(down)], axis=2)
    normal /= np.linalg.norm(normal, axis=2, keepdims=True)
    # Snell's law with vectors: the part of the ray along the surface shrinks to a quarter.
    view = np.array([0.0, 0.0, 1.0])
    cosine = normal[:, :, 2:]
    tangent = (view - cosine * normal) / 4
    ray = np.sqrt(1 - (tangent**2).sum(axis=2, keepdims=True)) * normal
    ray = np.where(cosine >= 1 - 1e-3, view, ray + tangent)
    moved = np.round(ray * share(t, 0.5 * side), 3)
    light = share(t, 2) * (down - right)
    return 255 * np.clip(sample(rows + moved[:, :, 0], columns + moved[:, :, 1]) + grey(light), 0, 1)


table = CIFAR if side == 32 and corruption in CIFAR else IMAGENET
for level, severity in enumerate(table[corruption], 1):
    out = np.clip(globals()[corruption](severity), 0, 255).astype(np.uint8)
    out.tofile(f"{folder}/level_{level}.raw")
