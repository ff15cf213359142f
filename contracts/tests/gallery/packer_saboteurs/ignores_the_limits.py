"""Fills parcels as if every carrier took anything."""

from gallery.row.packer import Row

from portes.packing.protocol import Carton, PackedLine, PackingTask


class Saboteur(Row):
    def within(self, line: PackedLine, units: int, task: PackingTask, carton: Carton | None) -> bool:
        return True


pack = Saboteur()
