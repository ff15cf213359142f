"""Many SKUs in little room: packed one after the other, found by a hash, in memory or in a file that processes share.

A file is a mark, the length of its header, a checksum of all that follows, the header as JSON, and three arrays: places
by hash, where each row ends, the rows. One that is not exactly what this version would have written is never used.
"""

import json
import mmap
import os
import sys
import zlib
from array import array
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from struct import Struct
from typing import Annotated, Any, Final, TypeVar

import orjson
from pydantic import BaseModel, Field, ValidationError

from portes.catalogue.catalogue import CatalogueEntry
from portes.contract import Dimensions, Money
from portes.contract.base import Noun
from portes.files import open_own, replace_atomically

LAYOUT: Final = 1
"""Raise it whenever the arrays or the meaning of a row change."""

_HEAD: Final = Struct("<8sII")
_MARK: Final = b"PORTESCT"
_OF_LENGTH: Final = 2
"""Bytes that say how long a SKU is."""
_FEWEST_PLACES: Final = 1024
_AMOUNTS: Final = 1 << 15
_SIZES: Final = 1 << 13
"""Amounts and sizes that are kept, a few MB: those of a shop repeat themselves."""
N = TypeVar("N", bound=Noun)
_Count = Annotated[int, Field(ge=0)]
_new: Final = object.__new__


class PackedNote(BaseModel):
    """What is known of packed rows as a whole."""

    identity: str = ""
    """Of the settings that they were read under; rows of others are not used."""
    read_at: float = 0.0
    """When they were read from their source, in seconds since 1970."""
    left_out: _Count = 0
    """Rows of which not even the SKU could be read."""
    faulty: _Count = 0
    """SKUs whose row cannot be used."""
    fingerprint: str = ""
    """Changes with what was read; empty where nobody worked one out."""


class _PackedHeader(BaseModel):
    layout: int
    byteorder: str
    currency: str
    note: PackedNote
    places: _Count
    ends: _Count
    rows: _Count


class PackedRows:
    """Packed rows, to be looked up. Immutable; threads and processes share them."""

    __slots__ = ("_currency", "_ends", "_mask", "_places", "_rows", "_start", "count", "note")

    def __init__(
        self, header: _PackedHeader, places: memoryview, ends: memoryview, rows: bytearray | mmap.mmap, start: int
    ) -> None:
        self._currency, self.note = header.currency, header.note
        self._places, self._ends, self._rows, self._start = places, ends, rows, start
        self._mask = len(places) - 1
        self.count = header.ends - 1
        """How many SKUs there are."""

    def __len__(self) -> int:
        return self.count

    def get(self, sku: str) -> CatalogueEntry | None:
        """The entry of a SKU, letter for letter; None when there is none."""
        key = _key(sku)
        places, ends, start, mask = self._places, self._ends, self._start, self._mask
        place = zlib.crc32(key) & mask
        while number := places[place]:
            row = self._rows[start + ends[number - 1] : start + ends[number]]
            if row.startswith(key):
                return _unpacked(row[len(key) :], self._currency)
            place = (place + 1) & mask
        return None

    def __iter__(self) -> Iterator[tuple[str, CatalogueEntry]]:
        for number in range(self.count):
            first, last = self._start + self._ends[number], self._start + self._ends[number + 1]
            row = self._rows[first:last]
            end = _end(row)
            yield row[_OF_LENGTH:end].decode("utf-8", "surrogatepass"), _unpacked(row[end:], self._currency)

    def write(self, path: Path) -> None:
        """Write them to a file in one step. Raises `OSError`."""
        replace_atomically(path, self._pieces())

    def _pieces(self) -> Iterator[bytes | memoryview]:
        header = _PackedHeader(
            layout=LAYOUT,
            byteorder=sys.byteorder,
            currency=self._currency,
            note=self.note,
            places=len(self._places),
            ends=len(self._ends),
            rows=len(self._rows) - self._start,
        )
        rows = memoryview(self._rows)[self._start :]
        told = json.dumps(header.model_dump()).encode()
        told += b" " * (-(len(told) + _HEAD.size) % 8)
        pieces: list[bytes | memoryview] = [told, *(each.cast("B") for each in (self._ends, self._places)), rows]
        checksum = 0
        for piece in pieces:
            checksum = zlib.crc32(piece, checksum)
        yield _HEAD.pack(_MARK, len(told), checksum)
        yield from pieces


class Packer:
    """Packs entries as they come, each at once, so that a million of them never stand in memory side by side."""

    def __init__(self, currency: str) -> None:
        self._currency = currency
        self._rows = bytearray()
        self._ends = array("Q", [0])
        self._places = array("I", bytes(4 * _FEWEST_PLACES))

    def __len__(self) -> int:
        return len(self._ends) - 1

    def add(self, sku: str, entry: CatalogueEntry) -> int | None:
        """Pack an entry; where the SKU is packed already, nothing is, and its number is given back, from 0."""
        key = _key(sku)
        place = self._place(key)
        if self._places[place]:
            return self._places[place] - 1
        self._rows += key
        self._rows += _packed(entry)
        self._ends.append(len(self._rows))
        self._places[place] = len(self)
        if len(self) * 2 > len(self._places):
            self._grow()
        return None

    def get(self, number: int) -> CatalogueEntry:
        """The entry that was packed as the so many-th, from 0."""
        row = bytes(self._rows[self._ends[number] : self._ends[number + 1]])
        return _unpacked(row[_end(row) :], self._currency)

    def packed(self, note: PackedNote, replaced: dict[int, CatalogueEntry] | None = None) -> PackedRows:
        """All that was packed, handed over; nothing can be added any more.

        The `replaced` entries, by number, stand in place of those that were.
        """
        for number, entry in (replaced or {}).items():
            self._replace(number, entry)
        header = _PackedHeader(
            layout=LAYOUT,
            byteorder=sys.byteorder,
            currency=self._currency,
            note=note,
            places=0,
            ends=len(self) + 1,
            rows=0,
        )
        return PackedRows(header, memoryview(self._places), memoryview(self._ends), self._rows, 0)

    def _place(self, key: bytes) -> int:
        """Where a SKU stands, or may be put."""
        mask = len(self._places) - 1
        place = zlib.crc32(key) & mask
        while number := self._places[place]:
            if self._rows.startswith(key, self._ends[number - 1], self._ends[number]):
                return place
            place = (place + 1) & mask
        return place

    def _grow(self) -> None:
        places = array("I", bytes(8 * len(self._places)))
        mask = len(places) - 1
        for number in range(len(self)):
            start = self._ends[number]
            end = start + _end(self._rows[start : start + _OF_LENGTH])
            place = zlib.crc32(self._rows[start:end]) & mask
            while places[place]:
                place = (place + 1) & mask
            places[place] = number + 1
        self._places = places

    def _replace(self, number: int, entry: CatalogueEntry) -> None:
        """Put another row in the place of one; those behind it move, so that it is for the few that need it."""
        start, end = self._ends[number], self._ends[number + 1]
        key_end = start + _end(self._rows[start : start + _OF_LENGTH])
        row = bytes(self._rows[start:key_end]) + _packed(entry)
        self._rows[start:end] = row
        moved = len(row) - (end - start)
        if moved:
            self._ends[number + 1 :] = array("Q", [each + moved for each in self._ends[number + 1 :]])


def map_packed(path: Path, identity: str, currency: str) -> PackedRows | None:
    """Map a file of packed rows; None when there is none, or when it is damaged or of other settings.

    Raises `RefusedFileError` for what is no file of ours, and any other `OSError`.
    """
    try:
        handle = open_own(path)
    except FileNotFoundError:
        return None
    try:
        rows = mmap.mmap(handle, 0, access=mmap.ACCESS_READ)
    except ValueError:  # so mmap calls an empty file
        return None
    finally:
        os.close(handle)
    mapped = memoryview(rows)
    header = _header(mapped)
    if header is None or (header.layout, header.byteorder, header.currency, header.note.identity) != (
        LAYOUT,
        sys.byteorder,
        currency,
        identity,
    ):
        return None
    return _arrays(header, mapped, rows, _HEAD.size + _HEAD.unpack_from(mapped)[1])


def _header(mapped: memoryview) -> _PackedHeader | None:
    """What a file says of itself; None for one that is damaged or another program's."""
    if len(mapped) < _HEAD.size:
        return None
    mark, length, checksum = _HEAD.unpack_from(mapped)
    if mark != _MARK or zlib.crc32(mapped[_HEAD.size :]) != checksum:
        return None
    try:
        return _PackedHeader.model_validate_json(bytes(mapped[_HEAD.size : _HEAD.size + length]))
    except ValidationError:
        return None


def _arrays(header: _PackedHeader, mapped: memoryview, rows: mmap.mmap, start: int) -> PackedRows | None:
    places = start + header.ends * 8
    first = places + header.places * 4
    if len(mapped) != first + header.rows or not header.places or header.places & (header.places - 1):
        return None
    ends = mapped[start:places].cast("Q")
    if not len(ends) or ends[-1] != header.rows:
        return None
    return PackedRows(header, mapped[places:first].cast("I"), ends, rows, first)


def _key(sku: str) -> bytes:
    """A SKU as it stands before its row. Raises `OverflowError` for one that no shop has."""
    letters = sku.encode("utf-8", "surrogatepass")
    return len(letters).to_bytes(_OF_LENGTH, "little") + letters


def _end(row: bytes | bytearray) -> int:
    """Where the SKU before a row ends."""
    return _OF_LENGTH + int.from_bytes(row[:_OF_LENGTH], "little")


def _packed(entry: CatalogueEntry) -> bytes:
    """A row as JSON, without what is not stated at its end."""
    size = None if entry.size is None else (entry.size.length, entry.size.width, entry.size.height)
    amounts = [None if each is None else each.minor for each in (entry.price, entry.list_price, entry.declared_value)]
    values: list[Any] = [entry.weight, size, amounts[0], entry.origins, entry.units, *amounts[1:]]
    values += [entry.handling_days, entry.tags, entry.seller, entry.problem]
    while values and values[-1] == _NOTHING[len(values) - 1]:
        values.pop()
    return orjson.dumps(values)


_NOTHING: Final[tuple[Any, ...]] = (None, None, None, (), (), None, None, 0, (), "", "")
_OF_MONEY: Final = {"minor", "currency"}
_OF_SIZE: Final = {"length", "width", "height"}
_set_fields: Final = vars(BaseModel)["__pydantic_fields_set__"].__set__
_set_extra: Final = vars(BaseModel)["__pydantic_extra__"].__set__
_set_private: Final = vars(BaseModel)["__pydantic_private__"].__set__
_set_values: Final = vars(BaseModel)["__dict__"].__set__
_set_weight: Final = vars(CatalogueEntry)["weight"].__set__
_set_size: Final = vars(CatalogueEntry)["size"].__set__
_set_price: Final = vars(CatalogueEntry)["price"].__set__
_set_origins: Final = vars(CatalogueEntry)["origins"].__set__
_set_units: Final = vars(CatalogueEntry)["units"].__set__
_set_list_price: Final = vars(CatalogueEntry)["list_price"].__set__
_set_declared_value: Final = vars(CatalogueEntry)["declared_value"].__set__
_set_handling_days: Final = vars(CatalogueEntry)["handling_days"].__set__
_set_tags: Final = vars(CatalogueEntry)["tags"].__set__
_set_seller: Final = vars(CatalogueEntry)["seller"].__set__
_set_problem: Final = vars(CatalogueEntry)["problem"].__set__


def _unpacked(row: bytes | bytearray, currency: str) -> CatalogueEntry:
    """The entry of a row; what was checked when it was packed is not checked again, and takes a third of the time."""
    values = orjson.loads(row)
    values.extend(_NOTHING[len(values) :])
    weight, size, price, origins, units, list_price, declared_value, handling_days, tags, seller, problem = values
    entry: CatalogueEntry = _new(CatalogueEntry)
    _set_weight(entry, weight)
    _set_size(entry, size and size_of(*size))
    _set_price(entry, None if price is None else _money(price, currency))
    _set_origins(entry, tuple(origins))
    _set_units(entry, tuple(units))
    _set_list_price(entry, None if list_price is None else _money(list_price, currency))
    _set_declared_value(entry, None if declared_value is None else _money(declared_value, currency))
    _set_handling_days(entry, handling_days)
    _set_tags(entry, tuple(tags))
    _set_seller(entry, seller)
    _set_problem(entry, problem)
    return entry


@lru_cache(maxsize=_AMOUNTS)
def _money(minor: int, currency: str) -> Money:
    return _noun(Money, {"minor": minor, "currency": currency}, _OF_MONEY)


@lru_cache(maxsize=_SIZES)
def size_of(length: int, width: int, height: int) -> Dimensions:
    """The size of sides that are known to be sound, in millimetres; those of a shop repeat themselves."""
    return _noun(Dimensions, {"length": length, "width": width, "height": height}, _OF_SIZE)


def _noun(kind: type[N], fields: dict[str, Any], names: set[str]) -> N:
    """A noun of fields that were validated when they were packed."""
    made: N = _new(kind)
    _set_values(made, fields)
    _set_fields(made, names)
    _set_extra(made, None)
    _set_private(made, None)
    return made
