"""A QR code as SVG: for a page, without style or script, and for a letter."""

import segno


def svg(text: str, *, title: str = "") -> str:
    """A square SVG that scales to its box, black on white whatever the theme; medium error correction."""
    code = segno.make(text, error="m", micro=False)
    made: str = code.svg_inline(border=2, dark="#000", light="#fff", omitsize=True, title=title or None)
    return made
