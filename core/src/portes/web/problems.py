"""What every application here answers when no route did: a problem body, and a line in the log; never a stack trace."""

from collections.abc import Mapping
from dataclasses import replace
from http import HTTPStatus
from secrets import token_hex
from typing import Any, Final

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ExceptionHandler

from portes.channels.problems import problem
from portes.channels.protocol import ChannelReply, ChannelRequest
from portes.errors import shown

REQUEST_ID: Final = "x-request-id"
_VERSIONED: Final = "/v1/"

_access = structlog.get_logger("portes.access")


def crashed() -> ChannelReply:
    """Say that the fault is ours, and no more; the log has the rest."""
    return problem(500, HTTPStatus(500).phrase, "the service failed; its log says why")


def refused_by_http(error: HTTPException) -> ChannelReply:
    """Say what HTTP itself has against a call: its address, its method, its size."""
    title = HTTPStatus(error.status_code).phrase
    detail = error.detail if error.detail != title else ""
    return problem(error.status_code, title, detail, headers=error.headers)


def response(reply: ChannelReply, request_id: str) -> Response:
    """Put a reply on the wire, with the id that the log knows the call by."""
    return Response(reply.body, reply.status, {**reply.headers, REQUEST_ID: request_id})


def fresh(asked: ChannelRequest, reply: ChannelReply) -> ChannelReply:
    """The reply, or 304 without a body where a caller of GET has it already by its `ETag` (RFC 9110, 13.1.2)."""
    etag, known = reply.headers.get("etag"), asked.headers.get("if-none-match")
    if etag is None or known is None or asked.method != "GET" or not 200 <= reply.status < 300:
        return reply
    if known.strip() != "*" and _bare(etag) not in map(_bare, known.split(",")):
        return reply
    kept = {name: value for name, value in reply.headers.items() if name != "content-type"}
    return replace(reply, status=304, headers=kept, body=b"")


def _bare(tag: str) -> str:
    return tag.strip().removeprefix("W/")


def sendable(reply: object) -> ChannelReply:
    """The reply of a channel as it is. Raises `TypeError` or `ValueError` for one that cannot be put on the wire."""
    if not isinstance(reply, ChannelReply):
        msg = f"write() of a channel returned {type(reply).__name__}; it must return a ChannelReply"
        raise TypeError(msg)
    kind = type(reply.body).__name__
    if kind != "bytes" or not 200 <= reply.status < 600:
        msg = f"a channel replies {reply.status} with {kind}; it must be a status from 200 to 599, with bytes"
        raise TypeError(msg)
    for header in reply.headers.items():
        line = ": ".join(header)
        line.encode("latin-1")
        if not line.isprintable():
            msg = f"a channel replies with the header {line!r}, which holds a sign that no header may"
            raise ValueError(msg)
    return reply


async def on_refusal(request: Request, error: Exception) -> Response:
    """Answer a call that HTTP itself has something against, and log it."""
    assert isinstance(error, HTTPException)  # noqa: S101 — starlette picks the handler by this very type
    return _logged(request, refused_by_http(error))


async def _on_crash(request: Request, _: Exception) -> Response:
    return _logged(request, crashed())


def _logged(request: Request, reply: ChannelReply) -> Response:
    request_id = token_hex(8)
    path = shown(_without_token(request.scope["path"]))  # request.url is made of what the caller says in Host
    _access.info("refused", request=request_id, method=request.method, path=path, status=reply.status)
    return response(reply, request_id)


def _without_token(path: str) -> str:
    """A path up to the channel's name: what follows there may be a secret, of a store that is gone for instance."""
    start, channel, rest = path[: len(_VERSIONED)], path.split("/", 4)[:4], path.split("/", 4)[4:]
    return f"{'/'.join(channel)}/…" if start == _VERSIONED and rest else path


EXCEPTION_HANDLERS: Final[Mapping[Any, ExceptionHandler]] = {HTTPException: on_refusal, Exception: _on_crash}
"""For an application's `exception_handlers`: whatever no route caught becomes a problem body."""
