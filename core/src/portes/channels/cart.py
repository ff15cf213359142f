"""The offers of a quote put together to options for the whole cart, for marketplaces that show one price for it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from operator import add
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer

from portes.channels.base import TimedSettings
from portes.contract import DeliveryType, LeadTime, Money, Offer, Quote

JsonNumber = Annotated[Decimal, PlainSerializer(float, return_type=float, when_used="json")]
"""An amount in major units, told as a number of JSON: of at most 15 digits, which come through a float unchanged."""

_CARRIER: Final = "{carrier}"


def _names_the_carrier_or_nothing(title: str) -> str:
    if set("{}") & set(title.replace(_CARRIER, "")):
        msg = f"holds a brace that is not {_CARRIER}; write a text such as {_CARRIER} Express"
        raise ValueError(msg)
    return title


Title = Annotated[
    str,
    Field(min_length=1, max_length=80),
    AfterValidator(_names_the_carrier_or_nothing),
]


class TitleSettings(BaseModel):
    """What shoppers read of each delivery type; `{carrier}` stands for the names of the carriers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    normal: Title = Field(_CARRIER, description="Of normal delivery.")
    express: Title = Field(f"{_CARRIER} Express", description="Of express delivery.")
    super_express: Title = Field(f"{_CARRIER} Super Express", description="Of super express delivery.")

    def of(self, delivery: DeliveryType) -> str:
        """The title of a delivery type."""
        title: str = getattr(self, delivery.value)
        return title


class CartSettings(TimedSettings):
    """Settings of a channel whose shoppers choose among titled options for the whole cart."""

    titles: TitleSettings = Field(
        TitleSettings(),
        description="What shoppers read, by delivery type: `normal`, `express`, `super_express`. `{carrier}` stands for"
        " the carrier's name.",
    )


@dataclass(frozen=True, slots=True)
class CartOption:
    """One way to have the whole cart delivered."""

    delivery: DeliveryType
    price: Money
    """For all lines."""
    lead_time: LeadTime
    """That of the slowest line."""
    offers: tuple[Offer, ...]
    """One for each line, in their order."""

    @property
    def code(self) -> str:
        """What it is called as long as carriers and services are: `correios:03298`, or the type of a mixed one."""
        services = dict.fromkeys((offer.carrier, offer.rate.service) for offer in self.offers)
        return ":".join(next(iter(services))) if len(services) == 1 else self.delivery.value

    @property
    def carriers(self) -> str:
        """The names of the carriers, each once: `Correios`, `Correios + Jamef`."""
        return " + ".join(dict.fromkeys(offer.carrier_name for offer in self.offers))

    @property
    def transit_days(self) -> int:
        """Business days at most that it is with the carriers, as the slowest of them says; never above the promise."""
        return min(max([offer.rate.transit.max for offer in self.offers]), self.lead_time.max)

    @property
    def handling_days(self) -> int:
        """What of the promise is not transit: handling, cut-off, days on which nobody works, extra days."""
        return self.lead_time.max - self.transit_days

    def title(self, titles: TitleSettings) -> str:
        """The text that shoppers read of it."""
        return titles.of(self.delivery).replace(_CARRIER, self.carriers)


def cart_options(quote: Quote) -> tuple[CartOption, ...]:
    """The options for the whole cart, cheaper ones first, then quicker ones; none where nothing is offered.

    A service that every line has is an option. Of a delivery type without such a service, the best offers of all lines
    are one together.
    """
    lines = [_by_service(line.offers) for line in quote.lines]
    if not all(lines):
        return ()
    made = [_option([line[service] for line in lines]) for service in _common(lines)]
    types = {option.delivery for option in made}
    made += [_option(offers) for offers in _mixed(lines) if offers[0].delivery not in types]
    return tuple(sorted(made, key=lambda option: (option.price.minor, option.lead_time.max, option.lead_time.min)))


_Service = tuple[DeliveryType, str, str]


def _by_service(offers: Sequence[Offer]) -> Mapping[_Service, Offer]:
    """The best offer of each service; offers come best first."""
    found: dict[_Service, Offer] = {}
    for offer in offers:
        found.setdefault((offer.delivery, offer.carrier, offer.rate.service), offer)
    return found


def _common(lines: Sequence[Mapping[_Service, Offer]]) -> Iterator[_Service]:
    for service in lines[0]:
        if all(service in line for line in lines[1:]):
            yield service


def _mixed(lines: Sequence[Mapping[_Service, Offer]]) -> Iterator[Sequence[Offer]]:
    for delivery in dict.fromkeys(offer.delivery for offer in lines[0].values()):
        best = [next((one for one in line.values() if one.delivery is delivery), None) for line in lines]
        offers = [one for one in best if one is not None]
        if len(offers) == len(lines):
            yield offers


def _option(offers: Sequence[Offer]) -> CartOption:
    first = offers[0]
    price = first.price if len(offers) == 1 else reduce(add, [offer.price for offer in offers])
    return CartOption(first.delivery, price, _slowest([offer.lead_time for offer in offers]), tuple(offers))


def _slowest(times: Sequence[LeadTime]) -> LeadTime:
    """When all of it is there: an item that comes sooner does not make the others come."""
    if len(times) == 1:
        return times[0]
    return times[0].model_copy(
        update={
            "min": max([time.min for time in times]),
            "max": max([time.max for time in times]),
            "earliest": max([time.earliest for time in times]),
            "latest": max([time.latest for time in times]),
        }
    )
