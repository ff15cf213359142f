"""A corrected copy of a table: what has one right answer is mended, what is a guess where that is asked for.

The copy is in the format `plain`, its rows in the order of the file. A price is never invented for a place without
one, and what only a person can know is left as it stands.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final, NamedTuple

from portes.tables.audit.auditing import AuditReport, audit_source
from portes.tables.audit.findings import AuditFinding
from portes.tables.audit.lanes import AuditLanes
from portes.tables.audit.plain_copy import write_copy
from portes.tables.audit.splitting import RangePieces, split_overlaps
from portes.tables.progress import Progress
from portes.tables.protocol import REFUSED, ReadOptions, Row
from portes.tables.writing.protocol import WriteOptions

_ROUNDS: Final = 4
"""Times that the copy is looked at again: what is mended may bring out what it hid."""


class Mended(NamedTuple):
    """What was done about one finding, or why nothing was."""

    code: str
    done: int
    """Cases that were mended."""
    left: int
    """Cases that were left to a person."""
    words: str


@dataclass(frozen=True, slots=True)
class MendedTable:
    """A corrected copy of a table, and what was done."""

    content: bytes
    """The copy, in the format `plain`."""
    steps: tuple[Mended, ...]
    """In the order in which they were taken."""
    changed: int
    """Rows of the file that have other cells in the copy."""
    dropped: int
    """Rows of the file that the copy does not have."""
    added: int
    """Rows that the copy has beside those of the file, where a range was split."""
    again: AuditReport
    """The audit of the copy."""
    read_with: str
    """What must be declared about the copy, beside what is declared about the file; empty for nothing."""


class MendChoice(NamedTuple):
    """What may be mended."""

    guesses: bool = False
    """Whether likely answers count too."""
    only: Collection[str] = ()
    """Codes that are mended and no others; empty for no such limit. A guess that is named counts."""

    def takes(self, finding: AuditFinding) -> bool:
        """Whether a finding is to be mended."""
        kind = finding.kind
        if self.only:
            return kind.code in self.only and kind.mend != "person"
        return kind.mend == "sure" or (self.guesses and kind.mend == "guess")


def mend_table(report: AuditReport, choice: MendChoice, progress: Progress | None = None) -> MendedTable:
    """The corrected copy of an audited table; its source is not touched.

    Raises `SettingsError` where the format `plain` cannot say what a row says.
    """
    steps: list[Mended] = []
    now, origin = report, list[int](range(len(report.rows)))
    content = b""
    options, read_with = _options_of_copy(report)
    for _ in range(_ROUNDS):
        copy = _Copy(now, choice)
        taken = [*copy.take()]
        steps += taken
        kept = [*copy.rows()]
        origin = [origin[at] for at, _ in kept]
        content = write_copy([row for _, row in kept], WriteOptions(options.country, options.currency))
        now = audit_source(report.file, content, "plain", options, progress)
        if not any(step.done for step in taken) or not any(map(choice.takes, now.findings)):
            break
    steps += _left(now)
    changed, dropped, added = _difference(report, now, origin)
    return MendedTable(content, tuple(steps), changed, dropped, added, now, read_with)


class _Copy:
    """The rows of an audited table, with what is mended of them."""

    def __init__(self, report: AuditReport, choice: MendChoice) -> None:
        self._report = report
        self._choice = choice
        self._dropped: set[int] = set()
        self._new: dict[int, Row] = {}
        self._pieces: RangePieces = {}
        self._hands: dict[str, Callable[[int, int], bool]] = {
            "duplicate-same": self._drop,
            "unreachable": self._drop,
            "bracket-empty": self._drop_empty,
            "hole-printed": self._begin_at,
            "days-backwards": self._swap_days,
            "range-backwards": self._swap_codes,
            "bracket-backwards": self._swap_borders,
            "duplicate-different": self._drop_cheaper,
            "price-falls": self._set_price,
            "decimal-lost": self._shift_price,
            "column-decimal": self._shift_price,
            "weight-decimal": self._set_border,
            "days-hours": self._divide_days,
        }
        """By code, what mends a row with the value of its case; it says whether it could."""

    def take(self) -> Iterator[Mended]:
        """Mend what may be mended, and say of each kind what was done."""
        for finding in self._report.findings:
            if not self._choice.takes(finding):
                continue
            code = finding.kind.code
            if code in self._hands:
                pairs = zip(finding.rows, finding.values, strict=True)
                done = sum(self._hands[code](at, value) for at, value in pairs)
            else:
                done = self._split(code)
            yield Mended(code, done, finding.count - done, finding.fix)

    def rows(self) -> Iterator[tuple[int, Row]]:
        """The rows of the copy, each with the position of the one that it comes from."""
        rows, form = self._report.rows, self._report.rows.form
        for at in range(len(rows)):
            if at in self._dropped:
                continue
            row = self._new.get(at) or rows.row(at)
            for first, last in self._pieces.get(at, ((-1, -1),)):
                whole = first < 0
                yield at, row if whole else row._replace(postal_from=form.text(first), postal_to=form.text(last))

    def _row(self, at: int) -> Row:
        return self._new.get(at) or self._report.rows.row(at)

    def _change(self, at: int, **fields: Any) -> bool:  # noqa: ANN401 — fields of a row
        self._new[at] = self._row(at)._replace(**fields)
        return True

    def _drop(self, at: int, _value: int = 0) -> bool:
        self._dropped.add(at)
        return True

    def _drop_empty(self, at: int, _value: int) -> bool:
        """Drop a bracket that holds nothing, unless its border is missing elsewhere: then a person has to look."""
        rows = self._report.rows
        border = rows.lows[at]
        here = rows.scope_of[at], rows.firsts[at], rows.lasts[at]
        closed = any(rows.lows[one] <= border <= rows.highs[one] for one in self._beside[here] if one != at)
        return closed and self._drop(at)

    @cached_property
    def _beside(self) -> dict[tuple[int, int, int], list[int]]:
        """The rows of each scope and range."""
        rows = self._report.rows
        beside: dict[tuple[int, int, int], list[int]] = {}
        for at, here in enumerate(zip(rows.scope_of, rows.firsts, rows.lasts, strict=True)):
            beside.setdefault(here, []).append(at)
        return beside

    def _drop_cheaper(self, at: int, other: int) -> bool:
        """Keep the row whose decimal sign nobody doubts, else the dearer: invoices are seldom the cheaper one's."""
        if (at in self._doubted) != (other in self._doubted):
            return self._drop(at if at in self._doubted else other)
        prices = self._report.rows.prices
        return self._drop(at if prices[at] <= prices[other] else other)

    @cached_property
    def _doubted(self) -> set[int]:
        """Rows whose price has a lost decimal sign, as it seems."""
        return {at for one in self._report.findings if one.kind.code == "decimal-lost" for at in one.rows}

    def _begin_at(self, at: int, border: int) -> bool:
        return self._change(at, weight_from=border)

    def _set_price(self, at: int, price: int) -> bool:
        return self._change(at, price=price)

    def _swap_codes(self, at: int, _value: int) -> bool:
        row = self._row(at)
        return self._change(at, postal_from=row.postal_to, postal_to=row.postal_from)

    def _swap_borders(self, at: int, _value: int) -> bool:
        row = self._row(at)
        return self._change(at, weight_from=row.weight_to, weight_to=row.weight_from)

    def _swap_days(self, at: int, _value: int) -> bool:
        terms = self._row(at).terms
        return self._change(at, terms=terms._replace(days_min=terms.days_max, days_max=terms.days_min))

    def _divide_days(self, at: int, value: int) -> bool:
        terms = self._row(at).terms
        return self._change(
            at, terms=terms._replace(days_min=-(-terms.days_min // value), days_max=-(-terms.days_max // value))
        )

    def _shift_price(self, at: int, factor: int) -> bool:
        if not factor:
            return False
        price = self._row(at).price
        return self._change(at, price=price // factor if factor > 0 else price * -factor)

    def _set_border(self, at: int, border: int) -> bool:
        if border < 0:
            return self._change(at, weight_from=-border)
        row = self._row(at)
        extra = border if row.extra_from == row.weight_to else row.extra_from
        return self._change(at, weight_to=border, extra_from=extra)

    def _split(self, code: str) -> int:
        """Split the ranges that overlap; how many cases that mended."""
        lanes = AuditLanes(self._report.rows)
        pieces, done = split_overlaps(lanes, different=code == "overlap-different")
        self._pieces |= pieces
        return done


def _options_of_copy(report: AuditReport) -> tuple[ReadOptions, str]:
    """How the copy is read, and what of that has to be said: a row without service is a price of 0 in it."""
    options = report.rows.options
    refuses = REFUSED in report.rows.prices
    return ReadOptions(
        options.country,
        options.currency,
        zero_price="refuse" if refuses else options.zero_price,
        overlap=options.overlap,
        hole=options.hole,
        of_fees=options.of_fees,
    ), 'zero_price = "refuse" (--zero-price refuse)' if refuses and options.zero_price != "refuse" else ""


def _left(report: AuditReport) -> Iterator[Mended]:
    """What the copy still has."""
    for finding in report.findings:
        yield Mended(finding.kind.code, 0, finding.count, finding.fix)


def _difference(report: AuditReport, copy: AuditReport, origin: Sequence[int]) -> tuple[int, int, int]:
    """Rows of a table that are changed and gone in its copy, and rows that it has more."""
    seen: set[int] = set()
    changed: set[int] = set()
    for at, before in enumerate(origin):
        old, new = report.rows.row(before), copy.rows.row(at)
        seen.add(before)
        if old[1:9] != new[1:9]:
            changed.add(before)
    return len(changed), len(report.rows) - len(seen), len(origin) - len(seen)
