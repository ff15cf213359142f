"""What is odd about a row by itself, or beside the table as a whole."""

from collections import Counter
from decimal import Decimal
from itertools import chain
from typing import Final

from portes.contract.money import exponent
from portes.tables.audit.findings import FindingCollector
from portes.tables.audit.rows import AuditRows
from portes.tables.protocol import MICROS, NO_LIMIT, Fee
from portes.tables.questions import meant_unit, weight_words

_LONGEST: Final = 60
"""Business days that no carrier of the two countries takes."""
_OF_VALUE: Final = frozenset({"base", "ad_valorem", "risk_management", "risk"})
"""Fees whose percentages are of the declared value."""
_HIGH: Final = 10 * 10**6
"""Millionths of a percent: ten percent of the declared value."""
_LOW: Final = 10**4
"""A hundredth of a percent."""
_HOURS: Final = 24
_USUAL: Final = 30_000_000
"""Milligrams of the heaviest parcel that most carriers take: 30 kg."""


def check_rows(rows: AuditRows, found: FindingCollector) -> None:
    """Find what a row shows by itself: nothing held, days, prices and percentages that nobody means."""
    by_terms = [_odd_terms(rows, number) for number in range(len(rows.terms))]
    tiny = MICROS
    nameless = _nameless(rows)
    for at, (terms, price) in enumerate(zip(rows.terms_of, rows.prices, strict=True)):
        if rows.firsts[at] > rows.lasts[at]:
            found.add("range-backwards", at)
        if rows.lows[at] // 1000 >= rows.highs[at] // 1000:
            code = "bracket-backwards" if rows.lows[at] > rows.highs[at] else "bracket-empty"
            found.add(code, at)
        if 0 <= price <= tiny:
            _check_price(rows, at, found)
        if nameless is not None and rows.scopes[rows.scope_of[at]].service == nameless:
            found.add("service-blank", at)
        for code, worst, more in by_terms[terms]:
            found.add(code, at, more, worst=worst)
    _check_hours(rows, found)
    _check_unit(rows, found)


def _odd_terms(rows: AuditRows, number: int) -> list[tuple[str, int, dict[str, object]]]:
    """What is odd about some terms: the code of the finding, how much, and what its words name beside the row."""
    terms = rows.terms[number]
    odd: list[tuple[str, int, dict[str, object]]] = []
    if terms.days_min > terms.days_max:
        odd.append(("days-backwards", terms.days_min, {}))
    if max(terms.days_min, terms.days_max) > _LONGEST:
        odd.append(("days-long", max(terms.days_min, terms.days_max), {}))
    for fee in terms.fees:
        odd += _odd_percent(fee)
    if not rows.options.of_fees and not terms.days_max and _mostly_longer(rows):
        odd.append(("days-zero", 0, {}))
    return odd


def _odd_percent(fee: Fee) -> list[tuple[str, int, dict[str, object]]]:
    if fee.name not in _OF_VALUE or not fee.percent or _LOW <= fee.percent <= _HIGH:
        return []
    words: dict[str, object] = {"name": fee.name, "percent": f"{Decimal(fee.percent).scaleb(-6).normalize():f}"}
    return [("percent-high" if fee.percent > _HIGH else "percent-low", fee.percent // 10**6, words)]


def _mostly_longer(rows: AuditRows) -> bool:
    """Whether most of the different terms take a day at least."""
    longer = sum(1 for terms in rows.terms if terms.days_max)
    return longer * 2 > len(rows.terms)


def _nameless(rows: AuditRows) -> int | None:
    """The number of the service without a name, where others have one."""
    services = rows.gathered.services
    return services[""] if "" in services and len(services) > 1 else None


def _check_price(rows: AuditRows, at: int, found: FindingCollector) -> None:
    row = rows.row(at)
    if row.price and not row.terms.minimum and rows.is_free(row.extra_from, row):
        found.add("price-tiny", at)
    elif not row.price and rows.options.zero_price == "report" and rows.is_free(row.extra_from, row):
        found.add("price-zero", at)


def _check_hours(rows: AuditRows, found: FindingCollector) -> None:
    """Find days that are all multiples of 24, of which some are more than two days."""
    days = {terms.days_max for terms in rows.terms} | {terms.days_min for terms in rows.terms}
    days.discard(0)
    if not days or any(number % _HOURS for number in days) or (len(days) < 2 and max(days) <= _HOURS):
        return
    for at in range(len(rows)):
        found.add("days-hours", at, value=_HOURS, worst=rows.terms_at(at).days_max)


def _check_unit(rows: AuditRows, found: FindingCollector) -> None:
    """Find weights that were read in another unit than they are written in, and a table that ends too early."""
    if rows.gathered.axis != "weight" or not len(rows):
        return
    ends = Counter(rows.highs)
    ends.pop(NO_LIMIT, None)
    heaviest = max(chain(rows.lows, ends))
    unit = rows.gathered.weight_unit
    top = next(at for at in range(len(rows)) if heaviest in (rows.highs[at], rows.lows[at]))
    meant = meant_unit(heaviest, unit)
    if meant:
        code = "weights-in-kg" if meant == "kg" else "weights-in-g"
        found.add(code, top)
        found.say(code, heaviest=weight_words(heaviest, unit))
        return
    endless = NO_LIMIT in rows.highs or any(
        rows.extras_from[at] >= rows.highs[at] for at in range(len(rows)) if rows.terms_at(at).extra_per_kg
    )
    if not endless and heaviest < _USUAL:
        found.add("top-usual", top)
        found.say("top-usual", top=weight_words(heaviest, unit))


def cents(rows: AuditRows) -> int:
    """Micros of a whole unit of the currency, such as one real."""
    return int(MICROS * 10 ** exponent(rows.options.currency))
