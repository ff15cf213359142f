"""Calls as a marketplace makes them: a sample with the credentials of the case, signed where the case signs."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from portes.channels.credentials import Expected, Guarded
from portes.channels.protocol import Channel, ChannelRequest
from portes_testing.channels.case import ChannelCase, RequestSample


def bytes_of(source: Path | bytes) -> bytes:
    """What stands in a file, or the bytes themselves."""
    return source.read_bytes() if isinstance(source, Path) else source


def call_of(channel: Channel, case: ChannelCase, sample: RequestSample) -> ChannelRequest:
    """The call that a sample stands for."""
    method, query, body = sample.method, sample.query, bytes_of(sample.source)
    if sample.in_query:
        told = json.loads(body)
        method, query, body = told["method"], urlencode(told["query"], quote_via=quote), b""
    return make_call(channel, case, body, method=method, query=query, tail=sample.tail)


def make_call(
    channel: Channel,
    case: ChannelCase,
    body: bytes,
    *,
    method: str = "",
    query: str = "",
    tail: str = "",
) -> ChannelRequest:
    """A call with this body and query, the rest as in the channel's example: address, credentials, content type."""
    example = channel.example()
    body = _with_secrets(body, example.body, case)
    if case.signature is None and hasattr(channel, "call"):
        made: ChannelRequest = channel.call(method or example.method, tail=tail, body=body, query=query)
    else:
        made = replace(example, method=method or example.method, body=body, tail=tail)
        made = signed(made, case)
    return _with_query(replace(made, headers={**example.headers, **made.headers}), query, example, channel)


def signed(asked: ChannelRequest, case: ChannelCase) -> ChannelRequest:
    """The call with the signature that the case's marketplace puts over its body."""
    if case.signature is None:
        return asked
    made = {name.lower(): value for name, value in case.signature(asked.body).items()}
    return replace(asked, headers={**asked.headers, **made})


def expected_of(channel: Channel) -> list[Expected]:
    """Every value that some credential of a channel wants to see, those of signatures among them."""
    credentials = channel.credentials if isinstance(channel, Guarded) else ()
    return [value for credential in credentials for value in credential.expected()]


def _with_query(asked: ChannelRequest, query: str, example: ChannelRequest, channel: Channel) -> ChannelRequest:
    """The call with a query, and with those parameters of the example that are credentials."""
    names = {name for value in expected_of(channel) if value.place == "query" for name in value.names}
    given = dict(parse_qsl(query, keep_blank_values=True))
    missing = {name: text for name, text in example.query.items() if name in names - given.keys()}
    raw = "&".join(part for part in (query, urlencode(missing, quote_via=quote)) if part)
    known = {name: example.query[name] for name in names & given.keys() & example.query.keys()}
    if known:  # a sample has a credential of its own, which is nobody's here
        raw = urlencode({**given, **missing, **known}, quote_via=quote)
    return replace(asked, raw_query=raw, query={**given, **missing, **known})


def _with_secrets(body: bytes, example: bytes, case: ChannelCase) -> bytes:
    """A body in which the fields that hold a credential are those of the example; as it is where none does."""
    if not case.body_secrets or not body:
        return body
    try:
        told, own = json.loads(body), json.loads(example)
    except ValueError:
        return body
    if not isinstance(told, dict):
        return body
    for path in case.body_secrets:
        told = with_value(told, path.split("."), value_at(own, path.split(".")))
    return json.dumps(told).encode()


def without_secrets(body: bytes, case: ChannelCase) -> bytes:
    """The body without the credentials that stand in it."""
    if not case.body_secrets:
        return body
    told = json.loads(body)
    for path in case.body_secrets:
        told = with_value(told, path.split("."), None)
    return json.dumps(told).encode()


def value_at(tree: Any, path: list[str]) -> Any:  # noqa: ANN401 — a value of any JSON
    """What stands at a path of a parsed body; None where nothing does."""
    for name in path:
        tree = tree.get(name) if isinstance(tree, Mapping) else None
    return tree


def with_value(tree: Any, path: list[str], value: Any) -> Any:  # noqa: ANN401 — a value of any JSON
    """The parsed body with another value at a path."""
    if not path:
        return value
    table = dict(tree) if isinstance(tree, Mapping) else {}
    return {**table, path[0]: with_value(table.get(path[0]), path[1:], value)}


__all__ = ["bytes_of", "call_of", "expected_of", "make_call", "signed", "value_at", "with_value", "without_secrets"]
