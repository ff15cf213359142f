"""Cells as spans of a file's bytes, so that whole columns are compared and read as numbers without making texts."""

from collections.abc import Sequence
from typing import Any, Final, TypeAlias

import numpy as np

from portes.tables.bulk.form import BulkError

Numbers: TypeAlias = np.ndarray[Any, np.dtype[np.integer[Any]]]
"""Whole numbers: positions, lengths, values."""
Words: TypeAlias = np.ndarray[Any, np.dtype[np.uint64]]
"""Eight bytes each."""
Truths: TypeAlias = np.ndarray[Any, np.dtype[np.bool_]]

LONGEST: Final = 1_000
"""Bytes of a cell; csv.reader has a limit of its own on longer ones."""
WORD: Final = 8
"""Bytes that are looked at as one number, and so the most digits of one."""
SPACE: Final = b" "[0]
"""The last of the bytes that are or may be blanks; so may those be that are not ASCII."""
ASCII: Final = 128
"""The first byte that is no character by itself."""

_ZEROS: Final = np.uint64(0x3030303030303030)
_ABOVE_NINE: Final = np.uint64(0x7676767676767676)
_HIGH_BITS: Final = np.uint64(0x8080808080808080)
_PAIRS: Final = np.uint64(0x000000FF000000FF)
_OUTER: Final = np.uint64(100 + (10**6 << 32))
_INNER: Final = np.uint64(1 + (10**4 << 32))
_TEN: Final = np.uint64(10)
_EIGHT, _SIXTEEN, _HALF = np.uint64(8), np.uint64(16), np.uint64(32)
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)
"""An odd number without a pattern: 2^64 over the golden ratio."""
_PLACE_BITS: Final = 17
"""Bits of places that leave so many of a hash that two of a column hardly ever have the same."""
_LAST_BYTES: Final = np.array([0, *(2**64 - 2 ** (64 - 8 * count) for count in range(1, WORD + 1))], np.uint64)
"""Per count, what keeps so many bytes of a word, those that stand last in the file."""


def different(columns: Sequence[Numbers | Words]) -> tuple[Numbers, Numbers | None]:
    """The first one of all rows that are the same, in order, and per row which of those it is; None where one is all.

    Columns are of one length, which is not 0. Raises `BulkError` for two rows that differ and have one hash.
    """
    varying = [column for column in columns if any(column.strides) and (column != column[0]).any()]
    if not varying:
        return np.zeros(1, np.int64), None
    key = np.zeros(len(varying[0]), np.uint64)
    shifted = np.empty_like(key)
    for column in varying:
        key ^= np.right_shift(key, _HALF, out=shifted)
        key *= _MIX
        key += column.astype(np.uint64)
    key *= _MIX
    firsts, like = _grouped(key, shifted)
    if firsts is not like and not all((column == column[firsts][like]).all() for column in varying):
        raise BulkError  # once in ten million tables of the largest size
    return firsts, like


def _grouped(key: Words, room: Words) -> tuple[Numbers, Numbers]:
    """The first one of all keys that are the same, in order, and which of those each key is; room for as many more.

    Of short columns only the first bits count, so that they are sorted together with their places.
    """
    count, every = len(key), np.arange(len(key))
    bits = count.bit_length()
    if bits > _PLACE_BITS:
        room[:] = key
        room.sort()
        if (room[1:] != room[:-1]).all():
            return every, every
        _, firsts, like = np.unique(key, return_index=True, return_inverse=True)
    else:
        mask = np.uint64((1 << bits) - 1)
        np.bitwise_and(key, ~mask, out=room)
        room |= every.view(np.uint64)
        room.sort()
        places = (room & mask).view(np.int64)
        begins = np.append([True], room[1:] ^ room[:-1] > mask)
        firsts, like = places[begins], np.empty_like(places)
        like[places] = begins.cumsum() - 1
    order = np.argsort(firsts)
    numbers = np.empty_like(order)
    numbers[order] = every[: len(order)]
    return firsts[order], numbers[like]


def narrowed(column: Numbers) -> Numbers:
    """The same numbers in as few bytes each as the largest of them needs; calculate with them as `np.int64`."""
    if not any(column.strides) or not len(column) or column.min() < 0:
        return column
    least = np.min_scalar_type(column.max())
    # eight bytes without a sign, beside eight with one, would be joined as numbers with a fraction
    return column.astype(least if least.itemsize < np.int64().itemsize else np.int64, copy=False)


def joined(pieces: Sequence[Numbers]) -> Numbers:
    """Pieces of a column one after the other; those of which each number is the same take no memory."""
    first = pieces[0][0]
    if all(not any(piece.strides) and piece[0] == first for piece in pieces):
        return np.broadcast_to(first, sum(map(len, pieces)))
    return np.concatenate(pieces)


class FileText:
    """The bytes of a file, encoded in UTF-8, each also as the beginning of a word of eight."""

    def __init__(self, source: bytes) -> None:
        self.source = source
        self.percents = b"%" in source
        self.bytes = np.frombuffer(source, np.uint8)
        self.words = np.ndarray((max(0, len(source) - WORD + 1),), "<u8", source, strides=(1,))


class CellSpans:
    """Cells of one column: the first byte of each, and the one after its last."""

    def __init__(self, text: FileText, begins: Numbers, ends: Numbers) -> None:
        self.text, self.begins, self.ends = text, begins, ends
        self.lengths = ends - begins

    def __len__(self) -> int:
        """How many cells there are."""
        return len(self.begins)

    def at(self, which: Numbers | Truths | slice | Sequence[int]) -> "CellSpans":
        """Some of the cells."""
        return CellSpans(self.text, self.begins[which], self.ends[which])

    def signs(self, before: int) -> Numbers:
        """The byte so many before the last one of each cell, which may be one of another cell."""
        return self.text.bytes[self.ends - (before + 1)]

    def any_ends_in(self, sign: int) -> bool:
        """Whether the last sign of any cell, an ASCII one, is this one; spaces after it do not count."""
        signs, filled = self.signs(0), self.lengths > 0
        spaced = filled & ((signs <= SPACE) | (signs >= ASCII))
        if spaced.any() and any(text.rstrip().endswith(chr(sign)) for text in self.at(spaced).texts()):
            return True
        return bool((filled & (signs == sign)).any())

    def texts(self) -> list[str]:
        """The cells as texts."""
        source = self.text.source
        return [source[begin:end].decode() for begin, end in zip(self.begins.tolist(), self.ends.tolist(), strict=True)]

    def digits(self, sign: str = "", after: int = 0) -> tuple[Numbers, Truths]:
        """The numbers that the digits of cells make, a sign before the last ones left out, and which cells have such.

        They have at most eight bytes, and with a sign a digit on either side of it.
        """
        shortest, lengths = (after + 2 if sign else 1), self.lengths
        short = lengths.min(initial=WORD) >= shortest and lengths.max(initial=1) <= WORD
        word = self.text.words[self.ends - WORD]
        word ^= _ZEROS
        word &= _LAST_BYTES[lengths if short else np.minimum(lengths, WORD)]
        signed = None
        if sign:
            place = np.uint64(8 * (WORD - 1 - after))
            signed = (word >> place).astype(np.uint8) == ord(sign) ^ ord("0")
            before = word & ((np.uint64(1) << place) - np.uint64(1))
            before <<= _EIGHT
            word &= ~((np.uint64(1) << place + _EIGHT) - np.uint64(1))
            word |= before
        other = word + _ABOVE_NINE
        other |= word
        other &= _HIGH_BITS
        fits = other == 0
        if signed is not None:
            fits &= signed
        if not short:
            fits &= (lengths >= shortest) & (lengths <= WORD)
        # Eight digits at once: pairs of digits, then pairs of pairs, the first one in the lowest byte.
        np.right_shift(word, _EIGHT, out=other)
        word *= _TEN
        word += other
        np.right_shift(word, _SIXTEEN, out=other)
        word &= _PAIRS
        word *= _OUTER
        other &= _PAIRS
        other *= _INNER
        word += other
        word >>= _HALF
        return word.view(np.int64), fits

    def same(self) -> bool:
        """Whether all cells are the same; never where they have more than eight bytes and differ from each other."""
        begin, end = int(self.begins[0]), int(self.ends[0])
        length = end - begin
        if length > WORD or (
            len(self) > 1 and self.text.source[self.begins[1] : self.ends[1]] != self.text.source[begin:end]
        ):
            return False
        if (self.lengths != length).any():
            return False
        word = self.text.words[self.ends - WORD] & _LAST_BYTES[length]
        return bool((word == word[0]).all())

    def different(self) -> tuple[Numbers, Numbers | None]:
        """The cells that differ and which of them each cell is, as `different` has them.

        Raises `BulkError` for a cell that is too long.
        """
        longest = int(self.lengths.max())
        if longest > LONGEST:
            raise BulkError
        return different([self.lengths, *(self._word(at) for at in range(-(-longest // WORD)))])

    def _word(self, at: int) -> Words:
        """Eight bytes of each cell, counted from its end, and zeros before its first one."""
        left = np.clip(self.lengths - WORD * at, 0, WORD)
        found: Words = self.text.words[np.maximum(self.ends - WORD * (at + 1), 0)] & _LAST_BYTES[left]
        return found
