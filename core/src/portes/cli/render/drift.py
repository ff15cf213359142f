"""What a check of a contingency table found, in lines, a table and JSON; it asks nobody."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from rich.table import Table

from portes.cli.render.screen import folding, plain, screen
from portes.cli.render.words import listed, many, when
from portes.contingency.drift.report import DriftedArea, DriftFigures, DriftReport, DriftSide
from portes.contract import Money
from portes.contract.money import exponent
from portes.contract.states import state_name, state_noun
from portes.errors import escaped_json

_MOST_AREAS: Final = 20
_FIGURES: Final = (
    "mean",
    "loss_per_thousand",
    "excess_per_thousand",
    "cheaper_percent",
    "dearer_percent",
)
_HEADS: Final = ("weight", "lanes", "too cheap", "too dear", "not covered", "mean", "median", "lost")
_SAYS: Final = {
    "row": "as the answers that it was built from say",
    "version": "as its version says",
    "file": "by the time of its file",
}


def drift_lines(report: DriftReport) -> Iterator[str]:
    """The findings: what was held against what, what it costs, how old it is, and which thresholds were passed."""
    days = (report.checked - report.since).days
    name = f"{report.table}@{report.version}" if report.version else report.table
    yield f"{name} of {report.store}, held against {many(report.receipts, 'receipt')} of {many(days, 'day')}."
    yield from _side_lines("receipts", report.against_receipts, report)
    if report.against_fresh is not None:
        yield from _side_lines("the fresh sample", report.against_fresh, report)
        if report.unasked:
            yield f"  {many(report.unasked, 'question')} of the sample cannot be asked any more"
    if report.older:
        told = f"{many(report.older, 'receipt')} of these are from before the table was made"
        yield f"  {told}, and may tell prices that were right then: a smaller --days leaves them out"
    yield from _terms_lines(report)
    yield from _taken_lines(report)
    if report.unreadable:
        yield f"{many(report.unreadable, 'receipt')} of another version of portes could not be read."
    yield from (f"Above a threshold: {one}." for one in report.over)


def _terms_lines(report: DriftReport) -> Iterator[str]:
    factor = f"by weight, or by volume at {plain_number(report.cubic_factor)} kg for a m³ where that is more"
    billed = factor if report.cubic_factor else "by their actual weight (--cubic-factor bills volume too)"
    yield f"Goods were billed {billed}."
    yield f"Too cheap and too dear are prices that are off by more than {plain_number(report.tolerance)} %."
    age = f"{many(int(report.age // 86_400), 'day')} before this check, {_SAYS[report.oldest_from]}"
    yield f"Its oldest price is of {when(report.oldest)}, {age}."


def _side_lines(name: str, side: DriftSide, report: DriftReport) -> Iterator[str]:
    total = side.total
    if total.compared:
        loss, excess = (_money(one, report) for one in (total.loss_per_thousand, total.excess_per_thousand))
        yield f"By {name}: {many(total.compared, 'lane')}, {_rates(total)}, {_difference(total, report)}."
        yield f"  Where it is cheaper, a thousand orders sold by it lose {loss}."
        yield f"  Where it is dearer, a thousand shoppers are asked {excess} too much in all: sales at risk."
    else:
        yield f"By {name}: no lane could be compared."
    if len(side.by_delivery) > 1:
        for delivery, one in side.by_delivery.items():
            yield f"  {delivery}: {many(one.compared, 'lane')}, {_rates(one)}, {_difference(one, report)}"
    yield from (f"  {count} not covered: {why}" for why, count in side.unpriced.items())
    yield from (f"  {count} not compared: {why}" for why, count in side.left_out.items())


def _rates(figures: DriftFigures) -> str:
    cheaper, dearer = plain_number(figures.cheaper_percent), plain_number(figures.dearer_percent)
    return f"{cheaper} % too cheap, {dearer} % too dear"


def _difference(figures: DriftFigures, report: DriftReport) -> str:
    median = figures.median or 0
    within = f" to {_money(median + figures.median_within, report)}" if figures.median_within else ""
    return f"table less live: mean {_money(figures.mean, report)}, median {_money(median, report)}{within}"


def _taken_lines(report: DriftReport) -> Iterator[str]:
    told = {
        "receipts": "by receipts, which tell of no call that was turned away (--admin does)",
        "service": "by --admin",
    }
    for one in report.taken:
        share = f"{one.taken} of {many(one.answers, 'answer')} ({plain_number(one.percent)} %)"
        yield f"{one.channel} could not use {share}, and sold by its table there, {told[report.taken_from]}."
        yield f"  A thousand questions lose {_money(one.cost_per_thousand, report)} by that."
    if report.unreplied:
        yield f"{many(report.unreplied, 'quote')} got no reply: the caller hung up, or somebody asked by hand."


def show_areas(report: DriftReport) -> None:
    """Print the areas that drifted, the dearest mistakes first; nothing where there are none."""
    if not report.drifted:
        return
    heads = "type", state_noun(report.country), *_HEADS
    table = Table(*heads, title=plain(f"Where it drifted, in {report.currency}"), title_justify="left")
    for area in report.drifted[:_MOST_AREAS]:
        table.add_row(*map(plain, _row(area, report)))
    screen().print(folding(table))
    if len(report.drifted) > _MOST_AREAS:
        screen().print(plain(f"and {len(report.drifted) - _MOST_AREAS} more; --json has them all"))


def _row(area: DriftedArea, report: DriftReport) -> tuple[str, ...]:
    figures = area.figures
    amounts = (figures.mean, figures.median or 0, figures.loss)
    return (
        area.delivery,
        place_words(area, report.country),
        weight_span(area),
        str(figures.compared),
        str(figures.cheaper),
        str(figures.dearer),
        str(figures.uncovered),
        *(str(Money(minor=amount, currency=report.currency).amount) for amount in amounts),
    )


def place_words(area: DriftedArea, country: str) -> str:
    """The state, by its code or its name, and its part: `SP, capital`, `Madrid, interior`."""
    parts = state_name(country, area.state), "" if area.part == "all" else area.part
    return listed(filter(None, parts), nothing=f"no known {state_noun(country)}")


def weight_span(area: DriftedArea) -> str:
    """The weights of an area, in kg."""
    above = f"{_kg(area.weight_above)} to " if area.weight_above else "up to "
    return f"{above}{_kg(area.weight_to)} kg" if area.weight_to else f"above {_kg(area.weight_above)} kg"


def plain_number(number: Decimal) -> str:
    """A number without zeros at its end."""
    return f"{number.normalize():f}"


def _kg(grams: int) -> str:
    whole, rest = divmod(grams, 1000)
    return f"{whole}.{rest:03}".rstrip("0").rstrip(".")


def kept_line(file: Path | None) -> str:
    """Where the report is kept."""
    return f"Kept in {file}; /metrics tells it." if file else ""


def drift_json(report: DriftReport) -> str:
    """The report as JSON, as it is kept, with what follows from its counts; money in minor units."""
    told = report.model_dump(mode="json")
    told["age_seconds"] = int(report.age)
    told["currency_decimals"] = exponent(report.currency)
    for side, own in (("against_receipts", report.against_receipts), ("against_fresh", report.against_fresh)):
        if own is not None:
            _add_figures(told[side]["total"], own.total)
            for delivery, figures in own.by_delivery.items():
                _add_figures(told[side]["by_delivery"][delivery], figures)
            _add_areas(told[side]["areas"], own.areas)
    _add_areas(told["drifted"], report.drifted)
    for one, share in zip(told["taken"], report.taken, strict=True):
        one["percent"] = str(share.percent)
    return escaped_json(json.dumps(told, ensure_ascii=False, indent=2))


def _add_areas(told: list[Any], areas: tuple[DriftedArea, ...]) -> None:
    for one, area in zip(told, areas, strict=True):
        _add_figures(one["figures"], area.figures)


def _add_figures(told: dict[str, Any], figures: DriftFigures) -> None:
    for name in _FIGURES:
        value = getattr(figures, name)
        told[name] = value if isinstance(value, int) else str(value)


def _money(minor: int, report: DriftReport) -> str:
    return str(Money(minor=minor, currency=report.currency))
