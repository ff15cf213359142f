"""Invented histories of metrics, and whether an example alert fires on them: as much of PromQL as the alerts use."""

import re
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

import promql_parser as promql
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
