"""Reads a tariff's file and names all that is wrong with it or odd about it; it knows no shipment."""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from datetime import date
from itertools import groupby
from typing import Final, NamedTuple

from portes.contract.suggestions import did_you_mean
from portes.errors import Problems, SettingsError
from portes.tables import MICROS
from portes.tables.reading.cells import Cell, CellError, Cells
from portes.tables.reading.columns import Column
from portes_correos_es.brackets import Bracket, build_ladder
from portes_correos_es.lanes import ANY, origin_fix
from portes_correos_es.products import Mode, catalogue
from portes_correos_es.sources import Source, day
from portes_correos_es.tariff import Edition, Offer, Tariff, Validity, clashes


def _net(cells: Cells, cell: Cell) -> int:
    net, rest = divmod(cells.price(cell), MICROS)
    if rest:
        raise CellError("has more decimals than can be kept", "write whole cents, such as 12.90")
    if not net:
        raise CellError("charges nothing", "write the net price, or take the row out if it is not offered")
    return net


COLUMNS: Final = (
    Column("version", Cells.text),
    Column("valid_from", day),
    Column("valid_to", day, blank=date.max),
    Column("origin", Cells.text, blank=ANY),
    Column("product", Cells.text),
    Column("mode", Cells.text),
    Column("zone", Cells.text),
    Column("over_kg", Cells.weight, number=True),
    Column("up_to_kg", Cells.weight, blank=None, number=True),
    Column("net_eur", _net, number=True),
    Column("note", Cells.note, blank=""),
)
"""Every column of a tariff; docs/correos-es.md says what each means."""

Doubt = tuple[int, str, object, str, str]
"""Line, column, value, cause and fix of what is odd and may be meant."""


class _Place(NamedTuple):
    """What one ladder prices."""

    offer: Offer
    zone: str
    validity: Validity


class _Row(NamedTuple):
    place: _Place
    bracket: Bracket


def read_tariff(source: Source, zones: AbstractSet[str], today: date, *, sample: bool = False) -> Tariff:
    """Read a tariff of this package's columns.

    `zones` are those that the zone map can lead to. A doubt (a hole, a falling price, an edition that does not hold
    today, a zone that no place is in) is told beside the prices.
    Raises `SettingsError` with all problems, doubts among them, when there is one that no price can be told with.
    """
    problems = Problems(source.name)
    doubts: list[Doubt] = []
    rows = sorted(_rows(source, problems), key=lambda row: (row.place, row.bracket.line))
    editions: dict[Offer, dict[str, list[Edition]]] = {}
    for place, group in groupby(rows, key=lambda row: row.place):
        _add(editions, place, [row.bracket for row in group], problems, doubts)
    _check_clashes(editions, problems)
    doubts += _strange_zones(editions, zones)
    doubts += [] if sample else _not_today(editions, today)
    if not editions and not problems.count:
        problems.add("file", None, "there is no row with a price in it", "write one row for each bracket")
    return _told(source, editions, problems, sorted(doubts, key=lambda doubt: doubt[0]), sample=sample)


def _told(
    source: Source,
    editions: dict[Offer, dict[str, list[Edition]]],
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
    return Tariff(source.name, source.fingerprint, editions, tuple(odd.all()), dateless=sample)


def _rows(source: Source, problems: Problems) -> Iterator[_Row]:
    for line, values in source.lines(COLUMNS, problems):
        version, first, last, origin, product, modes, zone, over, up_to, net, _ = values
        if last < first:
            problems.add("valid_to", str(last), "is before valid_from", "write the last day that it holds", line)
        if fix := origin_fix(origin):
            problems.add("origin", origin, "is no place", fix, line)
        validity, bracket = Validity(version, first, last), Bracket(line, over, up_to, net)
        for mode in _modes(product, modes, line, problems):
            yield _Row(_Place(Offer(product, mode, origin), zone, validity), bracket)


def _modes(product: str, modes: str, line: int, problems: Problems) -> Iterator[Mode]:
    """The modes that a row prices, several joined by a plus; none when the product or a mode is not known."""
    known = catalogue().products
    if product not in known:
        fix = did_you_mean(product, known) or f"write one of {', '.join(known)}"
        problems.add("product", product, "is no product", fix, line)
        return
    offered = known[product].modes
    for mode in (part.strip() for part in modes.split("+")):
        if mode in offered:
            yield Mode(mode)
        else:
            problems.add("mode", mode, f"is no mode of {product}", f"write one of {', '.join(offered)}", line)


def _add(
    editions: dict[Offer, dict[str, list[Edition]]],
    place: _Place,
    brackets: Sequence[Bracket],
    problems: Problems,
    doubts: list[Doubt],
) -> None:
    ladder, faults = build_ladder(brackets)
    for fault in faults:
        if fault.doubt:
            doubts.append((fault.line, fault.column, None, fault.cause, fault.fix))
        else:
            problems.add(fault.column, None, fault.cause, fault.fix, fault.line)
    if ladder is not None:
        line = min(bracket.line for bracket in brackets)
        editions.setdefault(place.offer, {}).setdefault(place.zone, []).append(Edition(place.validity, ladder, line))


def _check_clashes(editions: dict[Offer, dict[str, list[Edition]]], problems: Problems) -> None:
    for offer, zones in editions.items():
        for zone, each in zones.items():
            for one, other in clashes(each):
                cause = f"holds on days on which line {one.line} prices {offer.product} {offer.mode} in zone {zone} too"
                fix = "let one edition end before the next begins"
                problems.add("valid_from", str(other.validity.first), cause, fix, other.line)


def _strange_zones(editions: dict[Offer, dict[str, list[Edition]]], zones: AbstractSet[str]) -> Iterator[Doubt]:
    seen: set[str] = set()
    for offered in editions.values():
        for zone, each in offered.items():
            if zone not in zones and zone not in seen:
                seen.add(zone)
                fix = "add it to the zone map, or take the rows out"
                yield each[0].line, "zone", zone, "is a zone that no pair of places is in", fix


def _not_today(editions: dict[Offer, dict[str, list[Edition]]], today: date) -> Iterator[Doubt]:
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


__all__ = ["COLUMNS", "read_tariff", "used_zones"]
