"""Which answers a marketplace must have thrown away, and whose fault that is."""

import pytest
from nouns import one_of_each

from portes.contract import (
    DeliveryType,
    FailedService,
    Failure,
    FailureKind,
    Quote,
    QuoteLine,
    Verdict,
)
from portes.web.monitoring.budget import carrier_faults, discard_cause


@pytest.mark.parametrize(
    ("status", "verdict", "in_time", "alarm", "cause"),
    [
        (200, "served", True, False, ""),
        (200, "not_served", True, False, ""),
        (200, "served", False, False, "late"),
        (503, "unknown", True, False, "unknown"),
        (503, "unknown", False, False, "unknown"),
        (503, "served", True, False, "contingency"),
        (503, "not_served", True, True, "invalid"),
        (503, "turned_away", True, False, "turned_away"),
        (401, "error", True, False, "unauthorized"),
        (422, "error", True, False, "bad_request"),
        (413, "error", True, False, "bad_request"),
        (415, "error", True, False, "bad_request"),
        (499, "error", False, False, "gone"),
        (500, "error", True, False, "crashed"),
        (502, "error", True, False, "crashed"),
        (200, "error", True, False, ""),
    ],
)
def test_an_answer_is_of_use_or_thrown_away_for_one_cause(
    status: int, verdict: str, *, in_time: bool, alarm: bool, cause: str
) -> None:
    assert discard_cause(status, verdict, in_time=in_time, alarm=alarm) == cause


@pytest.mark.parametrize(
    ("status", "is_answer", "is_refusal", "cause"),
    [
        (404, True, False, ""),
        (200, False, False, "crashed"),
        (200, False, True, "bad_request"),
        (500, None, True, "bad_request"),
        (401, None, True, "unauthorized"),
    ],
)
def test_a_channel_says_what_its_status_is_and_the_service_whether_the_question_was_wrong(
    status: int, *, is_answer: bool | None, is_refusal: bool, cause: str
) -> None:
    said = discard_cause(status, "error", in_time=True, is_answer=is_answer, is_refusal=is_refusal)

    assert said == cause


def failed(carrier: str, kind: FailureKind) -> FailedService:
    failure = Failure(service="n", kind=kind)
    return FailedService(carrier=carrier, delivery=DeliveryType.NORMAL, origin_id=1, failure=failure)


def test_each_carrier_is_to_blame_once_for_each_kind_of_failure() -> None:
    late, open_circuit = failed("jamef", FailureKind.LATE), failed("correios", FailureKind.OPEN_CIRCUIT)
    lines = (QuoteLine(sku="a", failures=(late, open_circuit)), QuoteLine(sku="b", failures=(late,)))
    quote = Quote(id="q", verdict=Verdict.UNKNOWN, currency="BRL", lines=lines)

    assert list(carrier_faults(quote, "unknown")) == [("jamef", "late"), ("correios", "open_circuit")]


@pytest.mark.parametrize(
    ("cause", "blamed"),
    [
        ("late", True), ("unknown", True), ("contingency", True), ("gone", True),
        ("invalid", False), ("crashed", False), ("turned_away", False), ("", False),
    ],
)  # fmt: skip
def test_no_carrier_is_to_blame_for_what_it_cannot_have_caused(cause: str, *, blamed: bool) -> None:
    line = QuoteLine(sku="a", failures=(failed("jamef", FailureKind.LATE),))
    quote = Quote(id="q", verdict=Verdict.UNKNOWN, currency="BRL", lines=(line,))

    assert bool(list(carrier_faults(quote, cause))) is blamed


def test_a_quote_without_failures_blames_nobody() -> None:
    line = next(noun for noun in one_of_each() if isinstance(noun, QuoteLine))
    quote = Quote(id="q", verdict=Verdict.SERVED, currency="BRL", lines=(line.model_copy(update={"failures": ()}),))

    assert list(carrier_faults(quote, "unknown")) == []


def test_no_carrier_is_to_blame_for_a_line_that_nobody_was_asked_about() -> None:
    unasked = failed("jamef", FailureKind.LATE).model_copy(update={"origin_id": 0})
    line = QuoteLine(sku="a", failures=(unasked,))
    quote = Quote(id="q", verdict=Verdict.UNKNOWN, currency="BRL", lines=(line,))

    assert list(carrier_faults(quote, "unknown")) == []
