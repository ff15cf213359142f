"""Who is asked, about what, and what may come back; postal codes are canonical text as in `Place`."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol


class LanePoint(NamedTuple):
    """One question: a destination and a weight."""

    postal_code: str
    weight: int
    """In grams."""


class LanePrice(NamedTuple):
    """What one service asks and promises for a point."""

    price: int
    """In minor units."""
    days_min: int
    """Business days."""
    days_max: int


Outcome = LanePrice | None
"""What is known of a service at a point: its price, or None where it is refused."""

LaneAnswer = Mapping[str, Outcome]
"""By service, such as `normal`; one that is missing could not be found out, and is asked for again."""


class Oracle(Protocol):
    """Who can be asked what a shipment to a point costs."""

    def ask(self, points: Sequence[LanePoint]) -> Sequence[LaneAnswer | None]:
        """An answer for each point, in order; None for one that could not be found out. No point comes twice in one."""
        ...
