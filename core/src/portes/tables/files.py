"""Compiled tables in the state folder, written once and mapped by every process.

A file is a mark, the length of its header, a checksum of all that follows, the header as JSON, and the
arrays. One that is not exactly what this version of this program would have written is never used.
"""

import json
import mmap
import sys
import zlib
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from struct import Struct
from typing import Any, Final

from portes.files import replace_atomically
from portes.tables.compiler import Compiled, Numbers, Summary

LAYOUT: Final = 2
"""Raise it whenever the arrays or their meaning change."""
SUFFIX: Final = ".rates"

_HEAD: Final = Struct("<8sII")
_MARK: Final = b"PORTESRT"
_UNUSED_SECONDS: Final = 30 * 24 * 3600


def write_compiled(path: Path, fingerprint: str, compiled: Compiled) -> None:
    """Write a table in one step; old ones nobody made for a month go."""
    replace_atomically(path, b"".join(_body(fingerprint, compiled)))
    _tidy(path)


def _body(fingerprint: str, compiled: Compiled) -> Iterator[bytes]:
    header = json.dumps(
        {
            "layout": LAYOUT,
            "byteorder": sys.byteorder,
            "fingerprint": fingerprint,
            "services": compiled.services,
            "shift": compiled.shift,
            "summary": asdict(compiled.summary),
            "arrays": {name: [memoryview(numbers).format, len(numbers)] for name, numbers in compiled.arrays.items()},
        }
    ).encode()
    header += b" " * (-(len(header) + _HEAD.size) % 8)
    sections = [header, *(_padded(numbers.tobytes()) for numbers in compiled.arrays.values())]
    checksum = 0
    for section in sections:
        checksum = zlib.crc32(section, checksum)
    yield _HEAD.pack(_MARK, len(header), checksum)
    yield from sections


def _padded(section: bytes) -> bytes:
    return section + bytes(-len(section) % 8)


def map_compiled(path: Path, fingerprint: str) -> Compiled | None:
    """Map a compiled table; None when there is none, or when it is damaged or another's."""
    try:
        with path.open("rb") as file:
            mapped = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
    except (FileNotFoundError, ValueError):  # mmap calls an empty file a ValueError
        return None
    if len(mapped) < _HEAD.size:
        return None
    mark, length, checksum = _HEAD.unpack_from(mapped)
    if mark != _MARK or zlib.crc32(mapped[_HEAD.size :]) != checksum:
        return None
    header = json.loads(bytes(mapped[_HEAD.size : _HEAD.size + length]))
    expected = (LAYOUT, sys.byteorder, fingerprint)
    if (header["layout"], header["byteorder"], header["fingerprint"]) != expected:
        return None
    return _unpacked(header, mapped[_HEAD.size + length :])


def _unpacked(header: dict[str, Any], sections: memoryview) -> Compiled:
    arrays: dict[str, Numbers] = {}
    at = 0
    for name, (code, count) in header["arrays"].items():
        size = count * memoryview(b"").cast(code).itemsize
        arrays[name] = sections[at : at + size].cast(code)
        at += size + -size % 8
    services = {name: (first, post) for name, (first, post) in header["services"].items()}
    summary = Summary(**{**header["summary"], "services": tuple(header["summary"]["services"])})
    return Compiled(services, arrays, header["shift"], summary)


def _tidy(newest: Path) -> None:
    now = newest.stat().st_mtime
    for path in newest.parent.glob(f"*{SUFFIX}"):
        if now - path.stat().st_mtime > _UNUSED_SECONDS:
            path.unlink(missing_ok=True)
