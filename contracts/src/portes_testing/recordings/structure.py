"""The shape of what was said on the wire, without its values, and a fingerprint of it."""

import json
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Any

from portes_testing.recordings.exchange import Exchange


def structure(exchanges: Iterable[Exchange]) -> frozenset[str]:
    """One line for each call and for each field of question and answer, with its type: `POST /quotes < [].price text`.

    Entries of a list count as one, so that more of the same changes nothing.
    """
    return frozenset(line for exchange in exchanges for line in _lines(exchange))


def fingerprint(exchanges: Iterable[Exchange]) -> str:
    """Twelve characters that change when the structure does."""
    return _digest(structure(exchanges))


def answer_fingerprint(exchange: Exchange) -> str:
    """Twelve characters that change when the call, the status or the structure of the answer does."""
    return _digest(_answer_lines(exchange))


def _digest(lines: Iterable[str]) -> str:
    return sha256("\n".join(sorted(set(lines))).encode()).hexdigest()[:12]


def _lines(exchange: Exchange) -> Iterator[str]:
    request = exchange.request
    call = f"{request.method} {request.path}"
    yield from (f"{call} ? {name}" for name, _ in request.query)
    yield from (f"{call} > {field}" for field in _fields(request.body))
    yield from _answer_lines(exchange)


def _answer_lines(exchange: Exchange) -> Iterator[str]:
    answer = f"{exchange.request.method} {exchange.request.path} {exchange.response.status}"
    yield answer
    yield from (f"{answer} < {field}" for field in _fields(exchange.response.body))


def _fields(body: bytes) -> Iterator[str]:
    if not body:
        return iter(("nothing",))
    try:
        return _walked(json.loads(body), "")
    except ValueError:
        return iter(("no JSON",))


def _walked(tree: Any, path: str) -> Iterator[str]:  # noqa: ANN401 — any JSON
    if isinstance(tree, dict):
        yield f"{path or '.'} object"
        for name, value in tree.items():
            yield from _walked(value, f"{path}.{name}")
    elif isinstance(tree, list):
        yield f"{path or '.'} list"
        for entry in tree:
            yield from _walked(entry, f"{path}[]")
    else:
        yield f"{path or '.'} {_KINDS[type(tree)]}"


_KINDS = {str: "text", int: "number", float: "number", bool: "truth value", type(None): "null"}


__all__ = ["answer_fingerprint", "fingerprint", "structure"]
