"""Compiled tables in the state folder, written once and mapped by every process.

A file is a mark, the length of its header, a checksum of all that follows, the header as JSON, and the
arrays. One that is not exactly what this version of this program would have written is never used.
"""

import json
import mmap
import os
import re
import sys
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from struct import Struct
from typing import Annotated, Final, Literal

from pydantic import BaseModel, Field, ValidationError

from portes.files import open_own, remove_old, replace_atomically
from portes.tables.index.compiler import FEES, TERMS, Compiled, Summary
from portes.tables.index.origins import OriginSpan
from portes.tables.index.ranges import Numbers

LAYOUT: Final = 4
"""Raise it whenever the arrays or their meaning change."""
SUFFIX: Final = ".rates"

_HEAD: Final = Struct("<8sII")
_MARK: Final = b"PORTESRT"
_UNUSED_SECONDS: Final = 30 * 24 * 3600
_OURS: Final = re.compile(rf"[0-9a-f]{{32}}{re.escape(SUFFIX)}")
_TERMS: Final = tuple(f"terms.{name}" for name in TERMS)
_FEES: Final = tuple(f"fees.{name}" for name in FEES)
_ARRAYS: Final = frozenset(
    [
        "starts",
        "ends",
        "group_of",
        "chains",
        "links",
        "layers",
        "firsts",
        "ladder_of",
        "rungs",
        "floors",
        "limits",
        "extras",
        "prices",
        "terms_of",
        "fee_posts",
        "signposts",
        *_TERMS,
        *_FEES,
    ]
)
_Count = Annotated[int, Field(ge=0)]


class _Header(BaseModel):
    layout: int
    byteorder: str
    fingerprint: str
    services: dict[str, tuple[_Count, _Count]]
    origins: dict[str, list[tuple[int, int, _Count, _Count]]]
    shift: Annotated[int, Field(ge=0, le=64)]
    words: list[str]
    summary: Summary
    arrays: dict[str, tuple[Literal["B", "H", "I", "L", "Q", "q"], _Count]]


def write_compiled(path: Path, fingerprint: str, compiled: Compiled) -> None:
    """Write a table in one step; old ones nobody made for a month go."""
    replace_atomically(path, _body(fingerprint, compiled))
    remove_old(path.parent, _OURS, path.stat().st_mtime, _UNUSED_SECONDS)


def _body(fingerprint: str, compiled: Compiled) -> Iterator[bytes | memoryview]:
    header = json.dumps(
        {
            "layout": LAYOUT,
            "byteorder": sys.byteorder,
            "fingerprint": fingerprint,
            "services": compiled.services,
            "origins": compiled.origins,
            "shift": compiled.shift,
            "words": compiled.words,
            "summary": asdict(compiled.summary),
            "arrays": {name: [memoryview(numbers).format, len(numbers)] for name, numbers in compiled.arrays.items()},
        }
    ).encode()
    header += b" " * (-(len(header) + _HEAD.size) % 8)
    sections: list[bytes | memoryview] = [header, *chain.from_iterable(map(_padded, compiled.arrays.values()))]
    checksum = 0
    for section in sections:
        checksum = zlib.crc32(section, checksum)
    yield _HEAD.pack(_MARK, len(header), checksum)
    yield from sections


def _padded(numbers: Numbers) -> tuple[bytes | memoryview, ...]:
    """An array's bytes, and those that fill it up to a multiple of eight."""
    section = memoryview(numbers).cast("B") if len(numbers) else memoryview(b"")
    return section, bytes(-len(section) % 8)


def map_compiled(path: Path, fingerprint: str) -> Compiled | None:
    """Map a compiled table; None when there is none, or when it is damaged or another's.

    Raises `RefusedFileError` for what is no file of ours, and any other `OSError`.
    """
    try:
        handle = open_own(path)
    except FileNotFoundError:
        return None
    try:
        mapped = memoryview(mmap.mmap(handle, 0, access=mmap.ACCESS_READ))
    except ValueError:  # so mmap calls an empty file
        return None
    finally:
        os.close(handle)
    header = _header(mapped)
    if header is None or (header.layout, header.byteorder, header.fingerprint) != (LAYOUT, sys.byteorder, fingerprint):
        return None
    return _unpacked(header, mapped)


def _header(mapped: memoryview) -> _Header | None:
    """What a file says of itself; None for one that is damaged or another program's."""
    if len(mapped) < _HEAD.size:
        return None
    mark, length, checksum = _HEAD.unpack_from(mapped)
    if mark != _MARK or zlib.crc32(mapped[_HEAD.size :]) != checksum:
        return None
    try:
        return _Header.model_validate_json(bytes(mapped[_HEAD.size : _HEAD.size + length]))
    except ValidationError:
        return None


def _unpacked(header: _Header, mapped: memoryview) -> Compiled | None:
    _, length, _ = _HEAD.unpack_from(mapped)
    sections = mapped[_HEAD.size + length :]
    arrays: dict[str, Numbers] = {}
    at = 0
    for name, (code, count) in header.arrays.items():
        size = count * memoryview(b"").cast(code).itemsize
        if at + size > len(sections):
            return None
        arrays[name] = sections[at : at + size].cast(code)
        at += size + -size % 8
    if not _fits(arrays, header):
        return None
    origins = {name: [*map(OriginSpan._make, spans)] for name, spans in header.origins.items()}
    return Compiled(header.services, origins, arrays, header.shift, header.words, header.summary)


def _fits(arrays: Mapping[str, Numbers], header: _Header) -> bool:
    """Whether the arrays are those of a table, and as long as each other demands; their numbers are not looked at."""
    if arrays.keys() != _ARRAYS:
        return False
    sizes = {name: len(numbers) for name, numbers in arrays.items()}
    ranges, rows = sizes["starts"], sizes["prices"]
    begins = [*header.services.values(), *(span[2:] for spans in header.origins.values() for span in spans)]
    return (
        sizes["ends"] == ranges
        and sizes["firsts"] == sizes["ladder_of"]
        and (sizes["group_of"] or sizes["firsts"]) == ranges
        and sizes["links"] == sizes["layers"]
        and sizes["chains"] > 0
        and sizes["terms_of"] == rows
        and sizes["rungs"] > 0
        and sizes["floors"] == sizes["limits"] == sizes["extras"]
        and {sizes[name] for name in _TERMS} == {sizes["fee_posts"] - 1}
        and len({sizes[name] for name in _FEES}) == 1
        and all(first < ranges and post < sizes["signposts"] for first, post in begins)
        and header.services.keys() | header.origins.keys() == set(header.summary.services)
    )
