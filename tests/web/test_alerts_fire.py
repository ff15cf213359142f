"""The example alerts over invented histories: which fire, and which stay quiet."""

from collections.abc import Callable
from functools import partial
from typing import Final

import pytest
from alert_histories import HOUR, RULES, Course, Series, fires, growing, series


def circuit(state: Callable[[float], str], cause: str = "late") -> list[Series]:
    """The circuit of a carrier in one worker, as `/metrics` tells it."""
    names = {"store": "shop", "carrier": "jamef"}
    states = [
        series("portes_circuit", partial(lambda told, now: float(state(now) == told), told), state=told, **names)
        for told in ("closed", "open", "half_open")
    ]
    return [*states, series("portes_circuit_cause", 1.0, cause=cause, **names)]


def test_a_carrier_whose_circuit_is_open_and_probed_by_turns_is_down() -> None:
    """One that hangs is probed for as long as its timeout, again and again."""
    assert fires("PortesCarrierDown", *circuit(lambda now: "half_open" if now % 60 < 30 else "open"))


def test_a_carrier_that_recovered_for_a_moment_is_not_yet_down_again() -> None:
    assert not fires("PortesCarrierDown", *circuit(lambda now: "closed" if now == 2 * HOUR - 60 else "open"))


def test_credentials_that_are_rejected_are_told_once() -> None:
    rejected = circuit(lambda now: "open", "rejected_credentials")

    assert not fires("PortesCarrierDown", *rejected)
    assert fires("PortesCredentialsRejected", *rejected)


def slo(bad: float, answers: float, seconds: float) -> list[Series]:
    """A channel's windows so long after a restart, with so many answers thrown away in each."""
    target = 0.999
    spans = {"5m": 300, "1h": 3600, "6h": 21_600, "24h": 86_400}
    told = [
        (window, name, value)
        for window, span in spans.items()
        for name, value in (
            ("burn", bad / answers / (1 - target)),
            ("availability", 1 - bad / answers),
            ("answers", answers),
            ("seconds", min(seconds, float(span))),
        )
    ]
    return [series(f"portes_slo_{name}", value, window=window, store="s", channel="c") for window, name, value in told]


BUDGET: Final = pytest.mark.parametrize(
    ("alert", "bad", "answers", "seconds", "expected"),
    [
        ("PortesBudgetBurnsFast", 20.0, 1000.0, HOUR, True),
        ("PortesBudgetBurnsFast", 10.0, 1000.0, HOUR, False),
        ("PortesBudgetBurnsFast", 4.0, 5.0, 120.0, False),
        ("PortesBudgetBurnsFast", 20.0, 1000.0, 120.0, False),
        ("PortesBudgetBurnsFast", 100.0, 100.0, 120.0, True),
        ("PortesBudgetBurnsSlowly", 30.0, 10_000.0, 24 * HOUR, True),
        ("PortesBudgetBurnsSlowly", 10.0, 10_000.0, 24 * HOUR, False),
        ("PortesBudgetBurnsSlowly", 4.0, 5.0, 24 * HOUR, False),
        ("PortesBudgetBurnsSlowly", 30.0, 10_000.0, HOUR, False),
    ],
)


@BUDGET
def test_a_budget_burns_when_enough_answers_are_lost_of_a_known_time(
    alert: str, bad: float, answers: float, seconds: float, *, expected: bool
) -> None:
    assert fires(alert, *slo(bad, answers, seconds)) is expected


def offers(old: float = 0.0, fresh: float = 0.0, live: float = 0.0) -> list[Series]:
    """Offers a second of one store; those out of memory are old or fresh."""
    by_source = {"cache": old + fresh, "live": live}
    counts = [
        series("portes_offers_total", growing(rate), store="s", source=name) for name, rate in by_source.items() if rate
    ]
    if not old + fresh:
        return counts
    return [
        *counts,
        series("portes_offer_age_seconds_count", growing(old + fresh), store="s"),
        series("portes_offer_age_seconds_bucket", growing(fresh), store="s", le="7200.0"),
    ]


def fallback(uses: Course) -> list[Series]:
    """Ten questions a second to one carrier, so many of them priced by its fallback, beside a carrier without one."""
    return [
        series("portes_fallback_uses_total", uses, store="s", carrier="c", fallback="t", kind="rejected_request"),
        series("portes_carrier_seconds_count", growing(10), store="s", carrier="c"),
        series("portes_carrier_seconds_count", growing(1000), store="s", carrier="d"),
    ]


def until(moment: float, per_second: float) -> Course:
    return lambda now: per_second * min(now, moment)


@pytest.mark.parametrize(
    ("world", "expected"),
    [
        (fallback(growing(2)), ["PortesSellsByFallbacks"]),
        (fallback(growing(0.5)), []),
        (fallback(until(HOUR, 10)), []),
        (offers(old=9, live=1), ["PortesSellsByMemory"]),
        (offers(fresh=9, live=1), []),
        (offers(live=1), []),
    ],
    ids=["fallback for long", "a few of a fallback", "fallback an hour ago", "old memory", "fresh memory", "live"],
)
def test_a_store_that_sells_by_what_is_no_answer_of_today_is_told(world: list[Series], expected: list[str]) -> None:
    told = [alert for alert in RULES if alert.startswith("PortesSellsBy") and fires(alert, *world)]

    assert told == expected


@pytest.mark.parametrize(
    ("withheld", "expected"), [(growing(2), True), (growing(0.5), False), (until(HOUR, 10), False)]
)
def test_a_channel_that_holds_offers_back_for_long_is_told(withheld: Course, *, expected: bool) -> None:
    calls = series("portes_requests_total", growing(10), store="s", channel="c", status="503")
    held = series("portes_withheld_total", withheld, store="s", channel="c", delivery="normal")

    assert fires("PortesWithholds", calls, held) is expected


def test_a_rule_that_fails_is_told_from_its_first_failure_on() -> None:
    names = {"store": "s", "part": "rules.0", "plugin": "charm"}

    for count in (growing(0.01), until(2 * HOUR - 60, 0.1)):
        assert fires("PortesPluginFails", series("portes_plugin_failures_total", count, **names))
    assert not fires("PortesPluginFails", series("portes_plugin_failures_total", until(HOUR, 1), **names))


def test_a_processor_that_is_full_is_told_although_a_look_finds_it_free() -> None:
    busy = series("portes_loop_lag_seconds", lambda now: 0.0 if now % 60 == 0 else 0.3)
    hiccup = series("portes_loop_lag_seconds", lambda now: 5.0 if now == 2 * HOUR else 0.0)

    assert fires("PortesLags", busy)
    assert not fires("PortesLags", hiccup)


def test_a_worker_that_was_replaced_is_told() -> None:
    replaced = series("portes_workers_replaced_total", lambda now: float(now > 2 * HOUR - 600), cause="silent")

    assert fires("PortesWorkerReplaced", replaced)
    assert not fires("PortesWorkerReplaced", replaced, at=3 * HOUR)


def test_workers_that_stay_away_are_told_and_one_that_is_replaced_is_not() -> None:
    wanted = series("portes_workers_wanted", 2.0)

    assert fires("PortesWorkersMissing", wanted, series("portes_workers_answering", 1.0))
    starting = series("portes_workers_answering", lambda now: 1.0 if now > 2 * HOUR - 30 else 2.0)
    assert not fires("PortesWorkersMissing", wanted, starting)


def test_a_store_for_which_nobody_answers_is_told() -> None:
    down, up = (series("portes_store_workers", float(workers), store=f"{workers}") for workers in (0, 1))

    assert fires("PortesStoreDown", up, down)
    assert not fires("PortesStoreDown", up)


def test_a_contingency_table_that_passed_a_threshold_is_told() -> None:
    over, well = (series("portes_contingency_over", float(count), store="s", table=f"{count}") for count in (1, 0))

    assert fires("PortesContingencyDrifted", over, well)
    assert not fires("PortesContingencyDrifted", well)


@pytest.mark.parametrize(("age", "expected"), [(71 * HOUR, False), (73 * HOUR, True)])
def test_a_contingency_table_that_is_checked_no_more_is_told(age: float, *, expected: bool) -> None:
    checked = series("portes_contingency_checked_timestamp_seconds", 1000 * HOUR, store="s", table="t")

    assert fires("PortesContingencyUnchecked", checked, at=1000 * HOUR + age) is expected


def test_a_contingency_table_that_was_never_checked_wakes_nobody() -> None:
    assert not fires("PortesContingencyUnchecked", series("up", 1.0))
