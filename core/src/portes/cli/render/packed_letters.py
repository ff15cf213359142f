"""Boxes in a terminal: each seen from above, layer by layer, to scale, its units as letters; 74 columns of ASCII."""

from collections.abc import Iterator, Mapping, Sequence
from string import ascii_letters
from typing import Final

from portes.cli.render import words
from portes.cli.render.packed_boxes import box_rows, carriers_in_words, inside_of
from portes.cli.render.packed_layers import Area, areas_of, cut_at, levels_of, whole_area
from portes.engine.layouts import CarrierPacking
from portes.packing.protocol import PackedParcel, UnitBlock

_WIDTHS: Final = (36, 73)
"""Characters across a box: as few as show every unit, or the most there is room for."""
_MOST_DOWN: Final = 30
"""Lines of a layer."""
_MOST_BOXES: Final = 6
"""Boxes of a packing that are drawn, equal ones once."""
_MOST_LAYERS: Final = 6
"""Layers of one box that are drawn, those that look alike once."""
_MOST_HEIGHTS: Final = 8
"""Heights that are named above a layer."""
_MOST_DRAWN: Final = _WIDTHS[-1] * _MOST_DOWN // 4
"""Units of a block that may find room one by one, four characters each."""


def packing_lines(packing: CarrierPacking, skus: Mapping[int, str]) -> Iterator[str]:
    """A packing line by line: each box, its picture, and the places of its blocks of equal units in mm.

    `skus` are those of the request's lines by position.
    """
    yield f"packed from origin {packing.origin} for {carriers_in_words(packing)}:"
    for number, (packed, row) in enumerate(zip(packing.parcels, box_rows(packing, skus), strict=True)):
        yield f"  {row.pieces} x {row.name}, {row.inside} mm inside, {row.weight}, {row.fill}: {row.lines}"
        if packed.layout and number < _MOST_BOXES:
            yield from (f"    {line}" for line in _letters(packed, skus))
        for block in packed.layout:
            corner, size, counts = (" x ".join(map(str, each)) for each in (block.corner, block.size, block.counts))
            yield f"    {skus[block.line]} at {corner}: {counts} units of {size}"
    left = sum(1 for packed in packing.parcels[_MOST_BOXES:] if packed.layout)
    if left:
        yield f"  {words.many(left, 'kind')} of boxes more not drawn here; --svg draws all"


def _letters(packed: PackedParcel, skus: Mapping[int, str]) -> Iterator[str]:
    """The layers of a box, each with its heights, and what its letters stand for; what is left out is named."""
    layers, left = _layers(packed)
    sheet = _Sheet(packed, [block for blocks in layers for block in blocks])
    held = sorted({block.line for block in packed.layout})
    yield f"seen from above, a character is {sheet.across} mm wide and {2 * sheet.across} mm high"
    yield ", ".join(f"{_letter(line)} = {skus[line]}" for line in held)
    for blocks, levels in layers.items():
        yield _heights(levels)
        yield from sheet.drawn(blocks)
        small = [block for block in blocks if not sheet.areas(block)]
        if small:
            yield f"too small to be drawn: {words.listed(_counted(small, skus))}"
    if left:
        yield f"units begin at {words.many(left, 'height')} more that {'is' if left == 1 else 'are'} not drawn here"


def _layers(packed: PackedParcel) -> tuple[Mapping[tuple[UnitBlock, ...], Sequence[int]], int]:
    """The lowest layers with the heights at which they look alike, and how many heights are left out."""
    layers: dict[tuple[UnitBlock, ...], list[int]] = {}
    levels = levels_of(packed)
    for number, level in enumerate(levels):
        blocks = cut_at(packed, level)
        if blocks not in layers and len(layers) == _MOST_LAYERS:
            return layers, len(levels) - number
        layers.setdefault(blocks, []).append(level)
    return layers, 0


def _heights(levels: Sequence[int]) -> str:
    more = len(levels) - _MOST_HEIGHTS
    named = f"{words.listed(map(str, levels[:_MOST_HEIGHTS]))} mm above the floor"
    return f"{named} and at {words.many(more, 'height')} more:" if more > 0 else f"{named}:"


def _counted(blocks: Sequence[UnitBlock], skus: Mapping[int, str]) -> Iterator[str]:
    units: dict[int, int] = {}
    for block in blocks:
        units[block.line] = units.get(block.line, 0) + block.counts[0] * block.counts[1]
    return (f"{count} x {skus[line]}" for line, count in units.items())


def _letter(line: int) -> str:
    return ascii_letters[(line + 26) % len(ascii_letters)]


class _Sheet:
    """The scale at which a box is drawn: as small as shows each unit by itself, or as large as there is room for."""

    def __init__(self, packed: PackedParcel, blocks: Sequence[UnitBlock]) -> None:
        length, width, _ = inside_of(packed)
        self._inside = length, width
        for columns in _WIDTHS:
            self.across = max(1, -(-length // columns), -(-width // (2 * _MOST_DOWN)))
            if all(self._is_apart(block) for block in blocks):
                break

    def areas(self, block: UnitBlock) -> Sequence[Area]:
        """What is drawn of a block: each unit, all as one where they are too small for that, or nothing."""
        if self._is_apart(block):
            return [*areas_of(block)]
        whole = whole_area(block)
        return [whole] if self._has_room(whole) else []

    def drawn(self, blocks: Sequence[UnitBlock]) -> Iterator[str]:
        """One layer, with the outline of the box around it."""
        right, bottom = self._at((0, 0), self._inside)[2:]
        lines = [[" "] * (right + 1) for _ in range(bottom + 1)]
        self._outline(lines, (0, 0, right, bottom))
        for area in (area for block in blocks for area in self.areas(block)):
            left, top, right, bottom = place = self._at(area.corner, area.size)
            self._outline(lines, place)
            name = _letter(area.line) + (f" x {area.units}" if area.units > 1 else "")
            text = name if len(name) < right - left else name[:1]
            start = left + (right - left - len(text) + 1) // 2
            lines[(top + bottom) // 2][start : start + len(text)] = text
        return ("".join(line).rstrip() for line in lines)

    @staticmethod
    def _outline(lines: list[list[str]], place: tuple[int, int, int, int]) -> None:
        left, top, right, bottom = place
        for row in (top, bottom):
            for column in range(left, right + 1):
                lines[row][column] = "+" if column in {left, right} or lines[row][column] in "|+" else "-"
        for row in range(top + 1, bottom):
            for column in (left, right):
                lines[row][column] = "+" if lines[row][column] in "-+" else "|"

    def _is_apart(self, block: UnitBlock) -> bool:
        """Whether each unit of a block has room of its own; those that nest lie in one another."""
        nests = block.pitch[:2] != block.size[:2]
        many = block.counts[0] * block.counts[1] > _MOST_DRAWN
        return not nests and not many and all(map(self._has_room, areas_of(block)))

    def _has_room(self, area: Area) -> bool:
        """Whether there is a character inside the outline."""
        left, top, right, bottom = self._at(area.corner, area.size)
        return right - left >= 2 and bottom - top >= 2

    def _at(self, corner: tuple[int, int], size: tuple[int, int]) -> tuple[int, int, int, int]:
        """Columns and lines of the left, upper, right and lower edge, each at the nearest character."""
        (x, y), (length, width), down = corner, size, 2 * self.across
        return (
            _nearest(x, self.across),
            _nearest(y, down),
            _nearest(x + length, self.across),
            _nearest(y + width, down),
        )


def _nearest(amount: int, step: int) -> int:
    return (2 * amount + step) // (2 * step)
