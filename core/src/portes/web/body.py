"""Reads a call's body within limits on bytes and time; it does not know what the body says."""

import asyncio

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import Receive

# The rest of such a body is never read, so the connection cannot carry another call.
_CLOSE = {"connection": "close"}


async def read_body(receive: Receive, declared: str | None, limit: int, seconds: float) -> bytes:
    """Read at most `limit` bytes for at most `seconds`, and stop at the first byte beyond.

    `declared` is the `content-length` header, when there is one. Raises `HTTPException` 413 or 408, and
    starlette's `ClientDisconnect` when the asker went away.
    """
    if declared is not None and declared.isdecimal() and int(declared) > limit:
        raise _too_large(limit)
    try:
        async with asyncio.timeout(seconds):
            return await _read(receive, limit)
    except TimeoutError:
        raise HTTPException(408, f"the body did not arrive within {seconds:g} s", _CLOSE) from None


async def _read(receive: Receive, limit: int) -> bytes:
    chunks: list[bytes] = []
    size = 0
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            raise _too_large(limit)
        chunks.append(chunk)
        more = message.get("more_body", False)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def _too_large(limit: int) -> HTTPException:
    return HTTPException(413, f"the body is larger than {limit} bytes", _CLOSE)
