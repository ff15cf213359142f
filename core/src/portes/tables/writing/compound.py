"""One stream of bytes as a compound file, by the layout that Microsoft publishes (MS-CFB, version 3)."""

from struct import pack
from typing import Final

_SECTOR: Final = 512
_NUMBERS: Final = _SECTOR // 4
"""Numbers of sectors in one sector."""
_SMALLEST: Final = 4096
"""Shorter streams stand elsewhere, so they are filled up to it."""
_IN_HEADER: Final = 109
"""Sectors of the allocation table that the header names."""
_FREE, _END, _OF_TABLE, _OF_LIST = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFC


def compound_size(length: int) -> int:
    """The size of the file that holds a stream of so many bytes."""
    stream, tables, lists = _sectors(length)
    return _SECTOR * (1 + stream + 1 + tables + lists)


def compound_file(name: str, stream: bytes) -> bytes:
    """The file that holds a stream by a name: header, stream, directory, allocation table, and a list of its rest."""
    sectors, tables, lists = _sectors(len(stream))
    directory = sectors
    first_table, first_list = directory + 1, directory + 1 + tables
    chain = [*range(1, sectors), _END, _END, *[_OF_TABLE] * tables, *[_OF_LIST] * lists]
    chain += [_FREE] * (tables * _NUMBERS - len(chain))
    named = [*range(first_table, first_table + tables)]
    length = max(len(stream), _SMALLEST)
    return b"".join(
        [
            _header(directory, tables, first_list if lists else _END, lists, named[:_IN_HEADER]),
            stream,
            bytes(sectors * _SECTOR - len(stream)),
            _entry("Root Entry", 5, 1, _END, 0) + _entry(name, 2, _FREE, 0, length) + 2 * _entry("", 0, _FREE, 0, 0),
            pack(f"<{len(chain)}I", *chain),
            *_lists(named[_IN_HEADER:], first_list, lists),
        ]
    )


def _sectors(length: int) -> tuple[int, int, int]:
    """How many sectors the stream has, its allocation table, and the list of those that the header does not name."""
    stream = -(-max(length, _SMALLEST) // _SECTOR)
    tables = lists = 0
    while True:
        more = -(-(stream + 1 + tables + lists) // _NUMBERS)
        rest = -(-max(0, more - _IN_HEADER) // (_NUMBERS - 1))
        if (more, rest) == (tables, lists):
            return stream, tables, lists
        tables, lists = more, rest


def _header(directory: int, tables: int, first_list: int, lists: int, named: list[int]) -> bytes:
    named = named + [_FREE] * (_IN_HEADER - len(named))
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    numbers = pack("<IIIIIIIII", 0, tables, directory, 0, _SMALLEST, _END, 0, first_list, lists)
    return head + numbers + pack(f"<{_IN_HEADER}I", *named)


def _entry(name: str, kind: int, child: int, first: int, length: int) -> bytes:
    """An entry of the directory: a name in UTF-16 with its end, what it is, its first sector and its length."""
    encoded = f"{name}\0".encode("utf-16-le") if name else b""
    links = pack("<HBBIII", len(encoded), kind, 1, _FREE, _FREE, child)
    return encoded.ljust(64, b"\0") + links + bytes(36) + pack("<IQ", first, length)


def _lists(named: list[int], first: int, count: int) -> list[bytes]:
    """The sectors that name those of the allocation table that the header has no room for."""
    found = []
    for at in range(count):
        own = named[at * (_NUMBERS - 1) : (at + 1) * (_NUMBERS - 1)]
        own += [_FREE] * (_NUMBERS - 1 - len(own))
        found.append(pack(f"<{_NUMBERS}I", *own, first + at + 1 if at + 1 < count else _END))
    return found
