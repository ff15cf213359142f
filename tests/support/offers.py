"""Offers and rules for tests, made of what the test writes down."""

from datetime import date, datetime
from typing import Any

from shop import MONDAY_MORNING, NORMAL, SAO_PAULO, brl, item, rate, request

from portes.calendars import business_calendar
from portes.contract import DeliveryType, Item, LeadTime, Note, Offer, Origin
from portes.rules.bound import bound
from portes.rules.conditions import conditions_of
from portes.rules.protocol import Occasion, RulePlugin, phase_of


def lead_time(shortest: int, longest: int, asked: date = date(2026, 3, 2)) -> LeadTime:
    """A promise in business days of Brazil, asked on a Monday."""
    days = business_calendar("BR")
    earliest, latest = days.after(asked, shortest), days.after(asked, longest)
    return LeadTime(min=shortest, max=longest, calendar="BR", earliest=earliest, latest=latest)


def offer(
    price: int = 1000, carrier: str = "a", days: tuple[int, int] = (2, 3), delivery: DeliveryType = NORMAL, **more: Any
) -> Offer:
    """An offer; what the carrier bills is the price unless `cost` says otherwise; `notes` are kinds."""
    return Offer(
        delivery=delivery,
        price=brl(price),
        lead_time=lead_time(*days),
        carrier=carrier,
        carrier_id=1,
        carrier_name=carrier.title(),
        origin_id=more.get("origin", 1),
        rate=rate(more.get("service", "n"), more.get("cost", price), days).model_copy(
            update={"notes": tuple(Note(kind=kind, text=kind) for kind in more.get("notes", ()))}
        ),
    )


def occasion(
    *items: Item,
    to: str = "01512651",
    storefront: str = "",
    moment: datetime = MONDAY_MORNING,
    cart: tuple[Item, ...] = (),
    origin: Origin | None = None,
) -> Occasion:
    """Somebody asks on a Monday morning."""
    asked = items or (item(),)
    question = request(*asked, to=to, storefront=storefront)
    return Occasion(question, moment.astimezone(SAO_PAULO), asked, None, cart, origin)


def made(plugin: type[RulePlugin], currency: str = "BRL", **keys: Any) -> Any:
    """A rule bound to its conditions, as a store makes it, from the keys as the settings file holds them."""
    settings = plugin.Settings.model_validate({"use": plugin.__name__, **keys})
    phase = phase_of(plugin, settings)
    return bound(plugin.build(settings, currency), conditions_of(settings.bindings(), currency, phase), phase)
