"""What an operator decides about VTEX, with the doubts of its pages beside each choice."""

from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from portes.channels.base import CallerSettings
from portes.contract import DeliveryType
from portes.contract.bounds import LARGEST_ID, LONGEST_NAME
from portes.contract.durations import Duration

_Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]


class VtexTitles(BaseModel):
    """The name of the delivery method for each delivery type; no two may be the same."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    normal: _Name = Field("Normal", description="Of normal delivery.")
    express: _Name = Field("Expressa", description="Of express delivery.")
    super_express: _Name = Field("Super Expressa", description="Of super express delivery.")

    def of(self, delivery: DeliveryType) -> str:
        """The name of a delivery type."""
        name: str = getattr(self, delivery.value)
        return name

    @model_validator(mode="after")
    def _tells_types_apart(self) -> Self:
        names = [self.of(delivery).casefold() for delivery in DeliveryType]
        if len(set(names)) < len(names):
            msg = "two delivery types have the same name, so that nobody could choose; write another for each"
            raise ValueError(msg)
        return self


class VtexSettings(CallerSettings):
    """The settings of the channel, `[channels.vtex]`."""

    limit: Duration = Field(
        default=2.5,
        gt=0,
        description="After how long the marketplace takes the product for unavailable.",
    )
    reserve: Duration = Field(
        default=0.5,
        ge=0,
        description="The part of `limit` kept for the way between the marketplace and here, and for our own work.",
    )
    seller: _Name | None = Field(
        default=None,
        description="The seller's id as the marketplace has it, `items[].seller`; a call that names another is refused."
        " Every id is taken, and echoed, when left out.",
    )
    merchant_name: _Name | None = Field(
        default=None,
        description="`merchantName` of each item: your account's name where you take the payments yourself. Left out,"
        " it is null, and the marketplace takes them.",
    )
    slas: VtexTitles = Field(
        VtexTitles(),
        description="Id and name of the delivery method by delivery type: `normal`, `express`, `super_express`. The"
        " marketplace matches them between the items of a cart, so no carrier's name stands in them.",
    )
    uncounted_stock: int = Field(
        default=1,
        ge=1,
        le=LARGEST_ID,
        strict=True,
        description="`stockBalance` of goods whose units the catalogue does not count, or what is asked for where that"
        " is more. The page wants a number, and has none for 'enough'; how the marketplace shows one is not written.",
    )
