"""What an operator decides about Netshoes, with the doubts of its page beside each choice."""

from typing import Annotated, Final, Literal, Self

from pydantic import Field, model_validator

from portes.channels.credentials import AppKeyCredential, BasicCredential, HeaderCredential
from portes.channels.netshoes.wire import FREIGHT_TYPES
from portes.channels.reading import OneOrMore
from portes.channels.withholding import WITHHOLD, Withhold, WithholdingSettings
from portes.contract import DeliveryType
from portes.contract.bounds import HEAVIEST_UNIT, LONGEST_SIDE, MOST_LINES, MOST_QUANTITY
from portes.contract.durations import Duration

_GRAMS: Final = {"kg": 1000, "g": 1}
_MILLIMETRES: Final = {"m": 1000, "cm": 10, "mm": 1}
_SIDES: Final = ("length", "width", "height")

Auth = Annotated[BasicCredential | AppKeyCredential | HeaderCredential, Field(discriminator="kind")]
"""One of the three ways that the marketplace's portal offers."""


class NetshoesSettings(WithholdingSettings):
    """The settings of the channel, `[channels.netshoes]`."""

    auth: OneOrMore[Auth] = Field(
        description="How the marketplace proves itself: a table of kind `basic`, `app_key` or `header`, as chosen in"
        " its portal, or a list of such tables while one replaces another. Without it the store does not start.",
    )
    limit: Duration = Field(
        default=0.4,
        gt=0,
        description="After how long the marketplace discards an answer. The page demands less than 400 ms; whether its"
        " client gives up exactly then is not written.",
    )
    reserve: Duration = Field(
        default=0.1,
        ge=0,
        description="The part of `limit` kept for the way between the marketplace and here, and for our own work.",
    )
    line_price: Literal["line", "unit"] = Field(
        default="line",
        description="Whether `priceInCents` is for all units of a SKU (`line`) or for one (`unit`, rounded up to the"
        " cent). The page does not say; `line` is the natural reading.",
    )
    super_express_text: str | None = Field(
        default=None,
        pattern=r"^\S(.{0,38}\S)?$",
        description="The `freightType` of super express services, word for word. The page names the type and never"
        " prints its text, and a wrong one makes the whole answer invalid: ask Netshoes first. Without it these"
        " offers are not shown.",
    )
    withhold: Withhold = Field("normal", description=f"{WITHHOLD} The marketplace then sells by its own table.")
    prefer_contingency: bool = Field(
        default=False,
        description="Whether an answer is 503, so that the marketplace sells by its own table, when a carrier failed"
        " that could have made an offered delivery type cheaper. Without it the offers that there are go out. It looks"
        " at types that are told, `withhold` at those that are missing.",
    )
    hours_per_day: int = Field(
        default=24,
        ge=1,
        le=24,
        description="Hours told per business day. The page counts in business days and prints hours, mostly multiples"
        " of 24; that these are meant is a conclusion.",
    )
    weight_unit: Literal["kg", "g"] = Field(
        default="kg",
        description="Unit of `weight`. The page says kilograms; grams are for a hub between that sends so.",
    )
    size_unit: Literal["cm", "mm", "m"] = Field(
        default="cm",
        description="Unit of `width`, `height` and `length`. The page says centimetres; the others are for a hub"
        " between that sends so.",
    )

    @model_validator(mode="after")
    def _leaves_time(self) -> Self:
        if self.reserve >= self.limit:
            msg = "reserve is not less than limit, so no time is left to find a price"
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _names_a_third_type(self) -> Self:
        if self.super_express_text in FREIGHT_TYPES.values():
            msg = f"super_express_text {self.super_express_text} already stands for another delivery type"
            raise ValueError(msg)
        return self

    @property
    def freight_types(self) -> dict[DeliveryType, str]:
        """The delivery types that can be said, and how."""
        third = {DeliveryType.SUPER_EXPRESS: self.super_express_text} if self.super_express_text else {}
        return {**FREIGHT_TYPES, **third}

    @property
    def grams(self) -> int:
        """How many grams one unit of `weight` is."""
        return _GRAMS[self.weight_unit]

    @property
    def millimetres(self) -> int:
        """How many millimetres one unit of a side is."""
        return _MILLIMETRES[self.size_unit]

    @property
    def most(self) -> dict[str, int]:
        """The largest weight and sides of one unit, in the units of a question."""
        return {"weight": HEAVIEST_UNIT // self.grams, **dict.fromkeys(_SIDES, LONGEST_SIDE // self.millimetres)}

    @property
    def fixes(self) -> dict[str, str]:
        """What to write in each field of a question, for who wrote something else."""
        most = self.most
        side = f"write the {self.size_unit} of one unit as a number, such as 25.0, at most {most['length']}"
        return {
            "zipCode": 'write the CEP as text of 8 digits, such as "01512651"',
            "catalogCode": "write letters, digits and _",
            "products": f"list the products, at least one and at most {MOST_LINES}",
            "skuCode": "write letters, digits, _ and -, at most 200",
            "quantity": f"write a whole number from 1, at most {MOST_QUANTITY}",
            "weight": f"write the {self.weight_unit} of one unit as a number, such as 0.5, at most {most['weight']}",
            "width": side,
            "height": side,
            "length": side,
            "preSale": "write true or false",
        }
