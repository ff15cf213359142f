"""Leaves the last of several units out."""

from gallery.row.packer import Row

from portes.packing.protocol import PackedLine, UnitBlock


class Saboteur(Row):
    def layout(self, line: PackedLine, units: int) -> tuple[UnitBlock, ...]:
        return super().layout(line, max(1, units - 1))


pack = Saboteur()
