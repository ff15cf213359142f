"""The boxes of a cart as rows: what each is, weighs, holds, and how full it is."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from portes.cli.render import words
from portes.engine.layouts import CarrierPacking
from portes.packing.protocol import PackedParcel


class BoxRow(NamedTuple):
    """One kind of box of a packing, in words."""

    name: str
    """The carton's code; what stands for one where the store's are not used."""
    pieces: str
    inside: str
    """Millimetres of the room that goods may fill."""
    weight: str
    fill: str
    """The share of the inside that goods fill; `sums` where nothing is placed."""
    lines: str


def box_rows(packing: CarrierPacking, skus: Mapping[int, str]) -> list[BoxRow]:
    """The boxes of a packing, equal ones counted; `skus` are those of the request's lines by position."""
    return [_row(packed, skus) for packed in packing.parcels]


def carriers_in_words(packing: CarrierPacking) -> str:
    """The carriers of a packing, each with its services: `road (economy, express)`."""
    return ", ".join(f"{key} ({', '.join(services)})" for key, services in packing.carriers)


def inside_of(packed: PackedParcel) -> tuple[int, int, int]:
    """Millimetres along x, y and z of the room in which the goods of a parcel lie."""
    size = packed.carton.inside if packed.carton else packed.parcel.size
    return size.length, size.width, size.height


def units_by_line(packed: PackedParcel) -> dict[int, int]:
    """How many units of each line one piece holds, by the line's position; empty where nothing is placed."""
    units: dict[int, int] = {}
    for block in packed.layout:
        units[block.line] = units.get(block.line, 0) + block.units
    return units


def fill_of(packed: PackedParcel) -> int | None:
    """Percent of the inside that the goods fill, rounded down; None where nothing is placed or nothing has room."""
    length, width, height = inside_of(packed)
    room = length * width * height
    if not packed.layout or not room:
        return None
    filled = sum(x * y * z for x, y, z in (block.extent for block in packed.layout))
    return 100 * filled // room


def packing_json(packing: CarrierPacking, skus: Mapping[int, str]) -> dict[str, Any]:
    """A packing as `portes pack --json` prints it; lengths in mm, weights in g, costs in minor units."""
    return {
        "origin": packing.origin,
        "carriers": {key: list(services) for key, services in packing.carriers},
        "boxes": [_box_json(packed, skus) for packed in packing.parcels],
    }


def _box_json(packed: PackedParcel, skus: Mapping[int, str]) -> dict[str, Any]:
    parcel, carton = packed.parcel, packed.carton
    return {
        "carton": carton.code if carton else None,
        "cost": carton.cost if carton else 0,
        "count": parcel.count,
        "volumes": parcel.volumes,
        "inside": list(inside_of(packed)),
        "outside": [parcel.size.length, parcel.size.width, parcel.size.height],
        "weight": parcel.weight,
        "units": parcel.units,
        "fill_percent": fill_of(packed),
        "lines": [{"line": line, "sku": skus[line], "units": units} for line, units in units_by_line(packed).items()]
        or [{"line": line, "sku": skus[line], "units": None} for line in parcel.lines],
        "layout": [
            {
                "line": block.line,
                "corner": list(block.corner),
                "size": list(block.size),
                "counts": list(block.counts),
                "pitch": list(block.pitch),
            }
            for block in packed.layout
        ],
    }


def _row(packed: PackedParcel, skus: Mapping[int, str]) -> BoxRow:
    parcel, fill = packed.parcel, fill_of(packed)
    return BoxRow(
        name=_name(packed),
        pieces=str(parcel.count),
        inside=" x ".join(map(str, inside_of(packed))),
        weight=f"{parcel.weight} g",
        fill="sums" if not packed.layout else "" if fill is None else f"{fill} %",
        lines=", ".join(_held(packed, skus)),
    )


def _name(packed: PackedParcel) -> str:
    if packed.carton:
        return packed.carton.code
    return "no carton" if packed.layout else f"{words.many(packed.parcel.volumes, 'volume')} in all"


def _held(packed: PackedParcel, skus: Mapping[int, str]) -> Sequence[str]:
    units = units_by_line(packed)
    if units:
        return [f"{count} x {skus[line]}" for line, count in sorted(units.items())]
    return [skus[line] for line in packed.parcel.lines]
