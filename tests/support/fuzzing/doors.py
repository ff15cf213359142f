"""Every door there is, by name."""

from fuzzing.amounts import MeasuresDoor, MoneyDoor
from fuzzing.door import Door
from fuzzing.questions import NativeDoor, NetshoesDoor
from fuzzing.tables import PlainDoor, VtexDoor

_ALL: tuple[type[Door], ...] = (NetshoesDoor, NativeDoor, MoneyDoor, MeasuresDoor, PlainDoor, VtexDoor)

DOORS = {door.name: door for door in _ALL}
