"""Reads receipts and asks anew, and makes a report of what a table has come to."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Final, Literal, NamedTuple

from portes.contingency.drift.compare import LaneComparer
from portes.contingency.drift.prices import TablePrices
from portes.contingency.drift.report import DriftReport, DriftSide, TakenShare, drifted_areas
from portes.contingency.drift.sample import FreshAsker, Reservoir, drawn_lanes, request_again, request_for
from portes.contingency.drift.taken import TakenCounts, TakenTally
from portes.contingency.drift.tally import tolerance_of
from portes.contingency.goods import Goods
from portes.contingency.recipe import CHANNEL
from portes.contingency.sampling import LanePoint
from portes.contract import QuoteRequest
from portes.engine.policy import Policy
from portes.receipts.database import ReceiptDatabase
from portes.receipts.offers import FREE, Json, OfferedQuote, offered_quote
from portes.tables import Row

BY_HAND: Final = "asked by hand, by no marketplace"
OTHER_CHANNEL: Final = "asked by another channel"
"""Why a receipt is not compared."""

_BY_HAND: Final = frozenset({CHANNEL, "cli"})
_TELL_EVERY: Final = 1000

Progress = Callable[[datetime], None]
"""Told now and then which moment the receipts that are read have come to."""


class CheckedTable(NamedTuple):
    """A table that is checked, and how old it is."""

    name: str
    prices: TablePrices
    oldest: datetime
    """When its oldest price was found out, as far as is known; aware."""
    oldest_from: Literal["row", "version", "file"]
    number: int = 0
    """The number of its version; 0 for a file."""
    goods: Goods = Goods(300_000)
    """What its weights stand for, where a question has to be made up."""
    kept: datetime | None = None
    """When its version was kept, where its oldest price is from before; aware."""
    rules: tuple[str, ...] = ()
    """The rules, by name or place, that went into it though they hang on the cart, as far as is known."""

    @property
    def made(self) -> datetime:
        """Since when it is what it is, as far as is known; receipts from before may rightly tell other prices."""
        return self.kept or self.oldest


class DriftTerms(NamedTuple):
    """What a table is held against, and how strictly."""

    store: str
    since: datetime
    now: datetime
    tolerance: Decimal
    """Percent of the live price."""
    limits: Mapping[str, float]
    """Seconds after which the marketplace discards an answer, by channel of the store."""
    channel: str = ""
    """The only channel whose questions count; empty for all."""
    draw: int = 0
    """How many of the questions are to be drawn, to be asked again."""


@dataclass
class ReceiptsRead:
    """All that the receipts of a time told."""

    comparer: LaneComparer
    taken: TakenTally
    drawn: Reservoir[Json]
    """Questions that were offered something, drawn as often as they were asked."""
    count: int = 0
    older: int = 0
    """How many were asked before the table was made."""
    unreadable: int = 0


@dataclass
class FreshRead:
    """All that a fresh sample told."""

    comparer: LaneComparer
    unasked: int = 0


def read_receipts(path: Path, table: CheckedTable, terms: DriftTerms, progress: Progress) -> ReceiptsRead:
    """Hold the receipts of a database against a table. Raises `ReceiptDatabaseError`."""
    comparer = LaneComparer(table.prices, tolerance_of(terms.tolerance))
    read = ReceiptsRead(comparer, TakenTally(terms.limits), Reservoir(terms.draw))
    since, until = (int(moment.timestamp() * 1000) for moment in (terms.since, terms.now))
    with closing(ReceiptDatabase(path)) as database:
        for line in database.lines(terms.store, since, until):
            try:
                quote = offered_quote(line)
            except ValueError:
                read.unreadable += 1
                continue
            if terms.since <= quote.moment <= terms.now:
                read.count += 1
                read.older += quote.moment < table.made
                _take(quote, read, terms.channel)
                if not read.count % _TELL_EVERY:
                    progress(quote.moment)
    progress(terms.now)
    return read


def lanes_of_table(table: CheckedTable, number: int) -> list[LanePoint]:
    """So many lanes of a table, somewhere in its rows that have a price; none where it has no such row."""
    reservoir = Reservoir[Row](number)
    for row in table.prices.table.rows():
        if row.price >= 0:
            reservoir.offer(row)
    return [*drawn_lanes(reservoir.drawn, number, table.prices.table.country)]


def ask_again(
    asked: Iterable[Json], table: CheckedTable, policy: Policy, terms: DriftTerms, pause: Callable[[], None]
) -> FreshRead:
    """Hold what a store offers now for questions that were drawn against a table; a pause comes before each."""
    requests: list[QuoteRequest] = []
    unasked = 0
    for one in asked:
        try:
            requests.append(request_again(one))
        except ValueError:
            unasked += 1
    fresh = ask(requests, table, policy, terms, pause)
    fresh.unasked += unasked
    return fresh


def ask_lanes(
    lanes: Iterable[LanePoint], table: CheckedTable, policy: Policy, terms: DriftTerms, pause: Callable[[], None]
) -> FreshRead:
    """Hold what a store offers now on lanes that were drawn from a table against it."""
    return ask([request_for(lane, policy, table.goods) for lane in lanes], table, policy, terms, pause)


def ask(
    requests: Iterable[QuoteRequest], table: CheckedTable, policy: Policy, terms: DriftTerms, pause: Callable[[], None]
) -> FreshRead:
    """Hold what a store offers now for some questions against a table."""
    fresh = FreshRead(LaneComparer(table.prices, tolerance_of(terms.tolerance)))
    with closing(FreshAsker(policy)) as asker:
        for request in requests:
            pause()
            quote = asker.ask(request)
            if quote is None:
                fresh.unasked += 1
            else:
                fresh.comparer.compare(quote.lanes, quote.left_out)
    return fresh


@dataclass(frozen=True)
class Found:
    """All that a check found, to be told."""

    table: CheckedTable
    terms: DriftTerms
    receipts: ReceiptsRead
    fresh: FreshRead | None = None
    of_service: Mapping[str, TakenCounts] | None = field(default=None)
    """What a running service says of its channels, in place of what receipts tell."""

    def report(self) -> DriftReport:
        """The report, without the thresholds that were passed."""
        prices, fresh = self.table.prices, self.fresh
        against = DriftSide.of(self.receipts.comparer.comparisons, prices.table.country)
        anew = None if fresh is None else DriftSide.of(fresh.comparer.comparisons, prices.table.country)
        told = against.total if against.total.compared or anew is None else anew.total
        counts = self.receipts.taken.counts if self.of_service is None else self.of_service
        return DriftReport(
            store=self.terms.store,
            table=self.table.name,
            version=self.table.number,
            fingerprint=prices.table.fingerprint,
            country=prices.table.country,
            currency=prices.table.currency,
            checked=self.terms.now,
            since=self.terms.since,
            oldest=self.table.oldest,
            oldest_from=self.table.oldest_from,
            cubic_factor=prices.cubic_factor,
            tolerance=self.terms.tolerance,
            receipts=self.receipts.count,
            older=self.receipts.older,
            unreadable=self.receipts.unreadable,
            unasked=0 if fresh is None else fresh.unasked,
            against_receipts=against,
            against_fresh=anew,
            taken=tuple(
                TakenShare.of(channel, one, told.loss, told.compared) for channel, one in sorted(counts.items())
            ),
            taken_from="receipts" if self.of_service is None else "service",
            unreplied=self.receipts.taken.unreplied,
            drifted=tuple(drifted_areas([anew, against])),
        )


def _take(quote: OfferedQuote, read: ReceiptsRead, channel: str) -> None:
    """Count what a receipt tells."""
    if channel and quote.channel != channel:
        read.comparer.comparisons.left_out[OTHER_CHANNEL] += 1
    elif quote.channel in _BY_HAND:
        read.comparer.comparisons.left_out[BY_HAND] += 1
    else:
        read.taken.add(quote)
        read.comparer.compare(quote.lanes, quote.left_out)
        if quote.lanes or FREE in quote.left_out:
            read.drawn.offer(quote.request)
