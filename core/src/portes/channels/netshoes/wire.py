"""What travels between Netshoes and a seller, and the rules for it.

Source: the marketplace's developer page "API de Frete" (requests, replies, patterns, business rules).
"""

import re
from collections.abc import Collection, Iterator
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel
from pydantic_core import to_json

from portes.contract import DeliveryType, QuoteRequest
from portes.contract.bounds import HEAVIEST_UNIT, LONGEST_NAME, MOST_LINES, MOST_QUANTITY

FREIGHT_TYPES: Final = {DeliveryType.NORMAL: "NORMAL", DeliveryType.EXPRESS: "EXPRESSA"}
"""The texts of `freightType` that the page prints. It names "Super expressa" too, but nowhere as JSON."""

FIELDS: Final = {
    "id": "id",
    "storefront": "catalogCode",
    "destination": "zipCode",
    "lines": "products",
    "lines.*": "products.*",
    "lines.*.sku": "products.*.skuCode",
    "lines.*.quantity": "products.*.quantity",
    "lines.*.weight": "products.*.weight",
    "lines.*.size.length": "products.*.length",
    "lines.*.size.width": "products.*.width",
    "lines.*.size.height": "products.*.height",
    "lines.*.pre_sale": "products.*.preSale",
}
"""What the page calls the fields of a question to us."""

LONGEST_ID: Final = LONGEST_NAME
"""Characters of an id that is still echoed; the page sets no limit."""

_ID: Final = rf"^[A-Za-z0-9-]{{1,{LONGEST_ID}}}$"
_ECHOABLE: Final = re.compile(_ID)

_Sku = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]+$", max_length=LONGEST_NAME)]
_ZipCode = Annotated[str, Field(pattern=r"^[0-9]{8}$")]
_Measure = Annotated[float, Field(ge=0, le=HEAVIEST_UNIT)]
"""The most that any unit of measure may come to; how much less is meant depends on the unit that is set."""
_Natural = Annotated[int, Field(ge=0)]


class _Wire(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, strict=True, allow_inf_nan=False)


class NetshoesProduct(_Wire):
    """One SKU of a question; measures are of one unit."""

    sku_code: _Sku
    """The seller's own SKU."""
    quantity: Annotated[float, Field(ge=1, le=MOST_QUANTITY, multiple_of=1)]
    """Units; the page says "number", so 2.0 counts as 2."""
    weight: _Measure
    """Kilograms, of one unit."""
    width: _Measure
    """Centimetres, of one unit."""
    height: _Measure
    """Centimetres, of one unit."""
    length: _Measure
    """Centimetres, of one unit."""
    pre_sale: bool


class NetshoesRequest(_Wire):
    """A question, as documented; fields the page does not have are ignored."""

    zip_code: _ZipCode
    """The destination's CEP, as text: it may start with 0."""
    catalog_code: Annotated[str, Field(pattern=r"^[A-Za-z0-9_]+$", max_length=LONGEST_NAME)]
    """Which of the marketplace's shops asks."""
    id: Any = None
    """The marketplace's id of the question. The page's table lacks it, so anything is taken."""
    products: Annotated[list[NetshoesProduct], Field(min_length=1, max_length=MOST_LINES)]


class _ReplyPart(_Wire):
    model_config = ConfigDict(extra="forbid")


class NetshoesOption(_ReplyPart):
    """One way to have a SKU delivered."""

    delivery_min_hh: Annotated[_Natural, Field(alias="deliveryMinHH")]
    """Hours: 24 for each business day."""
    delivery_max_hh: Annotated[_Natural, Field(alias="deliveryMaxHH")]
    """Hours: 24 for each business day."""
    freight_type: Annotated[str, Field(min_length=1)]
    """`NORMAL`, `EXPRESSA`, or the text that the setting `super_express_text` gives."""
    price_in_cents: _Natural
    carrier_id: _Natural
    carrier_name: Annotated[str, Field(pattern=r"^[A-Za-z0-9-]+$")]
    origin_ware_house_id: _Natural
    """The capital H stands in the page."""


class NetshoesLine(_ReplyPart):
    """The options of one SKU."""

    sku_code: _Sku
    delivery_options: Annotated[list[NetshoesOption], Field(min_length=1)]
    """One per freight type."""


class NetshoesReply(_ReplyPart):
    """An answer with status 200."""

    id: Annotated[str, Field(pattern=_ID)] = ""
    """The id of the question; left out when it had none of this form."""
    zip_code: _ZipCode
    shipping_quotes: list[NetshoesLine]
    """One entry per product asked, in order; empty when any of them cannot be delivered."""

    def to_json(self) -> bytes:
        """The bytes that are sent; an empty id is left out of them."""
        return to_json(self, by_alias=True, exclude=None if self.id else {"id"})


class BrokenReplyError(ValueError):
    """A reply that breaks the page's rules: `faults` holds one text for each broken rule."""

    def __init__(self, faults: Collection[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = list(faults)


def echo(question: QuoteRequest) -> dict[str, str]:
    """The part of its question that an answer repeats, by field; an id that the page does not allow is left out."""
    named = {"id": question.id} if _ECHOABLE.fullmatch(question.id) else {}
    return {**named, "zipCode": question.destination.postal_code}


def make_reply(
    body: object,
    *,
    question: QuoteRequest | None = None,
    freight_types: Collection[str] = tuple(FREIGHT_TYPES.values()),
) -> NetshoesReply:
    """The reply that these values, or parsed JSON, make, once it keeps every rule of the page.

    With the `question`, id and CEP must be its own, and the lines those asked, in order. `freight_types` are
    the texts the marketplace knows. Raises `BrokenReplyError`.
    """
    try:
        # one validation of plain values costs less than half of making each line and option on its own
        reply = NetshoesReply.model_validate(body)
    except ValidationError as error:
        shape = [f"{'.'.join(map(str, each['loc'])) or 'body'}: {each['msg']}" for each in error.errors()]
        raise BrokenReplyError(shape) from None
    lines = reply.shipping_quotes
    faults = [*_option_faults(lines, freight_types), *_set_faults(lines)]
    faults += _echo_faults(reply, question) if question else ()
    if faults:
        raise BrokenReplyError(faults)
    return reply


def check_reply(
    body: object,
    *,
    question: QuoteRequest | None = None,
    freight_types: Collection[str] = tuple(FREIGHT_TYPES.values()),
) -> list[str]:
    """The faults of a reply, as parsed JSON: one text for each rule of `make_reply` that it breaks."""
    try:
        make_reply(body, question=question, freight_types=freight_types)
    except BrokenReplyError as error:
        return error.faults
    return []


def _option_faults(lines: list[NetshoesLine], known: Collection[str]) -> Iterator[str]:
    for line in lines:
        for option in line.delivery_options:
            if option.delivery_min_hh > option.delivery_max_hh:
                yield f"{line.sku_code}: deliveryMinHH {option.delivery_min_hh} is more than {option.delivery_max_hh}"
            if option.freight_type not in known:
                yield f"{line.sku_code}: freightType {option.freight_type!r} is none of {', '.join(known)}"


def _set_faults(lines: list[NetshoesLine]) -> Iterator[str]:
    common = {option.freight_type for option in lines[0].delivery_options} if lines else set()
    for line in lines:
        types = {option.freight_type for option in line.delivery_options}
        if len(types) < len(line.delivery_options):
            yield f"{line.sku_code}: a freightType stands there twice"
        if types != common:
            yield f"{line.sku_code}: its freight types are not those of {lines[0].sku_code}"


def _echo_faults(reply: NetshoesReply, question: QuoteRequest) -> Iterator[str]:
    wanted = echo(question)
    if (reply.id, reply.zip_code) != (wanted.get("id", ""), wanted["zipCode"]):
        yield f"id, zipCode: are not {wanted.get('id', 'left out')}, {wanted['zipCode']}"
    answered, asked = [line.sku_code for line in reply.shipping_quotes], [item.sku for item in question.lines]
    if answered and answered != asked:
        yield f"shippingQuotes: answers {', '.join(answered)} where {', '.join(asked)} was asked"


EXAMPLE: Final = to_json(
    {
        "zipCode": "01512651",
        "catalogCode": "CAT_NETSHOESNOVA",
        "id": "6dccffe9-52e7-456c-b814-b72ae3e49cc1",
        "products": [
            {
                "skuCode": "sku-1234-01",
                "quantity": 1,
                "weight": 0.5,
                "width": 10.0,
                "height": 10.0,
                "length": 25.0,
                "preSale": True,
            }
        ],
    }
)
"""The question that the page prints."""
