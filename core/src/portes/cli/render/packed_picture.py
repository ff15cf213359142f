"""Boxes as a picture: each seen from above, layer by layer, the units in their places; plain SVG, words escaped."""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Final, NamedTuple

from portes.cli.render import words
from portes.cli.render.packed_boxes import box_rows, carriers_in_words, inside_of
from portes.cli.render.packed_layers import areas_of, cut_at, levels_of, whole_area
from portes.engine.layouts import CarrierPacking
from portes.errors import escaped
from portes.files import replace_atomically
from portes.packing.protocol import PackedParcel

_COLOURS: Final = ("#8ecae6", "#ffb703", "#a3b18a", "#e5989b", "#b8a1d9", "#f4a261", "#90be6d", "#d4a373")
_PANEL: Final = 220
"""Points of the longer side of a layer."""
_GAP: Final = 24
_LINE: Final = 18
_ACROSS: Final = 4
"""Layers beside each other."""
_MOST_LAYERS: Final = 40
"""Layers of one box that are drawn; a sentence says how many there are besides."""
_MOST_DRAWN: Final = 2_000
"""Units of a block that are drawn one by one; a block of more is one rectangle."""


class _Figure(NamedTuple):
    """Lines of SVG, and how many points high they are together."""

    lines: list[str]
    height: int


def draw(file: Path, packings: Sequence[CarrierPacking], skus: Mapping[int, str]) -> str:
    """Write the picture of all boxes of some packings, and say so; `skus` by position of the request's line."""
    replace_atomically(file, _picture(packings, skus).encode(), mode=0o644)
    return f"Drawn in {escaped(str(file))}."


def _picture(packings: Sequence[CarrierPacking], skus: Mapping[int, str]) -> str:
    lines: list[str] = []
    top = _GAP
    for packing in packings:
        lines.append(_words(_GAP, top, f"origin {packing.origin}: {carriers_in_words(packing)}", bold=True))
        top += _LINE
        for packed, row in zip(packing.parcels, box_rows(packing, skus), strict=True):
            head = f"{row.pieces} x {row.name}, inside {row.inside} mm, {row.weight}, {row.fill}: {row.lines}"
            lines.append(_words(_GAP, top, head))
            drawing = _box(packed, skus, top + _LINE // 2)
            lines += drawing.lines
            top += _LINE // 2 + drawing.height + _GAP
    width = _GAP + _ACROSS * (_PANEL + _GAP)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {top}" width="{width}" height="{top}"'
    style = ' font-family="sans-serif" font-size="12">'
    return "\n".join([head + style, f'<rect width="{width}" height="{top}" fill="white"/>', *lines, "</svg>", ""])


def _box(packed: PackedParcel, skus: Mapping[int, str], top: int) -> _Figure:
    if not packed.layout:
        return _Figure([_words(_GAP, top + _LINE, "sums: nothing is placed")], _LINE)
    length, width, _ = inside_of(packed)
    scale = _PANEL / max(length, width, 1)
    levels = levels_of(packed)
    lines: list[str] = []
    panel = round(width * scale) + _LINE
    for number, level in enumerate(levels[:_MOST_LAYERS]):
        down, along = divmod(number, _ACROSS)
        left, upper = _GAP + along * (_PANEL + _GAP), top + down * (panel + _GAP)
        lines.append(_words(left, upper + _LINE - 4, f"{level} mm above the floor"))
        lines.append(f'<g transform="translate({left} {upper + _LINE})">')
        lines += [*_layer(packed, level, scale, skus), _rectangle((0, 0, length, width), scale, "none", ""), "</g>"]
    rows = -(-min(len(levels), _MOST_LAYERS) // _ACROSS)
    height = rows * (panel + _GAP)
    if len(levels) > _MOST_LAYERS:
        more = words.many(len(levels) - _MOST_LAYERS, "layer")
        lines.append(_words(_GAP, top + height + _LINE, f"and {more} more"))
        height += _LINE
    return _Figure(lines, height)


def _layer(packed: PackedParcel, level: int, scale: float, skus: Mapping[int, str]) -> Iterator[str]:
    for block in cut_at(packed, level):
        colour, title = _COLOURS[block.line % len(_COLOURS)], skus[block.line]
        many = block.counts[0] * block.counts[1] > _MOST_DRAWN
        for area in [whole_area(block)] if many else areas_of(block):
            yield _rectangle((*area.corner, *area.size), scale, colour, title)


def _rectangle(place: tuple[int, int, int, int], scale: float, colour: str, title: str) -> str:
    x, y, length, width = (f"{number * scale:.1f}" for number in place)
    shape = f'<rect x="{x}" y="{y}" width="{length}" height="{width}" fill="{colour}" stroke="#333"'
    return f"{shape}><title>{_text(title)}</title></rect>" if title else f"{shape}/>"


def _words(left: int, top: int, text: str, *, bold: bool = False) -> str:
    weight = ' font-weight="bold"' if bold else ""
    return f'<text x="{left}" y="{top}"{weight}>{_text(text)}</text>'


def _text(text: str) -> str:
    return escape(escaped(text))
