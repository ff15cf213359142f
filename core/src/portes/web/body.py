"""Reads a call's body up to a limit; it does not know what the body says, and leaves time to the connection."""

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import Receive


async def read_body(receive: Receive, declared: str | None, limit: int) -> bytes:
    """The body of a call: at most `limit` bytes, read no further than the first one beyond.

    `declared` is the `content-length` header, when there is one. Raises `HTTPException` 413, and starlette's
    `ClientDisconnect` when the caller went away or was cut off.
    """
    if declared is not None and declared.isdecimal() and int(declared) > limit:
        raise HTTPException(413, _too_large(limit))
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
            raise HTTPException(413, _too_large(limit))
        chunks.append(chunk)
        more = message.get("more_body", False)
    return chunks[0] if len(chunks) == 1 else b"".join(chunks)


def _too_large(limit: int) -> str:
    return f"the body is larger than {limit} bytes"
