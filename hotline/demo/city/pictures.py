"""Small street scenes drawn by program, to stand where a citizen's photograph would."""

import io
import random
from functools import cache

from PIL import Image, ImageDraw, ImageFilter

SIZE = (640, 480)
HORIZON = 250
SCENES = 8


@cache
def scene(number: int) -> bytes:
    """A JPEG of one of `SCENES` street scenes, the same bytes for the same number."""
    rng = random.Random(number)
    picture = _sky(rng)
    draw = ImageDraw.Draw(picture)
    _houses(draw, rng)
    _road(draw, rng)
    _things(draw, rng)
    noise = Image.effect_noise(SIZE, 22).convert("RGB")
    picture = Image.blend(picture.filter(ImageFilter.GaussianBlur(1.1)), noise, 0.08)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=72)
    return out.getvalue()


def _sky(rng: random.Random) -> Image.Image:
    """By day or by night, lighter towards the horizon."""
    top, low = rng.choice((((118, 160, 205), (226, 233, 238)), ((20, 24, 40), (78, 74, 88))))
    column = Image.new("RGB", (1, SIZE[1]))
    for y in range(SIZE[1]):
        share = min(1.0, y / HORIZON)
        mixed = tuple(round(a + (b - a) * share) for a, b in zip(top, low, strict=True))
        column.putpixel((0, y), mixed)
    return column.resize(SIZE)


def _houses(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    x = -20
    while x < SIZE[0]:
        width, height = rng.randint(60, 130), rng.randint(70, 210)
        shade = rng.randint(95, 190)
        draw.rectangle((x, HORIZON - height, x + width, HORIZON + 30), fill=(shade, shade - 8, shade - 20))
        for wx in range(x + 8, x + width - 14, 20):
            for wy in range(HORIZON - height + 10, HORIZON, 24):
                lit = (238, 214, 140) if rng.random() < 0.25 else (60, 70, 82)
                draw.rectangle((wx, wy, wx + 10, wy + 13), fill=lit)
        x += width + rng.randint(0, 12)


def _road(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    draw.rectangle((0, HORIZON + 20, SIZE[0], SIZE[1]), fill=(150, 146, 138))
    draw.polygon([(210, HORIZON + 20), (430, HORIZON + 20), (760, SIZE[1]), (-120, SIZE[1])], fill=(82, 84, 88))
    for step in range(5):
        y = HORIZON + 36 + step * step * 11
        draw.rectangle((316 - step, y, 324 + step, y + 8 + step * 4), fill=(222, 220, 205))
    for _ in range(rng.randint(2, 6)):  # puddles and holes
        x, y = rng.randint(140, 500), rng.randint(HORIZON + 60, SIZE[1] - 30)
        draw.ellipse((x, y, x + rng.randint(30, 110), y + rng.randint(8, 26)), fill=(58, 58, 60))


def _things(draw: ImageDraw.ImageDraw, rng: random.Random) -> None:
    """Stalls, bins and cars along the kerb."""
    for _ in range(rng.randint(4, 9)):
        x, y = rng.randint(0, SIZE[0] - 60), rng.randint(HORIZON + 10, SIZE[1] - 80)
        scale = 0.5 + (y - HORIZON) / 230
        width, height = int(rng.randint(30, 60) * scale), int(rng.randint(20, 50) * scale)
        colour = rng.choice(((176, 52, 44), (40, 84, 140), (46, 110, 70), (205, 160, 60), (110, 108, 112)))
        draw.rectangle((x, y - height, x + width, y), fill=colour)
        draw.ellipse((x + 3, y - 7, x + 13, y + 3), fill=(26, 26, 26))
        draw.ellipse((x + width - 13, y - 7, x + width - 3, y + 3), fill=(26, 26, 26))
