"""Checks of prices and days: sane amounts, parcels added up, dates that matter only where they are said to."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Final

from portes.calendars import business_calendar
from portes.contract import Money, Rate
from portes.errors import SettingsError
from portes_testing.case import Absent
from portes_testing.checks.answers import played
from portes_testing.checks.outcomes import ends_as_declared
from portes_testing.harness.calls import CallResult, ask, kind_of
from portes_testing.harness.carrier_under_test import CarrierUnderTest
from portes_testing.harness.errors import require, require_none
from portes_testing.harness.sandbox import served_sandbox

LONGEST: Final = 366
"""Business days; more is a date or hours read as days."""
DEAREST: Final = 100_000_000
"""Minor units; more is a price read with its separators lost."""


def money_days_and_units_are_sane(under_test: CarrierUnderTest) -> None:
    """Prices are whole minor units of the store's currency, days are business days of a calendar that exists."""
    found = [
        f"{scenario.name}, {rate.service}: {problem}"
        for scenario, _, result in played(under_test)
        for answer in result.given
        for rate in answer.rates
        for problem in insane(rate, under_test.case.store.currency)
    ]
    require_none(found, "a shop would sell at this price and promise these days")


def insane(rate: Rate, currency: str) -> Iterator[str]:
    """What cannot be right about a rate."""
    amounts = [rate.cost, *(part.amount for part in rate.surcharges)]
    yield from (problem for amount in amounts for problem in _bad_money(amount, currency))
    if type(rate.cost.minor) is int and not 0 <= rate.cost.minor < DEAREST:
        yield f"a cost of {rate.cost.minor} minor units"
    parts = sum(part.amount.minor for part in rate.surcharges)
    if rate.surcharges and parts != rate.cost.minor:
        yield f"surcharges of {parts} under a cost of {rate.cost.minor}"
    yield from _bad_days(rate)


def _bad_money(amount: Money, currency: str) -> Iterator[str]:
    if type(amount.minor) is not int:
        yield f"an amount of type {type(amount.minor).__name__}, {amount.minor!r}"
    if amount.currency != currency:
        yield f"an amount in {amount.currency}, the store counts in {currency}"


def _bad_days(rate: Rate) -> Iterator[str]:
    low, high = rate.transit.min, rate.transit.max
    if type(low) is not int or type(high) is not int or not 0 <= low <= high <= LONGEST:
        yield f"a transit time of {low!r} to {high!r} days"
    try:
        business_calendar(rate.transit.calendar)
    except SettingsError as problem:
        yield str(problem)


def several_parcels_are_priced_together(under_test: CarrierUnderTest) -> None:
    """Several parcels cost more than the first alone; a carrier that takes one a shipment refuses them."""
    several = under_test.case.several
    if isinstance(several, Absent):
        _takes_one_parcel(under_test)
        return
    ends_as_declared(under_test, several)
    shipment = several.shipments[0]
    alone = shipment.model_copy(update={"parcels": shipment.parcels[:1]})
    with served_sandbox(under_test, several.moods) as sandbox:
        carrier = sandbox.new_carrier()
        whole, first = (ask(carrier, [each]) for each in (shipment, alone))
    for code in under_test.case.active:
        one, all_ = first.of(code)[0], whole.of(code)[0]
        if isinstance(one, Rate) and isinstance(all_, Rate):
            require(
                one.cost < all_.cost, f"{code}: {shipment.pieces} parcels cost {all_.cost}, the first alone {one.cost}"
            )


def _takes_one_parcel(under_test: CarrierUnderTest) -> None:
    shipment = under_test.case.served.shipments[0]
    parcel = shipment.parcels[0]
    two = shipment.model_copy(update={"parcels": (parcel, parcel.model_copy(update={"weight": parcel.weight + 1}))})
    with served_sandbox(under_test) as sandbox:
        result = ask(sandbox.new_carrier(), [two])
    rated = [each.service for each in result.outcomes() if isinstance(each, Rate)]
    require_none(rated, "several parcels are said to be beyond it, yet these services price them: declare the scenario")


def equal_parcels_cost_the_same_however_they_are_listed(under_test: CarrierUnderTest) -> None:
    """Two equal parcels are one parcel with a count of two; a carrier that forgets the count halves the price."""
    shipment = under_test.case.served.shipments[0]
    parcel = shipment.parcels[0]
    counted = shipment.model_copy(update={"parcels": (parcel.model_copy(update={"count": 2}),)})
    listed = shipment.model_copy(update={"parcels": (parcel, parcel)})
    with served_sandbox(under_test) as sandbox:
        carrier = sandbox.new_carrier()
        one, other = (_costs(ask(carrier, [each])) for each in (counted, listed))
    require(one == other, f"two equal parcels: counted {one}, listed {other}")


def _costs(result: CallResult) -> Mapping[str, object]:
    return {each.service: each.cost if isinstance(each, Rate) else kind_of(each) for each in result.outcomes()}


def the_dispatch_date_matters_only_to_a_dated_carrier(under_test: CarrierUnderTest) -> None:
    """The cache leaves the date out of its key unless the carrier says that it can change an answer."""
    shipment = under_test.case.served.shipments[0]
    later = shipment.model_copy(update={"dispatch_date": shipment.dispatch_date + timedelta(days=10)})
    with served_sandbox(under_test) as sandbox:
        carrier = sandbox.new_carrier()
        result = ask(carrier, [shipment])
        asked = {call.question for call in sandbox.calls}
        again = ask(carrier, [later])
        new = {call.question for call in sandbox.calls} - asked
    if not carrier.abilities.dated:
        require(
            _costs(result) == _costs(again), "another dispatch date gives another answer: declare the ability `dated`"
        )
    elif not carrier.abilities.instant:
        require(new, "it is `dated`, and asks the same question whatever the date")


__all__ = [
    "equal_parcels_cost_the_same_however_they_are_listed",
    "insane",
    "money_days_and_units_are_sane",
    "several_parcels_are_priced_together",
    "the_dispatch_date_matters_only_to_a_dated_carrier",
]
