"""Tells the weight of the goods alone."""

from gallery.row.packer import Row

from portes.contract import Parcel
from portes.packing.protocol import Carton, PackedLine


class Saboteur(Row):
    def told(self, line: PackedLine, units: int, carton: Carton | None, count: int = 1) -> Parcel:
        parcel = super().told(line, units, carton, count)
        return parcel.model_copy(update={"weight": parcel.weight - (carton.weight if carton else 0)})


pack = Saboteur()
