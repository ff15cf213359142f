"""The fields of a row that a column of a mapping may be, each with its reader and what a blank means."""

from typing import Any, Final, NamedTuple

from portes.tables.protocol import NO_LIMIT, Axis
from portes.tables.reading.cells import Cells, Reader
from portes.tables.reading.columns import REQUIRED


class MappedField(NamedTuple):
    """A field: how its cells are read, and what a blank cell means unless the mapping says otherwise."""

    read: Reader
    blank: Any = REQUIRED
    number: bool = False


FIELDS: Final = {
    "service": MappedField(Cells.text, ""),
    "postal_from": MappedField(Cells.postal_code),
    "postal_to": MappedField(Cells.postal_code),
    "postal_range": MappedField(Cells.postal_range),
    "zone": MappedField(Cells.text, ""),
    "state": MappedField(Cells.text, ""),
    "region": MappedField(Cells.text, ""),
    "town": MappedField(Cells.text, ""),
    "origin_from": MappedField(Cells.postal_code, ""),
    "origin_to": MappedField(Cells.postal_code, ""),
    "weight_from": MappedField(Cells.weight, number=True),
    "weight_to": MappedField(Cells.weight, NO_LIMIT, number=True),
    "value_from": MappedField(Cells.value_border, number=True),
    "value_to": MappedField(Cells.value_border, NO_LIMIT, number=True),
    "units_from": MappedField(Cells.unit_border, number=True),
    "units_to": MappedField(Cells.unit_border, NO_LIMIT, number=True),
    "volume_from": MappedField(Cells.volume_border, number=True),
    "volume_to": MappedField(Cells.volume_border, NO_LIMIT, number=True),
    "price": MappedField(Cells.base_price, number=True),
    "excess_weight": MappedField(Cells.per_kg, 0, number=True),
    "extra_from": MappedField(Cells.weight, None, number=True),
    "minimum": MappedField(Cells.price, 0, number=True),
    "tax": MappedField(Cells.percent, -1, number=True),
    "max_volume": MappedField(Cells.volume, 0, number=True),
    "days_min": MappedField(Cells.days, None),
    "days_max": MappedField(Cells.day_span),
}
"""By our own word for each, as in the format `plain`."""

AXES: Final[tuple[Axis, ...]] = ("weight", "value", "units", "volume")
PLACE_NAMES: Final = ("zone", "state", "region", "town")
BY_WEIGHT: Final = frozenset(["weight_from", "weight_to", "extra_from"])
"""Fields that are read in the table's unit of weights."""


def _blanks() -> dict[str, Any]:
    required = {name: "" if name in _WORDS else None for name in FIELDS}
    return {name: required[name] if field.blank is REQUIRED else field.blank for name, field in FIELDS.items()}


_WORDS: Final = ("service", "postal_from", "postal_to")
BLANKS: Final = _blanks()
"""What a field means that neither a column nor a default states."""
