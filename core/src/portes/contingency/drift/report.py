"""What a check of a table found, as it is told and kept."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Annotated, Final, Literal

from pydantic import AwareDatetime, Field

from portes.contingency.drift.regions import StatePart
from portes.contingency.drift.taken import TakenCounts
from portes.contingency.drift.tally import BRACKETS, Comparisons, Tally, TallyKey, per_thousand
from portes.contract.base import Natural, Noun, Text
from portes.contract.money import Currency
from portes.contract.postal import postal_form
from portes.contract.rounding import quotient
from portes.contract.states import Ranges

DRIFTED_FROM: Final = Decimal(5)
"""Percent of an area's lanes that are too cheap, too dear or without a price, above which it has drifted."""

Minor = Annotated[int, Field(strict=True)]
"""Money in minor units of the report's currency; below zero where the table is cheaper."""
Percentage = Annotated[Decimal, Field(ge=0)]


class DriftFigures(Noun):
    """What became of some comparisons of the table with live prices; money in minor units."""

    compared: Natural
    """Lanes that both priced: what would be sold by the table."""
    cheaper: Natural
    """Of these, where the table is cheaper than live by more than the tolerance."""
    dearer: Natural
    """Of these, where it is dearer by more than the tolerance."""
    uncovered: Natural
    """Lanes beside these that were served live and that the table has no price for."""
    loss: Natural
    """By how much the table is cheaper, added up, whatever the tolerance."""
    excess: Natural
    """By how much it is dearer, added up."""
    median: Minor | None
    """The middle one of the differences, table less live; None of nothing."""
    median_within: Natural = 0
    """By how much at most the median is more than told."""

    @classmethod
    def of(cls, tally: Tally) -> "DriftFigures":
        """The figures of a tally."""
        names = ("compared", "cheaper", "dearer", "uncovered", "loss", "excess")
        spread = tally.differences
        counts = {name: getattr(tally, name) for name in names}
        return cls(**counts, median=spread.middle(), median_within=spread.step - 1)

    @property
    def mean(self) -> int:
        """The mean difference, table less live, to the nearest minor unit; 0 of nothing."""
        return quotient(self.excess - self.loss, self.compared, "half_up") if self.compared else 0

    @property
    def loss_per_thousand(self) -> int:
        """What is lost on a thousand orders that are sold by the table."""
        return per_thousand(self.loss, self.compared)

    @property
    def excess_per_thousand(self) -> int:
        """By how much a thousand orders are too dear, so that some of them are not made."""
        return per_thousand(self.excess, self.compared)

    @property
    def cheaper_percent(self) -> Decimal:
        """Percent of the compared lanes that are too cheap, to four places."""
        return percent_of(self.cheaper, self.compared)

    @property
    def dearer_percent(self) -> Decimal:
        """Percent of the compared lanes that are too dear, to four places."""
        return percent_of(self.dearer, self.compared)

    @property
    def drifted(self) -> bool:
        """Whether more of the lanes are wrong than `DRIFTED_FROM` says."""
        wrong = self.cheaper + self.dearer + self.uncovered
        return wrong * 100 > DRIFTED_FROM * (self.compared + self.uncovered)


class DriftedArea(Noun):
    """A delivery type, a part of a state and a weight bracket, with its figures."""

    delivery: Text
    state: str
    """`SP`, `28`; empty where the codes lie in no state that is known: then `ranges` are those of the country."""
    part: str
    """`capital`, `interior`, or `all` where the state's capital has no published codes; empty where the state is."""
    ranges: tuple[tuple[str, str], ...]
    """First and last postal codes of the part, inclusive."""
    weight_above: Natural
    """Grams: the lower border of the bracket, which belongs to the one below."""
    weight_to: Natural | None
    """Grams: the upper border, inclusive; None without one."""
    figures: DriftFigures

    @classmethod
    def of(cls, key: TallyKey, tally: Tally, country: str) -> "DriftedArea":
        """The area of what was counted together."""
        _, place, bracket = key
        return cls(
            delivery=key.delivery,
            state=place.state,
            part=place.part,
            ranges=_ranges(place, country),
            weight_above=BRACKETS[bracket - 1] if bracket else 0,
            weight_to=BRACKETS[bracket] if bracket < len(BRACKETS) else None,
            figures=DriftFigures.of(tally),
        )


class DriftSide(Noun):
    """What was found against one kind of truth: receipts, or a fresh sample."""

    total: DriftFigures
    by_delivery: dict[str, DriftFigures]
    areas: tuple[DriftedArea, ...]
    """Those that drifted and those that did not, the dearest mistakes first."""
    left_out: dict[str, Natural]
    """How much was not compared, by why."""
    unpriced: dict[str, Natural]
    """How much the table has no price for, by why."""

    @classmethod
    def of(cls, found: Comparisons, country: str) -> "DriftSide":
        """What came of comparisons."""
        areas = [DriftedArea.of(key, tally, country) for key, tally in found.tallies.items()]
        types = sorted({key.delivery for key in found.tallies})
        totals = {one: found.total(key for key in found.tallies if key.delivery == one) for one in types}
        return cls(
            total=DriftFigures.of(found.total()),
            by_delivery={one: DriftFigures.of(tally) for one, tally in totals.items()},
            areas=tuple(sorted(areas, key=_weight, reverse=True)),
            left_out=dict(found.left_out.most_common()),
            unpriced=dict(found.unpriced.most_common()),
        )


class TakenShare(Noun):
    """How many answers of a channel the marketplace could not use, so that it sold by its own table."""

    channel: Text
    answers: Natural
    taken: Natural
    cost_per_thousand: Natural
    """What that costs on a thousand questions, in minor units: the loss on a thousand orders by the share taken."""

    @classmethod
    def of(cls, channel: str, counts: TakenCounts, loss: int, compared: int) -> "TakenShare":
        """The share, and its cost where so many lanes that the table priced lost so much in all."""
        divisor = compared * counts.answers
        cost = quotient(loss * 1000 * counts.taken, divisor, "half_up") if divisor else 0
        return cls(channel=channel, answers=counts.answers, taken=counts.taken, cost_per_thousand=cost)

    @property
    def percent(self) -> Decimal:
        """Percent of the answers that were taken from the table, to four places."""
        return percent_of(self.taken, self.answers)


class DriftReport(Noun):
    """What a check of a table found; it holds no question, no SKU and no postal code that anybody asked about."""

    store: Text
    table: Text
    """The name of the stored table, or of the file."""
    version: Natural = 0
    """Its number; 0 for a file."""
    fingerprint: str
    """Changes with the table's content."""
    country: str
    currency: Currency
    checked: AwareDatetime
    since: AwareDatetime
    """From when on receipts were read."""
    oldest: AwareDatetime
    """When the oldest price of the table was found out, as far as is known."""
    oldest_from: Literal["row", "version", "file"]
    """Who says so: the answers that the table was built from, the table's version, or the time of its file."""
    cubic_factor: Decimal
    """kg that the portal bills a cubic metre as; 0 for the actual weight."""
    tolerance: Percentage
    """Percent of the live price by which the table's may be another."""
    receipts: Natural
    """How many were read."""
    older: Natural = 0
    """How many of them were asked before the table was made."""
    unreadable: Natural = 0
    """How many were written by another version of the product, and not read."""
    unasked: Natural = 0
    """Questions of the fresh sample that the store does not take any more."""
    against_receipts: DriftSide
    against_fresh: DriftSide | None = None
    """None where no fresh sample was asked for."""
    taken: tuple[TakenShare, ...] = ()
    taken_from: Literal["receipts", "service"] = "receipts"
    """Receipts, which know nothing of calls that were turned away, or the history of the running service."""
    unreplied: Natural = 0
    """Quotes for a channel without a reply: the caller hung up, or somebody asked by hand."""
    over: tuple[str, ...] = ()
    """The thresholds that were passed, in words."""
    drifted: tuple[DriftedArea, ...] = ()
    """Where to ask again: the areas that drifted, by the fresh sample where there is one, else by receipts."""

    @property
    def figures(self) -> DriftFigures:
        """The figures that are told first: those of receipts, of the fresh sample where no receipt tells a price."""
        total = self.against_receipts.total
        return total if total.compared or self.against_fresh is None else self.against_fresh.total

    @property
    def age(self) -> float:
        """Seconds from the oldest price to the check."""
        return (self.checked - self.oldest).total_seconds()


def drifted_areas(sides: Iterable[DriftSide | None]) -> Iterator[DriftedArea]:
    """The areas that drifted on any side, each once; the first side that knows an area tells it."""
    seen: set[tuple[str, str, str, int]] = set()
    for side in sides:
        for area in side.areas if side else ():
            key = area.delivery, area.state, area.part, area.weight_above
            if area.figures.drifted and key not in seen:
                seen.add(key)
                yield area


def percent_of(part: int, whole: int) -> Decimal:
    """A share in percent, to four places; 0 of nothing."""
    return Decimal(quotient(part * 100 * 10**4, whole, "half_up")).scaleb(-4) if whole else Decimal(0)


def _ranges(place: StatePart, country: str) -> Ranges:
    return place.ranges or (postal_form(country).ends,)


def _weight(area: DriftedArea) -> tuple[int, int, int]:
    return area.figures.loss, area.figures.excess, area.figures.uncovered
