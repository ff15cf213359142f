"""What an operator decides about Mercado Livre, with the doubts of its page beside each choice."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from portes.channels.base import CallerSettings
from portes.channels.withholding import WITHHOLD, Withhold
from portes.contract import DeliveryType
from portes.contract.durations import Duration

_Service = Annotated[str, Field(pattern=r"^[0-9]{2}$")]


def _text(number: object) -> object:
    return str(number) if isinstance(number, int) and not isinstance(number, bool) else number


class MercadoLivreServices(BaseModel):
    """The two digits by which an order names the delivery type that its buyer chose."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    normal: _Service = Field(default="01", description="Of normal delivery.")
    express: _Service = Field(default="02", description="Of express delivery.")
    super_express: _Service = Field(default="03", description="Of super express delivery.")

    def of(self, delivery: DeliveryType) -> str:
        """The two digits of a delivery type."""
        digits: str = getattr(self, delivery.value)
        return digits


class MercadoLivreSettings(CallerSettings):
    """The settings of the channel, `[channels.mercado-livre]`."""

    limit: Duration = Field(
        default=0.4,
        gt=0,
        description="After how long the marketplace discards an answer; its load test is measured against it, too.",
    )
    reserve: Duration = Field(
        default=0.2,
        ge=0,
        description="The part of `limit` kept for the way between the marketplace and here, and for our own work. Its"
        " calls come from Virginia in the United States: there and back to São Paulo takes some 120 ms, which a host"
        " near the caller needs not keep.",
    )
    services: MercadoLivreServices = Field(
        default=MercadoLivreServices(),
        description="The `service` of each delivery type, `normal`, `express`, `super_express`, in two digits: an order"
        " has them as the third and fourth sign of its `option_id`.",
    )
    max_age: Duration = Field(
        default=300.0,
        ge=0,
        description="For how long the marketplace may show an answer again without asking: whole seconds, told as"
        " `private, max-age`; with `0s` it is told `no-store`. A price that changes meanwhile, or a cut-off that"
        " passes, is not seen. The page sets no value.",
    )
    seller_id: Annotated[str, BeforeValidator(_text), Field(pattern=r"^[0-9]+$")] | None = Field(
        default=None,
        description="The seller's number in the marketplace. A call for another seller is refused with 401; without it"
        " the number of a call is not looked at.",
    )
    withhold: Withhold = Field(default="normal", description=f"{WITHHOLD} The marketplace then sells by its own sheet.")
