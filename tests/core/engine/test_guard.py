"""What the guard makes of a carrier that crashes, or whose answer nobody could sell by."""

import sys
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from shop import (
    EXPRESS,
    FrozenClock,
    ScriptedCarrier,
    brl,
    failure,
    item,
    member,
    policy,
    quoted,
    rate,
    refusal,
    request,
    service,
)
from structlog.testing import capture_logs

from portes.carrier import Abilities, Deadline
from portes.contract import (
    Answer,
    Failure,
    FailureKind,
    Money,
    Note,
    Rate,
    Refusal,
    RefusalKind,
    Shipment,
    TransitTime,
    Verdict,
)
from portes.engine.quoter import Quoter
from portes.errors import ThrottledError


def taking(days: int, calendar: str = "BR") -> Rate:
    return rate().model_copy(update={"transit": TransitTime(min=1, max=days, calendar=calendar)})


def test_a_plugin_that_wants_to_exit_fails_and_its_question_can_be_asked_again() -> None:
    def leave(_: Shipment) -> list[Any]:
        sys.exit(3)

    bad = member("bad", leave, instant=False)
    quoter = Quoter(policy(bad), clock=FrozenClock())
    kinds = [quoter.quote(request(), within=2).lines[0].failures[0].failure.kind for _ in range(2)]
    quoter.close()

    assert kinds == [FailureKind.CRASHED, FailureKind.CRASHED]


def test_a_crash_costs_the_siblings_nothing() -> None:
    def crash(_: Shipment) -> list[Any]:
        raise RuntimeError("a stranger's bug")

    quote = quoted(request(), member("bad", crash), member("good"))

    assert quote.verdict is Verdict.SERVED
    assert [said.failure.kind for said in quote.lines[0].failures] == [FailureKind.CRASHED]


def test_a_whole_call_error_fails_every_active_service_of_that_carrier_alone() -> None:
    def throttled(_: Shipment) -> list[Any]:
        raise ThrottledError("one call a minute", retry_after=42)

    services = [service("n"), service("e", EXPRESS), service("off", active=False)]
    quote = quoted(request(), member("a", throttled, *services), member("b"))

    failures = [said.failure for said in quote.lines[0].failures]
    assert [(said.service, said.kind, said.retry_after) for said in failures] == [
        ("n", FailureKind.THROTTLED, 42),
        ("e", FailureKind.THROTTLED, 42),
    ]


@pytest.mark.parametrize(
    "outcomes",
    [
        pytest.param([], id="service missing"),
        pytest.param([rate(), refusal()], id="service twice"),
        pytest.param([rate().model_copy(update={"cost": Money(minor=1, currency="EUR")})], id="foreign money"),
        pytest.param([taking(1, "XX")], id="days of a calendar that nobody knows"),
        pytest.param([taking(1001)], id="days that lead beyond all calendars"),
    ],
)
def test_a_service_without_one_rate_that_can_be_sold_is_a_garbled_failure(outcomes: list[Any]) -> None:
    quote = quoted(request(), member("a", lambda _: outcomes))

    (said,) = quote.lines[0].failures
    assert said.failure.kind is FailureKind.GARBLED
    assert not quote.lines[0].offers


def test_a_foreign_service_is_dropped_and_the_sound_one_kept() -> None:
    quote = quoted(request(), member("a", lambda _: [rate(), rate("stranger")]))

    assert [offer.rate.service for offer in quote.lines[0].offers] == ["n"]


async def _later() -> Sequence[Answer]:
    return []


ANOTHER = Answer(shipment_id="another", rates=(rate(),))


@pytest.mark.parametrize(
    ("given", "told"),
    [
        pytest.param(list, "no answers where 1:0 was asked", id="nothing"),
        pytest.param(lambda: None, "None", id="None"),
        pytest.param(lambda: [{"n": 1}, {}], "list[dict]", id="dicts"),
        pytest.param(lambda: (object(), "x"), "tuple[object | str]", id="junk"),
        pytest.param(lambda: ANOTHER, "Answer", id="a bare answer"),
        pytest.param(lambda: [ANOTHER], "answers to another where 1:0 was asked", id="another shipment"),
        pytest.param(lambda: (one for one in [ANOTHER]), "generator", id="a generator"),
        pytest.param(_later, "coroutine", id="a coroutine"),
    ],
)
def test_a_quote_that_returns_something_else_is_a_crash_that_says_what_came_and_what_must_come(
    given: Callable[[], Any], told: str
) -> None:
    class Wrong(ScriptedCarrier):
        def quote(self, shipments: Sequence[Shipment], deadline: Deadline) -> Sequence[Answer]:
            answers: Sequence[Answer] = given()
            return answers

    carrier = Wrong(lambda _: [], Abilities(services=(service(),), instant=True))
    with capture_logs() as logged:
        quote = quoted(request(), member("a", carrier=carrier, distribution="portes-wrong"))

    sentence = f"returned {told}; it must return one Answer per shipment, in order"
    (said,) = quote.lines[0].failures
    assert (said.failure.kind, said.failure.hint) == (FailureKind.CRASHED, f"quote() {sentence}")
    assert [line["event"] for line in logged] == [f"quote() of portes-wrong {sentence}"]


def test_answers_in_another_order_are_no_mistake_and_a_missing_one_costs_the_others_nothing() -> None:
    class Turned(ScriptedCarrier):
        def quote(self, shipments: Sequence[Shipment], deadline: Deadline) -> Sequence[Answer]:
            return [*super().quote(shipments, deadline)][:0:-1]

    carrier = Turned(lambda _: [rate()], Abilities(services=(service(),), instant=True, batch=3))
    asked = request(*[item(weight=grams) for grams in (100, 200, 300)])
    quote = quoted(asked, member("a", carrier=carrier))

    assert [[said.failure.kind for said in line.failures] for line in quote.lines] == [[FailureKind.CRASHED], [], []]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"cost": Money(minor=-1, currency="BRL")}, "the price is -0.01 BRL, below zero"),
        ({"cost": brl(1).model_copy(update={"minor": 12.5})}, "a price or a time is no whole number"),
        ({"transit": rate().transit.model_copy(update={"max": 2.5})}, "a price or a time is no whole number"),
        ({"transit": rate().transit.model_copy(update={"min": -5})}, "the transit time is -5 to 3 business days"),
        ({"transit": rate().transit.model_copy(update={"min": 4})}, "the transit time is 4 to 3 business days"),
        ({"age": 0.5}, "a price or a time is no whole number"),
        ({"age": 10**30}, f"the rate is {10**30} s old"),
    ],
)
def test_a_rate_that_a_plugin_changed_behind_the_nouns_back_costs_no_other_carrier(
    changed: dict[str, object], told: str
) -> None:
    quote = quoted(request(), member("a", lambda _: [rate().model_copy(update=changed)]), member("b"))

    assert [failed.failure.hint for failed in quote.lines[0].failures] == [told]
    assert [offer.carrier for offer in quote.lines[0].offers] == ["b"]


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        (failure().model_copy(update={"kind": "lost"}), "lost is no FailureKind"),
        (failure().model_copy(update={"hint": None}), "the words of a refusal or a failure are no text"),
        (failure().model_copy(update={"retry_after": "soon"}), "soon is no wait in seconds"),
        (failure().model_copy(update={"retry_after": -1}), "-1 is no wait in seconds"),
        (refusal().model_copy(update={"kind": FailureKind.LATE}), "late is no RefusalKind"),
        (refusal().model_copy(update={"text": 5}), "the words of a refusal or a failure are no text"),
    ],
)
@pytest.mark.parametrize("instant", [True, False])
def test_a_no_that_a_plugin_changed_behind_the_nouns_back_costs_no_other_carrier(
    changed: Refusal | Failure, told: str, *, instant: bool
) -> None:
    quote = quoted(request(), member("a", lambda _: [changed], instant=instant), member("b"))

    assert [(one.failure.kind, one.failure.hint) for one in quote.lines[0].failures] == [(FailureKind.GARBLED, told)]
    assert [offer.carrier for offer in quote.lines[0].offers] == ["b"]


def test_foreign_money_is_told_by_its_currency() -> None:
    quote = quoted(
        request(), member("a", lambda _: [rate().model_copy(update={"cost": Money(minor=1, currency="USD")})])
    )

    assert quote.lines[0].failures[0].failure.hint == "the price is in USD, the store counts in BRL"


def test_a_country_the_carrier_never_serves_is_refused_without_asking() -> None:
    spanish = member("es", abilities={"countries": frozenset({"ES"})})
    quote = quoted(request(), spanish)

    (said,) = quote.lines[0].refusals
    assert said.refusal.kind is RefusalKind.NOT_SERVED
    assert isinstance(spanish.carrier, ScriptedCarrier)
    assert spanish.carrier.calls == 0


def test_a_carrier_is_called_with_at_most_its_batch() -> None:
    for batch, calls in ((1, 5), (2, 3), (10, 1)):
        one = member("a", abilities={"batch": batch})
        quote = quoted(request(*[item(f"sku-{number}", weight=number + 1) for number in range(5)]), one)

        assert isinstance(one.carrier, ScriptedCarrier)
        assert one.carrier.calls == calls
        assert quote.verdict is Verdict.SERVED


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (lambda: rate(cost=10**30), "Money.minor"),
        (lambda: rate(days=(1, 10**9)), "TransitTime.max"),
        (lambda: rate(notes=(Note(kind="notice", text="\ud800"),)), "Note.text"),
        (lambda: Refusal(service="r" * 1_000_000, kind=RefusalKind.OTHER), "Refusal.service"),
    ],
)
def test_more_than_any_noun_holds_is_garbled_and_never_a_crash(said: Callable[[], Rate | Refusal], field: str) -> None:
    quote = quoted(request(), member("a", lambda _: [said()]), member("b"))

    (failed,) = quote.lines[0].failures
    assert failed.failure.kind is FailureKind.GARBLED
    assert field in failed.failure.hint
    assert quote.verdict is Verdict.SERVED


def test_a_number_of_the_wrong_kind_is_the_plugin_s_own_bug() -> None:
    quote = quoted(request(), member("a", lambda _: [rate(cost=12.5)]))  # type: ignore[arg-type]  # the bug

    assert [failed.failure.kind for failed in quote.lines[0].failures] == [FailureKind.CRASHED]


def test_a_price_that_no_shipment_costs_is_garbled_for_its_service_alone() -> None:
    services = [service("n"), service("e", EXPRESS)]
    quote = quoted(request(), member("a", lambda _: [rate("n", cost=10**12 + 1), rate("e", cost=10**12)], *services))

    assert [failed.failure.hint for failed in quote.lines[0].failures] == [
        "the price is 10000000000.01 BRL, more than any shipment costs"
    ]
    assert [offer.rate.service for offer in quote.lines[0].offers] == ["e"]


@pytest.mark.parametrize(
    ("again", "told"), [(10**30, None), (-5, None), (2.5, None), (True, None), (31_622_400, 31_622_400)]
)
def test_a_wait_and_a_hint_beyond_reason_lose_no_question(again: Any, told: int | None) -> None:
    def throttled(_: Shipment) -> list[Any]:
        raise ThrottledError("h" * 100_000, retry_after=again)

    (failed,) = quoted(request(), member("a", throttled)).lines[0].failures

    assert (failed.failure.kind, failed.failure.retry_after) == (FailureKind.THROTTLED, told)
    assert failed.failure.hint == "h" * 599 + "…"
