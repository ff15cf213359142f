"""What a channel asks; it knows neither origins nor carriers."""

from typing import Annotated, Self

from pydantic import Field, model_validator

from portes.contract._noun import Noun, Text
from portes.contract.goods import Item
from portes.contract.money import Currency
from portes.contract.places import Place


class QuoteRequest(Noun):
    """One question: what does it cost, and how long does it take, to send these lines there?"""

    id: str = ""
    """The asker's own id, echoed; it may be missing or repeat."""
    channel: Text
    storefront: str = ""
    """The marketplace's catalogue or shop code; empty when the channel has none."""
    store: Text
    destination: Place
    lines: Annotated[tuple[Item, ...], Field(min_length=1)]
    """Duplicate SKUs are separate lines; each is answered, in order."""
    currency: Currency

    @model_validator(mode="after")
    def _declares_values_in_its_currency(self) -> Self:
        for position, item in enumerate(self.lines):
            if item.declared_value is not None and item.declared_value.currency != self.currency:
                msg = f"lines.{position}.declared_value is in {item.declared_value.currency}, not in {self.currency}"
                raise ValueError(msg)
        return self
