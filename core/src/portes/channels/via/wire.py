"""What travels between Via and a seller, and the rules for it.

Source: public implementations of the first version of the contract; the platform's own pages are not public as a whole.
"""

from typing import Annotated, Final

from pydantic import Field

from portes.channels.cart import JsonNumber
from portes.channels.reading import ReplyModel, WireModel
from portes.contract.bounds import MOST_LINES, MOST_QUANTITY

FIELDS: Final = {
    "destination": "zipCode",
    "lines": "skuId",
    "lines.*": "skuId.*",
    "lines.*.sku": "skuId.*",
    "lines.*.quantity": "skuId.*",
}
"""What the contract calls the fields of a question to us; an entry of `skuId` by its position."""

ENTRY_FIX: Final = f"write SKU and quantity as RB-1,2, the quantity a whole number from 1, at most {MOST_QUANTITY}"
FIXES: Final = {
    "skuId": f"write SKU,quantity of each line, parted by |, such as RB-1,1|RB-2,2; at most {MOST_LINES}",
    "zipCode": "write the CEP of 8 digits, such as 88010000",
}


class ViaRequest(WireModel):
    """The parameters of a question."""

    skuId: Annotated[str, Field(min_length=1, examples=["RB-1,1|RB-2,2"])]  # noqa: N815 -- the contract's own name
    """Of each line the SKU and, after a comma, how many; lines are parted by `|`."""
    zipCode: str  # noqa: N815 -- the contract's own name
    """The destination's CEP."""


class ViaLine(ReplyModel):
    """The freight of one SKU: its cheapest."""

    skuIdOrigin: Annotated[str, Field(min_length=1)]  # noqa: N815 -- the contract's own name
    """The SKU as it was asked."""
    quantity: Annotated[int, Field(ge=1)]
    freightAmount: Annotated[JsonNumber, Field(ge=0)]  # noqa: N815 -- the contract's own name
    """Reais; 0 is free."""
    deliveryTime: Annotated[int, Field(ge=0)]  # noqa: N815 -- the contract's own name
    """Business days, at most."""
    freightType: Annotated[str, Field(min_length=1)]  # noqa: N815 -- the contract's own name


class ViaReply(ReplyModel):
    """An answer with status 200; an empty list says that it is not delivered there."""

    freights: list[ViaLine]
    freightAdditionalInfo: Annotated[str, Field(min_length=1)] | None = None  # noqa: N815 -- the contract's own name
    """Comes back in the order."""
    sellerMpToken: Annotated[str, Field(min_length=1)] | None = None  # noqa: N815 -- the contract's own name
    """The seller's own token."""
