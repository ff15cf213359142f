"""What an operator decides about SkyHub, with the doubts of its pages beside each choice."""

from typing import Literal

from pydantic import Field

from portes.channels.base import CallerSettings
from portes.channels.cart import CartSettings
from portes.channels.plausible import SideUnit
from portes.channels.withholding import WITHHOLD, Withhold
from portes.contract.durations import Duration


class SkyhubSettings(CallerSettings, CartSettings):
    """The settings of the channel, `[channels.skyhub]`."""

    limit: Duration = Field(
        default=0.8,
        gt=0,
        description="After how long the marketplace discards an answer: the page says 800 ms. Other marketplaces that"
        " ask in this shape may say another time.",
    )
    withhold: Withhold = Field(
        default="normal",
        description=f"{WITHHOLD} The marketplace then sells by the contingency table, where one is registered.",
    )
    show: Literal["cheapest", "fastest"] = Field(
        default="cheapest",
        description="Which way of delivery is answered: the marketplace looks at the first one alone, so only one is"
        " told. Of two of one price the faster one counts, of two as fast the cheaper one.",
    )
    side_unit: SideUnit = Field(
        default="m",
        description="Unit of `height`, `length` and `width`. The page says metres, its English translation centimetres"
        " beside a sample in metres, and another marketplace's sample is in centimetres.",
    )
    check_units: bool = Field(
        default=True,
        description="Whether a question whose measures are implausible in these units is trouble, with an alarm that"
        " names the unit that would explain them; `false` takes them as they come.",
    )
    price: Literal["unit", "line"] = Field(
        default="unit",
        description="Whether `price` is of one unit of a volume (`unit`) or of all its units (`line`). The page does"
        " not say; it is the value that carriers insure.",
    )
    delivery_time: Literal["parts", "total"] = Field(
        default="parts",
        description="Whether `deliveryTime` is told as total, transit and expedition (`parts`), as SkyHub's page has"
        " it, or as the total alone (`total`), as Novo Mundo reads it.",
    )
    estimate_id: bool = Field(
        default=False,
        description="Whether `shippingEstimateId`, the quote's id, is told. Novo Mundo's answers may have it; what for"
        " is not public.",
    )
    sku: bool = Field(
        default=False,
        description="Whether `sku` is told in answers about one SKU. Novo Mundo's answers may have it; what it is for a"
        " cart of several is not public, so it is left out there.",
    )
