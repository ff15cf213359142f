"""Puts the last of several units where the first one lies."""

from gallery.row.packer import Row

from portes.packing.protocol import PackedLine, UnitBlock


class Saboteur(Row):
    def layout(self, line: PackedLine, units: int) -> tuple[UnitBlock, ...]:
        if units == 1:
            return super().layout(line, units)
        return *super().layout(line, units - 1), *super().layout(line, 1)


pack = Saboteur()
