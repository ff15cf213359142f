"""What a channel is answered: offers per line and a verdict."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from portes.contract.answer import DeliveryType, Failure, LineCode, Rate, Refusal
from portes.contract.base import Natural, Noun, Positive, ShopNumber, Text, Words
from portes.contract.bounds import LARGEST_ID, MOST_NAMED
from portes.contract.money import Currency, Price
from portes.contract.pickup import PickupPoint
from portes.contract.timing import LeadTime


class OfferPart(Noun):
    """The units of a line that leave one origin, where the line is split over several."""

    units: Positive
    origin_id: ShopNumber
    carrier: Text
    """The carrier's key in the store's settings."""
    price: Price
    """For these units, before the rules of the cart; the parts' prices add up to that of the line at that time."""
    rate: Rate
    """The carrier's rate for the whole shipment that these units leave in."""


class Offer(Noun):
    """One way to have a line delivered, as the shopper sees it."""

    delivery: DeliveryType
    price: Price
    """For all units of the line, rules applied."""
    lead_time: LeadTime
    carrier: Text
    """The carrier's key in the store's settings."""
    carrier_id: Annotated[Natural, Field(le=LARGEST_ID)]
    """The shop's number of the carrier, told to marketplaces."""
    carrier_name: Text
    origin_id: ShopNumber
    rate: Rate
    """The carrier's rate for the whole shipment that this offer came from."""
    pickup_points: Annotated[tuple[PickupPoint, ...], Field(max_length=MOST_NAMED)] = ()
    """Where the shopper may fetch it, nearest first; the rate's."""
    parts: Annotated[tuple[OfferPart, ...], Field(max_length=MOST_NAMED)] = ()
    """Of a line that leaves from several origins: what leaves each. Carrier, origin and rate of the offer are then
    those of the largest part, the lead time is the slowest, and the price is that of all parts."""


class RefusedService(Noun):
    """A refusal, with who said it and of which delivery type."""

    carrier: Text
    delivery: DeliveryType
    origin_id: Natural
    """0 when no origin was chosen yet."""
    refusal: Refusal


class FailedService(Noun):
    """A failure, with whose it is and of which delivery type."""

    carrier: Text
    delivery: DeliveryType
    origin_id: Natural
    """0 when no origin was chosen yet."""
    failure: Failure


class PluginFailure(Noun):
    """A rule or a packer that crashed or gave back what nobody can sell by: the whole question is `unknown` then."""

    part: Text
    """Where the store's settings name it: `rules.0`, `carriers.acme.packer`."""
    plugin: Text
    """As settings name it."""
    distribution: Text
    """Who brings it, with its version."""
    hint: Words
    """What it did; the log tells more."""


class QuoteLine(Noun):
    """The answer to one line of the request, in the request's order."""

    sku: Text
    offers: tuple[Offer, ...] = ()
    """Best first: cheaper, then faster, then by the order of the settings."""
    refusals: tuple[RefusedService, ...] = ()
    failures: tuple[FailedService, ...] = ()

    @property
    def code(self) -> LineCode | None:
        """Why nobody was asked about it, such as an unknown SKU or stock that lacks; None where somebody was asked."""
        asked_nobody = [one.failure.code for one in self.failures if not one.origin_id]
        asked_nobody += [one.refusal.code for one in self.refusals if not one.origin_id]
        if not asked_nobody or len(asked_nobody) < len(self.failures) + len(self.refusals):
            return None
        return next((code for code in LineCode if {*asked_nobody} == {code.value}), None)


class Verdict(StrEnum):
    """What may be said of the whole request.

    `served`: every line has an offer of at least one common delivery type. `not_served`: no common type
    is possible, whatever the failures would have said. `unknown`: a failure decides, or a rule or packer failed.
    Where lines are answered apart, one that has an offer is enough for `served`, and for `unknown` one of which nobody
    could find out.
    """

    SERVED = "served"
    NOT_SERVED = "not_served"
    UNKNOWN = "unknown"


class Quote(Noun):
    """The answer to a `QuoteRequest`."""

    id: Text
    """Our own id, unique; the asker's may repeat."""
    verdict: Verdict
    currency: Currency
    lines: tuple[QuoteLine, ...]
    """When served, offers of the delivery types common to all lines only; otherwise none.

    Of a request whose lines are answered apart, each line has what there is for it.
    """
    uncertain: tuple[DeliveryType, ...] = ()
    """The delivery types that every line might have, for all that is known, and that not every line has for certain:
    failures decide. They are missing from the offers.

    Where lines are answered apart, those that any line might have and has not."""
    plugin_failures: Annotated[tuple[PluginFailure, ...], Field(max_length=MOST_NAMED)] = ()
    """The rules and packers that failed; with any of them the verdict is `unknown`, for no price is certain."""
