"""Offers and rules for tests, made of what the test writes down."""

from datetime import date
from typing import Any

from shop import MONDAY_MORNING, NORMAL, SAO_PAULO, brl, item, rate, request

from portes.calendars import business_calendar
from portes.contract import DeliveryType, Item, LeadTime, Offer
from portes.rules.protocol import Occasion, RulePlugin


def lead_time(shortest: int, longest: int, asked: date = date(2026, 3, 2)) -> LeadTime:
    """A promise in business days of Brazil, asked on a Monday."""
    days = business_calendar("BR")
    earliest, latest = days.after(asked, shortest), days.after(asked, longest)
    return LeadTime(min=shortest, max=longest, calendar="BR", earliest=earliest, latest=latest)


def offer(
    price: int = 1000, carrier: str = "a", days: tuple[int, int] = (2, 3), delivery: DeliveryType = NORMAL, **more: Any
) -> Offer:
    """An offer; what the carrier bills is the price unless `cost` says otherwise."""
    return Offer(
        delivery=delivery,
        price=brl(price),
        lead_time=lead_time(*days),
        carrier=carrier,
        carrier_id=1,
        carrier_name=carrier.title(),
        origin_id=1,
        rate=rate(cost=more.get("cost", price), days=days),
    )


def occasion(*items: Item, to: str = "01512651", storefront: str = "") -> Occasion:
    """Somebody asks on a Monday morning."""
    asked = items or (item(),)
    return Occasion(request(*asked, to=to, storefront=storefront), MONDAY_MORNING.astimezone(SAO_PAULO), asked)


def made(plugin: type[RulePlugin], currency: str = "BRL", **keys: Any) -> Any:
    """A rule, from the keys as the settings file holds them."""
    return plugin.build(plugin.Settings.model_validate({"use": plugin.__name__, **keys}), currency)
