"""What becomes of a shipment: rates with their days, refusals, and failures that never pass for "not served"."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from portes.contract import FailureKind, Parcel, Rate, RefusalKind, Shipment
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


def test_days_are_business_days_of_the_destinations_state_from_the_collection_on(quoting: Quoting, to: To) -> None:
    """From Thursday 19 November 2026 to Monday 30; Friday 20 is a holiday in all of Brazil."""
    rate = rate_of(quoting(to("50720135", day=date(2026, 11, 19))))

    assert rate.transit.promised == date(2026, 11, 30)
    assert (rate.transit.min, rate.transit.max, rate.transit.calendar) == (6, 6, "BR-PE")


@pytest.mark.parametrize(
    ("settings", "promised", "days", "calendar"),
    [
        ({}, date(2026, 11, 27), 3, "BR-RJ"),
        ({}, date(2026, 11, 24), 0, "BR-RJ"),
        ({}, date(2026, 11, 28), 4, "BR-RJ"),
        ({"calendar": "BR"}, date(2026, 11, 27), 3, "BR"),
        ({"count_days": "calendar"}, date(2026, 11, 29), 5, "BR-RJ"),
    ],
    ids=["friday", "the_same_day", "saturday_counts_as_monday", "another_calendar", "calendar_days"],
)
def test_a_promised_day_is_counted_as_the_settings_say(
    to: To, settings: dict[str, str], promised: date, days: int, calendar: str
) -> None:
    known = {"user": "u", "password": "p", "payer": "11222333000181", "branch": "07"}
    reading = Reading(JamefSettings.model_validate(known | settings), "BR-SP")
    box = parcel(1000, 100, 100, 100, value="100.00 BRL")
    price = Price(box.value, None, promised, "", "")  # type: ignore[arg-type]  # the box has a value

    rate = reading.outcome("1", price, to("20040020", box))

    assert isinstance(rate, Rate)
    assert (rate.transit.min, rate.transit.max) == (days, days)
    assert (rate.transit.promised, rate.transit.calendar) == (promised, calendar)


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
