"""Every door there is, by name."""

from fuzzing.amounts import MeasuresDoor, MoneyDoor
from fuzzing.answers import AnswersDoor
from fuzzing.calls import CallsDoor
from fuzzing.catalogues import CatalogueDoor
from fuzzing.door import Door
from fuzzing.questions import NativeDoor, NetshoesDoor
from fuzzing.stores import SettingsDoor
from fuzzing.tables import PlainDoor, VtexDoor
from fuzzing.wires import WiresDoor
from fuzzing.workbooks import WorkbookDoor

_ALL: tuple[type[Door], ...] = (
    NetshoesDoor,
    NativeDoor,
    MoneyDoor,
    MeasuresDoor,
    PlainDoor,
    VtexDoor,
    WorkbookDoor,
    CatalogueDoor,
    SettingsDoor,
    WiresDoor,
    AnswersDoor,
    CallsDoor,
)

DOORS = {door.name: door for door in _ALL}
