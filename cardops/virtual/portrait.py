"""The portrait of a person who does not exist, drawn by code."""

import io

from PIL import Image, ImageDraw

_SIZE = (240, 320)


def draw() -> bytes:
    """Return a JPEG of a plain head and shoulders."""
    image = Image.new("L", _SIZE, 225)
    pen = ImageDraw.Draw(image)
    pen.ellipse((20, 215, 220, 430), fill=120)
    pen.rectangle((100, 180, 140, 235), fill=165)
    pen.ellipse((70, 60, 170, 205), fill=175)
    pen.chord((64, 44, 176, 170), 180, 360, fill=70)
    for eye in (98, 132):
        pen.ellipse((eye, 118, eye + 10, 124), fill=50)
    pen.arc((102, 148, 138, 174), 20, 160, fill=80, width=3)
    pen.line((120, 125, 116, 148, 122, 148), fill=120, width=2)
    file = io.BytesIO()
    image.save(file, "JPEG", quality=80)
    return file.getvalue()
