"""What Correios is asked, as values: prices of pieces and times of lanes; it knows no wire word and no answer."""

from datetime import date
from typing import NamedTuple

from portes_correios_br.services import Piece


class Lane(NamedTuple):
    """From where to where, and when."""

    origin: str
    destination: str
    """Both CEPs of eight digits."""
    day: date | None
    """The dispatch date, where it is told to Correios."""


class PriceQuestion(NamedTuple):
    """What one piece costs by one product."""

    product: str
    lane: Lane
    piece: Piece

    @property
    def value(self) -> int | None:
        """The declared value in centavos; None where none is declared."""
        return self.piece.value


class TimeQuestion(NamedTuple):
    """How long one product takes on one lane."""

    product: str
    lane: Lane

    @property
    def value(self) -> None:
        """Nothing: a time knows no declared value."""
        return


Question = PriceQuestion | TimeQuestion

__all__ = ["Lane", "PriceQuestion", "Question", "TimeQuestion"]
