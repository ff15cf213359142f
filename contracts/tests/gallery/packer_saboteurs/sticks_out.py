"""Leaves a millimetre free in the corner."""

from dataclasses import replace

from gallery.row.packer import Row

from portes.packing.protocol import PackedLine, UnitBlock


class Saboteur(Row):
    def layout(self, line: PackedLine, units: int) -> tuple[UnitBlock, ...]:
        return tuple(replace(block, corner=(1, 0, 0)) for block in super().layout(line, units))


pack = Saboteur()
