"""Draws scene.png, the picture of the contact sheets: a made landscape of 360 x 360 px, free of anybody's rights.

    python3 make_scene.py
"""
import numpy as np
from PIL import Image, ImageDraw, ImageFilter

side = 720  # drawn twice as large, then averaged
rng = np.random.default_rng(3)


def ridge(base, height, waves):
    x = np.arange(side)
    line = sum(a * np.sin(2 * np.pi * f * x / side + p) for a, f, p in waves)
    return [(0, side)] + [(int(i), float(base - height * v)) for i, v in zip(x, line)] + [(side, side)]


def octaves(cells):
    total = np.zeros((side, side))
    for octave in range(5):
        n = cells * 2**octave
        grid = Image.fromarray((rng.random((n, n)) * 255).astype(np.uint8)).resize((side, side), Image.BICUBIC)
        total += np.asarray(grid, float) / 255 / 2**octave
    return total / total.max()


y = np.linspace(0, 1, side)[:, None, None]
sky = (1 - y) * np.array([70, 120, 200]) + y * np.array([250, 215, 170])
clouds = np.clip((octaves(4) - 0.62) * 4, 0, 1)[:, :, None]
picture = Image.fromarray(np.clip(sky * (1 - clouds) + 250 * clouds, 0, 255).astype(np.uint8))
draw = ImageDraw.Draw(picture)
draw.ellipse((520, 60, 630, 170), fill=(255, 236, 150))
draw.polygon(ridge(430, 70, [(1, 1.3, 0.4), (0.6, 2.9, 1), (0.25, 7, 2)]), fill=(96, 110, 140))
draw.polygon(ridge(510, 45, [(1, 1.1, 2.4), (0.4, 3.7, 0)]), fill=(74, 122, 78))
draw.polygon(ridge(590, 25, [(1, 0.9, 4.2), (0.3, 4.3, 1)]), fill=(110, 158, 72))
draw.polygon([(330, 720), (400, 600), (424, 600), (520, 720)], fill=(190, 168, 130))
draw.rectangle((120, 440, 300, 590), fill=(206, 84, 62))
draw.polygon([(100, 445), (210, 350), (320, 445)], fill=(92, 52, 44))
for left in (145, 230):
    draw.rectangle((left, 475, left + 42, 520), fill=(240, 232, 180), outline=(60, 40, 36), width=5)
draw.rectangle((190, 525, 226, 590), fill=(72, 44, 36))
for x, size in ((560, 120), (640, 80), (470, 60)):
    draw.rectangle((x - 7, 590 - size // 2, x + 7, 610), fill=(84, 58, 40))
    for k in range(60):
        dx, dy = rng.normal(0, size / 3.2, 2)
        r = rng.uniform(size / 9, size / 4.5)
        shade = rng.integers(-25, 30)
        draw.ellipse((x + dx - r, 560 - size * 0.75 + dy - r, x + dx + r, 560 - size * 0.75 + dy + r),
                     fill=(44 + shade, 104 + shade, 46 + shade // 2))
for k in range(140):
    x, depth = rng.integers(0, side), rng.uniform(0, 1)
    draw.ellipse((x, 620 + 95 * depth, x + 5 + 5 * depth, 625 + 100 * depth),
                 fill=tuple(int(v) for v in rng.choice([[236, 70, 80], [250, 220, 60], [240, 240, 250]])))
grain = 1 + 0.10 * (octaves(60)[:, :, None] - 0.5)
picture = Image.fromarray(np.clip(np.asarray(picture.filter(ImageFilter.GaussianBlur(1))) * grain, 0, 255).astype(np.uint8))
picture.resize((360, 360), Image.BOX).save("scene.png", optimize=True)
