"""Printed characters, from the fonts that Matplotlib carries."""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from scrawl.arrays import Int64, UInt8
from scrawl.training.synthesis.sign_forms import CURRENCY_FORMS
from scrawl.training.synthesis.strokes import CANVAS, written

_FONTS = (
    "DejaVuSans",
    "DejaVuSans-Bold",
    "DejaVuSans-Oblique",
    "DejaVuSansMono",
    "DejaVuSerif",
    "DejaVuSerif-Italic",
    "STIXGeneral",
    "STIXGeneralItalic",
    "cmr10",
    "cmss10",
    "cmtt10",
)
# Letters that could be digits, capital and small, and the forms of them that other scripts have.
_DOUBTFUL = set("OoDQIiJjlZzSsBbGgqyaT")
_LETTERS = "".join(c for c in map(chr, range(65, 123)) if c.isalpha() and c not in _DOUBTFUL)
# Of DejaVu Sans alone: scripts whose letters are seldom like digits, and what is no letter at all.
_RANGES = (
    (0x0410, 0x044F),  # Cyrillic
    (0x0561, 0x0586),  # Armenian
    (0x05D0, 0x05EA),  # Hebrew
    (0x10D0, 0x10F0),  # Georgian
    (0x2200, 0x22FF),  # mathematics
    (0x2190, 0x21FF),  # arrows
    (0x25A0, 0x25FF),  # shapes
    (0x2600, 0x26B0),  # symbols
)
_MARKS = "&@#%?+=*<>{}~$€£"
_LOOKALIKES = set(
    "ОоЗзЧчбвЬьЪъЫыЭэІуУдДТт"
    "օոսզջգշցծչձՙ"
    "ויןסגטםןר"
    "იძვოთფპრმტდ"
    "∣∤∥∫∬∘○●◦◯⌀∅⊘⊖⊙∕∖∠⎪ℓ↑↓↕↿↾⇃⇂⇡⇣❘☉"
    "▪▫■▮▯◊∙•ⵏ"
)


@cache
def _font(name: str, size: int) -> ImageFont.FreeTypeFont:
    import matplotlib

    return ImageFont.truetype(Path(matplotlib.get_data_path()) / f"fonts/ttf/{name}.ttf", size)


def _drawn(character: str, font: str) -> UInt8:
    sheet = Image.new("L", (CANVAS, CANVAS))
    middle = (CANVAS // 2, CANVAS // 2)
    pen = ImageDraw.Draw(sheet)
    left, top, right, bottom = pen.textbbox(middle, character, font=_font(font, 48), anchor="mm")
    # Letters are small and symbols wide: every glyph is drawn 40 pixels high or wide.
    size = max(8, round(48 * 40 / max(right - left, bottom - top, 1)))
    left, top, right, bottom = pen.textbbox((0, 0), character, font=_font(font, size))
    at = (CANVAS - left - right) / 2, (CANVAS - top - bottom) / 2
    pen.text(at, character, font=_font(font, size), fill=255)
    return np.asarray(sheet)


@cache
def printed_digits() -> tuple[UInt8, Int64]:
    """Every digit in every font.

    Returns:
        Ink 255 on 0, shape ``(m, CANVAS, CANVAS)``, and what each is, 0 to 9.
    """
    pictures = [_drawn(str(digit), font) for font in _FONTS for digit in range(10)]
    return np.stack(pictures), np.tile(np.arange(10), len(_FONTS))


@cache
def printed_letters() -> UInt8:
    """Letters and marks that are not like digits, in every font, and symbols of many scripts.

    Returns:
        Ink 255 on 0, shape ``(m, CANVAS, CANVAS)``.
    """
    pictures = [_drawn(letter, font) for font in _FONTS for letter in _LETTERS]
    pictures += [_drawn(mark, font) for font in _FONTS[:5] for mark in _MARKS]
    symbols = {chr(code) for first, last in _RANGES for code in range(first, last + 1)}
    kept = (c for c in sorted(symbols - _LOOKALIKES) if unicodedata.category(c) != "Cn")
    pictures += [_drawn(symbol, _FONTS[0]) for symbol in kept]
    return np.stack([picture for picture in pictures if picture.any()])


@cache
def currency_signs() -> UInt8:
    """Signs of currencies, printed and drawn.

    Returns:
        Ink 255 on 0, shape ``(m, CANVAS, CANVAS)``.
    """
    pictures = [_drawn(sign, font) for font in _FONTS[:7] for sign in "$€£¥"]
    drawn = written(CURRENCY_FORMS, 20 * len(CURRENCY_FORMS), np.random.default_rng(0))
    return np.concatenate([np.stack(pictures), drawn])
