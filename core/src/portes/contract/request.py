"""What a channel asks; it knows neither origins nor carriers."""

from typing import Annotated, Literal

from pydantic import Field

from portes.contract.base import Noun, ShortText, Text, Truth
from portes.contract.bounds import MOST_LINES
from portes.contract.goods import Line
from portes.contract.money import Currency
from portes.contract.places import Place
from portes.contract.timing import CalendarName

Grouping = Literal["each", "together"]
"""Whether every line is a shipment of its own, or all lines of an origin leave in one."""


class QuoteRequest(Noun):
    """One question: what does it cost, and how long does it take, to send these lines there?"""

    id: ShortText = ""
    """The asker's own id, echoed; it may be missing or repeat."""
    channel: Text
    storefront: ShortText = ""
    """The marketplace's catalogue or shop code; empty when the channel has none."""
    store: Text
    destination: Place
    lines: Annotated[tuple[Line, ...], Field(min_length=1, max_length=MOST_LINES)]
    """Duplicate SKUs are separate lines; each is answered, in order. What one does not tell, the catalogue has to."""
    currency: Currency
    calendar: CalendarName | None = None
    """Whose business days the asker counts (`BR`); those of the store's country when it does not say."""
    grouping: Grouping | None = None
    """How the lines leave; as the store's setting `lines` says when the asker does not."""
    answered_apart: Truth = False
    """Whether a line is offered what it has, whatever the others have; otherwise only delivery types of all lines."""

    def model_post_init(self, _context: object, /) -> None:
        """Check once, when it is made: a validator would run again each time it is put into another noun."""
        for position, item in enumerate(self.lines):
            if item.declared_value is not None and item.declared_value.currency != self.currency:
                msg = f"lines.{position}.declared_value is in {item.declared_value.currency}, not in {self.currency}"
                raise ValueError(msg)
