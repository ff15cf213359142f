"""What an operator decides about Omnik, with the doubts of its pages beside each choice."""

from typing import Literal

from pydantic import Field

from portes.channels.base import CallerSettings
from portes.channels.cart import CartSettings
from portes.channels.plausible import SideUnit, WeightUnit
from portes.contract.bounds import LONGEST_NAME
from portes.contract.durations import Duration


class OmnikSettings(CallerSettings, CartSettings):
    """The settings of the channel, `[channels.omnik]`."""

    price_unit: Literal["cents", "reais"] = Field(
        examples=["cents"],
        description="Unit of `finalShippingCost`, a whole number: `cents`, or whole `reais`, rounded up. The pages do"
        " not say, and reais told to somebody who reads cents would sell at a hundredth of the price: there is no"
        " default, and without it the store does not start. Ask the marketplace; of the two, a wrong `cents` is dear"
        " and sells nothing, a wrong `reais` sells at a loss.",
    )
    limit: Duration = Field(
        default=0.8,
        gt=0,
        description="After how long the marketplace discards an answer. That is not written; 800 ms is what its former"
        " hub, SkyHub, waits.",
    )
    seller: str | None = Field(
        default=None,
        min_length=1,
        max_length=LONGEST_NAME,
        description="Your `sellerTenant`. A call that names another seller is then refused with 401; without it, the"
        " seller of a call is not looked at.",
    )
    weight_unit: WeightUnit = Field(
        default="kg",
        description="Unit of `weight`. The pages do not say; kilograms are what SkyHub sends.",
    )
    side_unit: SideUnit = Field(
        default="cm",
        description="Unit of `width`, `height` and `length`. The pages do not say; SkyHub documents metres.",
    )
    check_units: bool = Field(
        default=True,
        description="Whether a question whose measures are implausible in these units is trouble, with an alarm that"
        " names the units that would explain them; `false` takes them as they come.",
    )
    cost: Literal["unit", "line", "ignored"] = Field(
        default="unit",
        description="Whether `cost` is what one unit is worth in reais (`unit`), what all units of the product are"
        " worth (`line`), or not to be used (`ignored`), so that the catalogue tells the value. The pages do not say.",
    )
    show: Literal["all", "cheapest", "fastest"] = Field(
        default="all",
        description="Which ways of delivery are answered: `all`, cheaper ones first, or one alone. Which of several the"
        " marketplace shows is not written.",
    )
    platform: str = Field(
        default="mobile",
        min_length=1,
        max_length=LONGEST_NAME,
        description="What is told as `platform`. The page prints `mobile` and does not say what it is for.",
    )
