"""What a channel asks; it knows neither origins nor carriers."""

from typing import Annotated

from pydantic import Field

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
