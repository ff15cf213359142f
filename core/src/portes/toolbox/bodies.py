"""Reads an answer's body: within its limit, unpacked, whole, and nothing after its end."""

import zlib
from collections.abc import Iterable, Iterator
from typing import Any, Final

from urllib3 import HTTPResponse
from urllib3.exceptions import DecodeError

from portes.errors import GarbledError

_CHUNK: Final = 65536
_GZIP, _ZLIB, _BARE = 31, 15, -15  # what zlib calls them
_CODINGS: Final = {"gzip": _GZIP, "x-gzip": _GZIP, "deflate": _ZLIB}
_MOST_PARTS: Final = 100
"""Streams that one gzip body may be made of; each costs a copy of what is left."""


def read_body(raw: Any, limit: int, host: str) -> bytes:  # noqa: ANN401 — urllib3's response, or a cassette's in its place
    """The whole body, unpacked; its connection is closed when that fails.

    Raises `GarbledError` over `limit` bytes, packed or unpacked, `DecodeError` for one that is cut or has an appendix,
    and what urllib3 raises.
    """
    try:
        body = b"".join(_bounded(raw.stream(_CHUNK, decode_content=False), limit, host))
        coding = _coding_of(raw)
        return b"".join(_bounded(_unpacked(body, coding, limit), limit, host)) if coding else body
    except BaseException:
        raw.close()
        raise


def _coding_of(raw: Any) -> int | None:  # noqa: ANN401 — the same
    """How the body is packed; an unknown word packs nothing, and a cassette unpacks by itself."""
    named = raw.headers.get("Content-Encoding", "") if isinstance(raw, HTTPResponse) else ""
    return _CODINGS.get(named.strip().lower())


def _bounded(parts: Iterable[bytes], limit: int, host: str) -> Iterator[bytes]:
    size = 0
    for part in parts:
        size += len(part)
        if size > limit:
            msg = f"{host}: the answer is longer than {limit} bytes"
            raise GarbledError(msg)
        yield part


def _unpacked(packed: bytes, coding: int, limit: int) -> Iterator[bytes]:
    """Each stream of a packed body, of which no more than a byte over the limit is unpacked."""
    if coding == _ZLIB and not _has_frame(packed):
        coding = _BARE
    for _ in range(_MOST_PARTS if coding == _GZIP else 1):
        if not packed:
            return
        unpacking = zlib.decompressobj(coding)
        try:
            yield unpacking.decompress(packed, limit + 1)
        except zlib.error as problem:
            raise DecodeError(str(problem)) from None
        if not unpacking.eof:
            raise DecodeError("it ends too early")
        packed = unpacking.unused_data
    if packed:
        raise DecodeError("more follows its end")


def _has_frame(packed: bytes) -> bool:
    """Whether a deflated body has the frame that the standard asks for and many servers leave out."""
    return len(packed) > 1 and packed[0] & 15 == 8 and int.from_bytes(packed[:2]) % 31 == 0


__all__ = ["read_body"]
