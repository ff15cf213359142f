"""What a random table is made of, in whole grams, cents, cm³ and units, as people think of a tariff."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

PlaceKind = Literal["range", "code", "province", "state", "town", "zone", "country"]
Axis = Literal["weight", "value", "units", "volume"]
Excess = Literal["", "last", "start", "whole"]
"""What each kg above is charged for: nothing, above the last bracket, above a bracket's start, or from the first."""


class Spot(NamedTuple):
    """A place that a lane goes to, by its codes and by what it is called."""

    kind: PlaceKind
    first: str
    last: str
    name: str = ""
    """Of a town or zone."""
    state: str = ""
    """Its code, where it is one, is in one, or is told to be."""
    depth: int = 0
    """How definite it is where places lie in each other."""


class Bracket(NamedTuple):
    """What a lane costs from one border to another, the upper one inclusive."""

    low: int
    up_to: int | None
    """None: no upper border."""
    price: int | None
    """Cents; by the kg where excess is of the whole weight. None: on request."""
    joined: bool
    """Whether its lower border is not its own: the bracket, or the column without a price, below it holds it."""

    @property
    def above(self) -> int:
        """The largest measure that is too small for it."""
        return self.low if self.joined or not self.low else self.low - 1


class Lane(NamedTuple):
    """What one place is charged by one service, from one origin or from anywhere."""

    service: str
    spot: Spot
    origin: tuple[str, str] | None
    days: tuple[int, int]
    brackets: tuple[Bracket, ...]
    per_kg: int = 0
    """Cents for each kg of what the table's excess says."""
    share: int = 0
    """Of the declared value, in hundredths of a percent."""
    least: int = 0
    """The least that the share comes to, in cents."""
    fixed: int = 0
    """Cents for each shipment."""
    per_unit: int = 0
    """Cents for each unit of goods."""
    minimum: int = 0
    """The least that all of it comes to before tax, in cents."""
    tax: int = 0
    """Inside the price, in whole percent."""
    max_volume: int = 0
    """The largest volume in cm³; 0 is none."""


@dataclass(frozen=True)
class RandomTable:
    """A tariff as it was drawn."""

    axis: Axis
    excess: Excess
    lanes: tuple[Lane, ...]
    fills: bool
    """Whether a hole, and what is below the lowest bracket, costs what the next bracket does; else nothing is known."""
    apart: bool
    """Whether borders that touch are printed a step apart, as in `0-10`, `11-20`."""


class Asked(NamedTuple):
    """A shipment that a table is asked about."""

    service: str
    code: str
    origin: str
    grams: int
    value: int | None
    """Cents; None where nobody declared it."""
    units: int
    cm3: int

    def measure(self, axis: Axis) -> int:
        """What the brackets of a table are asked with."""
        return {"weight": self.grams, "value": self.value or 0, "units": self.units, "volume": self.cm3}[axis]


@dataclass(frozen=True)
class Holds:
    """What a format can say; a table is drawn within it."""

    country: str = "BR"
    places: tuple[PlaceKind, ...] = ("range",)
    nested: bool = False
    """Whether places may lie in each other, the more definite one counting where it has a bracket."""
    services: tuple[str, ...] = ("",)
    """What services may be called; one empty name where the format names none."""
    origins: Literal["", "any", "needed"] = ""
    axes: tuple[Axis, ...] = ("weight",)
    step: int = 1
    """Grams that borders of weight are multiples of; a gap no wider than it is one of printing."""
    brackets: Literal["own", "shared", "one"] = "own"
    """Whether each lane has its own borders, all have the same, or there is one bracket for any weight."""
    open_top: bool = False
    """Whether the highest bracket may have no upper border."""
    always_open: bool = False
    holes: bool = True
    apart: bool = False
    on_request: bool = False
    excess: Excess = ""
    days: Literal["span", "one", "five", "none"] = "one"
    """Whether a row states both ends, one number, the operator declares five for all, or there are none."""
    share: bool = False
    least: bool = False
    fixed: bool = False
    per_unit: bool = False
    minimum: bool = False
    tax: bool = False
    max_volume: bool = False
