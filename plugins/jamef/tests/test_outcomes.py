"""What becomes of a shipment: rates with their days, refusals, and failures that never pass for "not served"."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from portes.calendars import business_calendar
from portes.contract import FailureKind, Money, Parcel, Rate, RefusalKind, Shipment, TransitTime
from portes_jamef.answers import Reading
from portes_jamef.settings import JamefSettings
from portes_jamef.wire import Price
from portes_testing import parcel

Quoting = Callable[..., Any]
To = Callable[..., Shipment]

AIR = {"code": "2", "delivery": "express"}
ROAD = {"code": "1", "delivery": "normal"}
FAR = "69930000"
"""A CEP that the simulator does not serve."""


def rate_of(told: Any) -> Rate:
    rate: Rate = told.answers[0].rates[0]
    return rate


def test_the_total_is_the_cost_and_freight_and_tax_are_its_parts(quoting: Quoting) -> None:
    """9 kg, since 0.03 m³ weigh more than 7.5 kg: 32.92, 3.60, 1.98, 5.20 and 4.90; each with 12 % of tax in it."""
    rate = rate_of(quoting())

    assert rate.cost.minor == 48_60 + 6_63
    assert {part.name: part.amount.minor for part in rate.surcharges} == {"base": 48_60, "tax": 6_63}


def test_a_rate_tells_jamefs_id_of_the_call_and_its_number(quoting: Quoting) -> None:
    notes = {note.kind: note.text for note in rate_of(quoting()).notes}

    assert set(notes) == {"correlation_id", "quote_number"}
    assert len(notes["correlation_id"]) == 36


def test_days_are_business_days_of_the_country_from_the_collection_on(quoting: Quoting, to: To) -> None:
    """From Thursday 19 November 2026 to Monday 30; Friday 20 is a holiday in all of Brazil."""
    rate = rate_of(quoting(to("50720135", day=date(2026, 11, 19))))

    assert rate.transit.promised == date(2026, 11, 30)
    assert (rate.transit.min, rate.transit.max, rate.transit.calendar) == (6, 6, "BR")


def days_until(promised: date, shipment: Shipment, **settings: str) -> TransitTime:
    """The days that are made of a promise."""
    known = {"user": "u", "password": "p", "payer": "11222333000181", "branch": "07"}
    price = Price(Money(minor=100_00, currency="BRL"), None, promised, "", "")

    rate = Reading(JamefSettings.model_validate(known | settings)).outcome("1", price, shipment)

    assert isinstance(rate, Rate)
    assert rate.transit.min == rate.transit.max
    assert rate.transit.promised == promised
    return rate.transit


@pytest.mark.parametrize(
    ("settings", "promised", "days", "calendar"),
    [
        ({}, date(2026, 11, 27), 3, "BR"),
        ({}, date(2026, 11, 24), 0, "BR"),
        ({}, date(2026, 11, 28), 4, "BR"),
        ({"calendar": "BR-RJ"}, date(2026, 11, 27), 3, "BR-RJ"),
        ({"count_days": "calendar"}, date(2026, 11, 29), 5, "BR"),
    ],
    ids=["friday", "the_same_day", "saturday_counts_as_monday", "another_calendar", "calendar_days"],
)
def test_a_promised_day_is_counted_as_the_settings_say(
    to: To, settings: dict[str, str], promised: date, days: int, calendar: str
) -> None:
    transit = days_until(promised, to("20040020"), **settings)

    assert (transit.max, transit.calendar) == (days, calendar)


@pytest.mark.parametrize(
    ("state", "cep", "collected", "promised", "days"),
    [
        ("SP", "01001000", date(2026, 7, 8), date(2026, 7, 13), 3),
        ("RJ", "20040020", date(2026, 2, 13), date(2026, 2, 20), 5),
        ("PE", "50720135", date(2026, 3, 5), date(2026, 3, 9), 2),
        ("BA", "40015970", date(2026, 7, 1), date(2026, 7, 3), 2),
    ],
)
def test_a_holiday_of_the_origins_or_the_destinations_state_shortens_no_promise(
    to: To, state: str, cep: str, collected: date, promised: date, days: int
) -> None:
    """For a reader who counts by the country's calendar, as marketplaces do."""
    there, here = to(cep, day=collected), to("69010000", day=collected)
    here = here.model_copy(update={"origin": here.origin.model_copy(update={"calendar": f"BR-{state}"})})

    assert [days_until(promised, each).max for each in (there, here)] == [days, days]


@pytest.mark.parametrize(("state", "cep"), [("SP", "01001000"), ("BA", "40015970")])
def test_whoever_counts_in_the_countrys_or_the_origins_calendar_expects_nothing_before_the_promise(
    to: To, state: str, cep: str
) -> None:
    """Every day of a year, and promises up to ten days later."""
    calendars = [business_calendar(name) for name in ("BR", f"BR-{state}")]
    sent = to(cep)
    origin = sent.origin.model_copy(update={"calendar": f"BR-{state}"})
    for number in range(365):
        collected = calendars[1].on_or_after(date(2026, 1, 1) + timedelta(days=number))
        sent = sent.model_copy(update={"origin": origin, "dispatch_date": collected})
        promised = collected + timedelta(days=number % 11)

        days = days_until(promised, sent).max

        assert all(calendar.after(collected, days) >= promised for calendar in calendars)
        assert (days == 0) == (promised == collected)


@pytest.mark.parametrize("moods", [("no_lanes",), ("no_lanes", "lanes_404")])
def test_an_answer_without_an_offer_is_a_failure_unless_the_settings_know_better(
    quoting: Quoting, moods: tuple[str, ...]
) -> None:
    (failure,) = quoting(moods=moods).answers[0].failures
    (refusal,) = quoting(moods=moods, unserved="not_served").answers[0].refusals

    assert failure.kind is FailureKind.REJECTED_REQUEST
    assert 'unserved = "not_served"' in failure.hint
    assert "idCorrelacao" in failure.hint
    assert refusal.kind is RefusalKind.NOT_SERVED
    assert "idCorrelacao" in refusal.text


@pytest.mark.parametrize(
    ("box", "fix"),
    [
        (parcel(1000, 100, 100, 100), "state it for every SKU in the store's catalogue"),
        (parcel(1000, 100, 100, 100, value="0.00 BRL"), "state it for every SKU in the store's catalogue"),
        (parcel(1000, 100, 100, 100, value="10.00 EUR"), "the declared value in BRL"),
        (parcel(0, 100, 100, 100, value="10.00 BRL"), "weight and volume"),
        (parcel(1000, 100, 100, 0, value="10.00 BRL"), "weight and volume"),
    ],
    ids=["no_value", "a_value_of_zero", "another_currency", "no_weight", "no_volume"],
)
def test_what_jamef_needs_and_nobody_stated_is_a_failure_and_not_asked(
    quoting: Quoting, to: To, box: Parcel, fix: str
) -> None:
    told = quoting(to("20040020", box), services=[ROAD, AIR])

    assert [failure.kind for failure in told.answers[0].failures] == [FailureKind.INCOMPLETE] * 2
    assert all(fix in failure.hint for failure in told.answers[0].failures)
    assert told.calls == ()


def test_one_parcel_without_a_value_makes_the_whole_shipment_incomplete(quoting: Quoting, to: To) -> None:
    """Three boxes of which two have a value are not worth two boxes."""
    told = quoting(to("20040020", parcel(1000, 100, 100, 100, value="10.00 BRL"), parcel(1000, 100, 100, 100)))

    assert told.answers[0].failures[0].kind is FailureKind.INCOMPLETE


def test_another_country_is_refused_and_not_asked(quoting: Quoting, to: To) -> None:
    told = quoting(to("11000", country="UY"))

    assert [refusal.kind for refusal in told.answers[0].refusals] == [RefusalKind.NOT_SERVED]
    assert told.calls == ()


def test_a_shipment_that_is_not_asked_costs_its_neighbour_nothing(quoting: Quoting, to: To) -> None:
    incomplete, served = quoting(to("20040020", parcel(1000, 100, 100, 100)), to("20040020")).answers

    assert [failure.kind for failure in incomplete.failures] == [FailureKind.INCOMPLETE]
    assert [rate.service for rate in served.rates] == ["1"]


@pytest.mark.parametrize(
    ("mood", "kind"),
    [
        ("down", FailureKind.UNREACHABLE),
        ("html", FailureKind.GARBLED),
        ("throttled", FailureKind.THROTTLED),
        ("ill", FailureKind.UNREACHABLE),
        ("wrong_password", FailureKind.REJECTED_CREDENTIALS),
        ("approval_pending", FailureKind.REJECTED_CREDENTIALS),
        ("payer_unknown", FailureKind.REJECTED_REQUEST),
        ("branch_unknown", FailureKind.REJECTED_REQUEST),
        ("dateless", FailureKind.GARBLED),
    ],
)
def test_trouble_is_told_as_what_it_is_for_each_service(quoting: Quoting, mood: str, kind: FailureKind) -> None:
    failures = quoting(moods=[mood], services=[ROAD, AIR]).answers[0].failures

    assert [(failure.service, failure.kind) for failure in failures] == [("1", kind), ("2", kind)]


def test_a_created_quote_is_as_good_as_any(quoting: Quoting) -> None:
    assert quoting(moods=["created"]).answers == quoting().answers


def test_decorations_of_another_type_cost_no_price_and_are_logged_once_each(quoting: Quoting, to: To) -> None:
    told = quoting(to("20040020"), to("20040021"), moods=["odd_decorations"], services=[ROAD, AIR])

    assert [[rate.service for rate in answer.rates] for answer in told.answers] == [["1", "2"]] * 2
    assert rate_of(told).cost == rate_of(quoting()).cost
    assert rate_of(told).surcharges == ()
    assert {note.kind: note.text for note in rate_of(told).notes}["quote_number"] == "12345"
    for name in ("numeroCotacao", "modalidadeTransporte", "frete", "imposto"):
        assert told.log.count(f"Jamef says {name} in another type") == 1


def test_what_failed_inside_jamef_is_logged_and_not_shown(quoting: Quoting) -> None:
    told = quoting(moods=["ill"])
    hint = told.answers[0].failures[0].hint

    assert "simulado/calculo-frete-flow" in told.log
    assert "simulado/calculo-frete-flow" not in hint
    assert "Erro interno ao calcular o frete." in hint


def test_every_line_of_the_log_names_jamefs_id_of_the_call(quoting: Quoting) -> None:
    for moods in ((), ("ill",), ("payer_unknown",)):
        lines = [line for line in quoting(moods=moods).log.splitlines() if "Jamef" in line]

        assert len(lines) == 2
        assert all("'correlation_id': '" in line and "'correlation_id': ''" not in line for line in lines)
