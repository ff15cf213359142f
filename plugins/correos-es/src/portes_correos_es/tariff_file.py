"""Reads a tariff's file and names all that is wrong with it or odd about it; it knows no shipment."""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from itertools import groupby
from typing import Final

from portes.errors import Problems, SettingsError
from portes.tables.reading.columns import place
from portes_correos_es.brackets import Bracket, build_ladder
from portes_correos_es.settings import TariffDefaults
from portes_correos_es.sources import Source
from portes_correos_es.tariff import Edition, Offer, Tariff, Validity, clashes
from portes_correos_es.tariff_rows import TariffPlace, TariffReader

Doubt = tuple[int, str, object, str, str]
"""Line, column, value, cause and fix of what is odd and may be meant."""
_NOTHING: Final = TariffDefaults()


def read_tariff(
    source: Source,
    zones: AbstractSet[str],
    today: date,
    defaults: TariffDefaults = _NOTHING,
    *,
    sample: bool = False,
) -> Tariff:
    """Read a tariff: of this package's columns, or a sheet that states less, with what the settings declare for it.

    `zones` are those that the zone map can lead to. A doubt (a hole, a falling price, an edition that does not hold
    today, a zone that no place is in) is told beside the prices.
    Raises `SettingsError` with all problems, doubts among them, when there is one that no price can be told with.
    """
    problems = Problems(source.name)
    reader, editions, doubts = _checked(source, zones, defaults, problems)
    doubts += _strange_zones(editions, zones, reader)
    doubts += [] if sample else _not_today(editions, today)
    return _told(source, editions, problems, sorted(doubts, key=lambda doubt: doubt[0]), sample=sample)


def check_rows(source: Source, defaults: TariffDefaults, problems: Problems) -> None:
    """Report what is wrong with a tariff's file in itself, whatever the zone map and the day."""
    _checked(source, frozenset(), defaults, problems)


_Editions = dict[Offer, dict[str, list[Edition]]]


def _checked(
    source: Source, zones: AbstractSet[str], defaults: TariffDefaults, problems: Problems
) -> tuple[TariffReader, _Editions, list[Doubt]]:
    """The reader of a file, what it prices, and doubts about its brackets."""
    doubts: list[Doubt] = []
    reader = TariffReader(zones, defaults, problems)
    rows = sorted(reader.rows(source), key=lambda row: (row.place, row.bracket.sheet, row.bracket.line))
    editions: _Editions = {}
    for where, group in groupby(rows, key=lambda row: row.place):
        _add(editions, where, [row.bracket for row in group], reader, problems, doubts)
    _check_clashes(editions, problems)
    if not editions and not problems.count:
        problems.add("file", None, "there is no row with a price in it", "write one row for each bracket")
    return reader, editions, doubts


def _told(
    source: Source,
    editions: _Editions,
    problems: Problems,
    doubts: Sequence[Doubt],
    *,
    sample: bool,
) -> Tariff:
    odd = Problems(source.name)
    for line, column, value, cause, fix in doubts:
        odd.add(column, value, cause, fix, line)
    if problems.count:
        raise SettingsError((*problems.all(), *odd.all()))
    return Tariff(source.name, source.fingerprint, editions, tuple(odd.all()), problems.notes, dateless=sample)


def _add(
    editions: _Editions,
    where: TariffPlace,
    brackets: Sequence[Bracket],
    reader: TariffReader,
    problems: Problems,
    doubts: list[Doubt],
) -> None:
    ladder, faults = build_ladder(brackets)
    for fault in faults:
        column = place(fault.sheet, reader.heading(fault.column))
        if fault.doubt:
            doubts.append((fault.line, column, None, fault.cause, fault.fix))
        else:
            problems.add(column, None, fault.cause, fault.fix, fault.line)
    if ladder is not None:
        first = min(brackets, key=lambda bracket: (bracket.sheet, bracket.line))
        edition = Edition(where.validity, ladder, first.line, first.sheet)
        editions.setdefault(where.offer, {}).setdefault(where.zone, []).append(edition)


def _check_clashes(editions: _Editions, problems: Problems) -> None:
    for offer, zones in editions.items():
        for zone, each in zones.items():
            for one, other in clashes(each):
                cause = f"holds on days on which {one.row} prices {offer.product} {offer.mode} in zone {zone} too"
                fix = "let one edition end before the next begins"
                problems.add(place(other.sheet, "valid_from"), str(other.validity.first), cause, fix, other.line)


def _strange_zones(editions: _Editions, zones: AbstractSet[str], reader: TariffReader) -> Iterator[Doubt]:
    seen: set[str] = set()
    for offered in editions.values():
        for zone, each in offered.items():
            if zone not in zones and zone not in seen:
                seen.add(zone)
                fix = "add it to the zone map, or take the rows out"
                where = place(each[0].sheet, reader.heading("zone"))
                yield each[0].line, where, zone, "is a zone that no pair of places is in", fix


def _not_today(editions: _Editions, today: date) -> Iterator[Doubt]:
    """Editions of what has no price today: one doubt for each, at its first line."""
    told: dict[Validity, int] = {}
    for zones in editions.values():
        offered = [edition for each in zones.values() for edition in each]
        if not any(edition.validity.covers(today) for edition in offered):
            for edition in offered:
                told[edition.validity] = min(told.get(edition.validity, edition.line), edition.line)
    for validity, line in told.items():
        yield _stale(validity, line, today)


def _stale(validity: Validity, line: int, today: date) -> Doubt:
    if validity.last < today:
        cause = f"is past: nothing of {validity.version} has a price today"
        return line, "valid_to", str(validity.last), cause, "put the tariff in that holds now"
    cause = f"is still to come: until then nothing of {validity.version} has a price"
    return line, "valid_from", str(validity.first), cause, "keep the tariff that holds now beside it"


def used_zones(names: Iterable[str]) -> frozenset[str]:
    """The names of zones that a map can lead to."""
    return frozenset(name for name in names if name)


__all__ = ["check_rows", "read_tariff", "used_zones"]
