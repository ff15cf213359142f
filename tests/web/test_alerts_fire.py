"""The example alerts over invented histories: which fire, and which stay quiet."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import promql_parser as promql
import pytest
import yaml

FILE: Final = Path(__file__).parents[2] / "docs" / "alerts" / "portes.yml"
RULES: Final[dict[str, dict[str, Any]]] = {
    rule["alert"]: rule
    for group in yaml.safe_load(FILE.read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
}
LOOK: Final = 15.0
"""Seconds from one scrape, and one evaluation, to the next."""
HOUR: Final = 3600.0

Labels = frozenset[tuple[str, str]]
Vector = dict[Labels, float]
Course = Callable[[float], float]
"""The value of a series at a moment, in seconds since it began."""


class Series(NamedTuple):
    name: str
    labels: Labels
    at: Course


def series(name: str, at: Course | float, **labels: str) -> Series:
    return Series(name, frozenset(labels.items()), at if callable(at) else lambda _: at)


def growing(per_second: float) -> Course:
    return lambda now: per_second * now


def fires(alert: str, *world: Series, at: float = 2 * HOUR) -> bool:
    """Whether an alert fires at a moment: its expression has held for one set of labels for as long as it wants."""
    rule = RULES[alert]
    expression = promql.parse(rule["expr"])
    seconds = promql.parse_duration(rule["for"]).total_seconds() if "for" in rule else 0.0
    held: set[Labels] | None = None
    for step in range(int(seconds / LOOK) + 1):
        found = set(vector(expression, at - step * LOOK, world))
        held = found if held is None else held & found
    return bool(held)


# What of Prometheus's language the rules use; whatever else they come to use is a KeyError here.


def evaluated(expr: promql.Expr, now: float, world: tuple[Series, ...]) -> Vector | float:
    match expr:
        case promql.NumberLiteral():
            return expr.val
        case promql.ParenExpr():
            return evaluated(expr.expr, now, world)
        case promql.VectorSelector():
            past = now - (expr.offset.total_seconds() if expr.offset else 0.0)
            return {one.labels: one.at(past) for one in selected(expr, world)} if past >= 0 else {}
        case promql.AggregateExpr():
            return added_up(vector(expr.expr, now, world), expr)
        case promql.Call():
            return RANGES[expr.func.name](expr.args, now, world)
        case promql.BinaryExpr():
            return joined(expr, evaluated(expr.lhs, now, world), evaluated(expr.rhs, now, world))
    raise TypeError(expr)


def vector(expr: promql.Expr, now: float, world: tuple[Series, ...]) -> Vector:
    found = evaluated(expr, now, world)
    assert isinstance(found, dict)
    return found


def selected(selector: promql.VectorSelector, world: tuple[Series, ...]) -> list[Series]:
    return [
        one
        for one in world
        if one.name == selector.name and all(fits(matcher, dict(one.labels)) for matcher in selector.matchers.matchers)
    ]


def fits(matcher: promql.Matcher, labels: Mapping[str, str]) -> bool:
    pattern = re.escape(matcher.value) if matcher.op == promql.MatchOp.Equal else matcher.value
    return re.fullmatch(pattern, labels.get(matcher.name, "")) is not None


def added_up(found: Vector, expr: promql.AggregateExpr) -> Vector:
    assert (str(expr.op), expr.modifier and expr.modifier.type) == ("sum", promql.AggModifierType.By)
    sums: Vector = {}
    for labels, value in found.items():
        key = kept(labels, expr.modifier.labels if expr.modifier else [])
        sums[key] = sums.get(key, 0.0) + value
    return sums


def kept(labels: Labels, names: list[str]) -> Labels:
    return frozenset(pair for pair in labels if pair[0] in names)


def looks(selector: promql.MatrixSelector, now: float, world: tuple[Series, ...]) -> dict[Labels, list[float]]:
    """What scrapes saw of each series in a range of time."""
    moments = [now - step * LOOK for step in range(int(selector.range.total_seconds() / LOOK) + 1)]
    return {
        one.labels: [one.at(moment) for moment in reversed(moments) if moment >= 0]
        for one in selected(selector.vector_selector, world)
    }


def rate(args: list[Any], now: float, world: tuple[Series, ...], seconds: float = 1.0) -> Vector:
    """Of counts that never begin anew."""
    return {
        labels: (seen[-1] - seen[0]) / (LOOK * (len(seen) - 1)) * seconds
        for labels, seen in looks(args[0], now, world).items()
    }


def increase(args: list[Any], now: float, world: tuple[Series, ...]) -> Vector:
    return rate(args, now, world, args[0].range.total_seconds())


def time(_args: list[Any], now: float, _world: tuple[Series, ...]) -> float:
    return now


def quantile_over_time(args: list[Any], now: float, world: tuple[Series, ...]) -> Vector:
    share, selector = args
    return {labels: sorted(seen)[int(share.val * len(seen))] for labels, seen in looks(selector, now, world).items()}


RANGES: Final[dict[str, Callable[[list[Any], float, tuple[Series, ...]], Vector | float]]] = {
    "rate": rate,
    "increase": increase,
    "quantile_over_time": quantile_over_time,
    "time": time,
}
SUMS: Final[dict[str, Callable[[float, float], float]]] = {
    "+": lambda left, right: left + right,
    "-": lambda left, right: left - right,
    "*": lambda left, right: left * right,
    "/": lambda left, right: left / right,
}
CHOICES: Final[dict[str, Callable[[float, float], bool]]] = {
    ">": lambda left, right: left > right,
    "==": lambda left, right: left == right,
}


def joined(expr: promql.BinaryExpr, left: Vector | float, right: Vector | float) -> Vector | float:
    operator, key = str(expr.op), partial(matched, expr.modifier)
    if isinstance(left, float) and isinstance(right, float):
        return SUMS[operator](left, right)
    if operator in {"and", "or", "unless"}:
        assert isinstance(left, dict)
        assert isinstance(right, dict)
        return together(operator, left, right, key)
    return {labels: value for labels, value in paired(operator, left, right, key) if value is not None}


def paired(
    operator: str, left: Vector | float, right: Vector | float, key: Callable[[Labels], Labels]
) -> list[tuple[Labels, float | None]]:
    if isinstance(left, float):
        assert isinstance(right, dict)
        return [(labels, combined(operator, left, value)) for labels, value in right.items()]
    if isinstance(right, float):
        return [(labels, combined(operator, value, right)) for labels, value in left.items()]
    others = {key(labels): value for labels, value in right.items()}
    return [
        (labels, combined(operator, value, others[key(labels)]))
        for labels, value in left.items()
        if key(labels) in others
    ]


def combined(operator: str, left: float, right: float) -> float | None:
    if operator in CHOICES:
        return left if CHOICES[operator](left, right) else None
    return SUMS[operator](left, right)


def together(operator: str, left: Vector, right: Vector, key: Callable[[Labels], Labels]) -> Vector:
    there, here = {key(labels) for labels in right}, {key(labels) for labels in left}
    if operator == "or":
        return {**left, **{labels: value for labels, value in right.items() if key(labels) not in here}}
    return {labels: value for labels, value in left.items() if (key(labels) in there) is (operator == "and")}


def matched(modifier: promql.BinModifier | None, labels: Labels) -> Labels:
    """The labels that have to be equal on both sides."""
    matching = modifier.matching if modifier else None
    if matching is None:
        return labels
    excludes = matching.type == promql.LabelModifierType.Exclude
    return frozenset(pair for pair in labels if (pair[0] in matching.labels) is not excludes)


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
