"""Recorded answers changed into ones that no carrier should send; it knows no fault by name and no carrier."""

import gzip
import json
from collections.abc import Callable, Collection, Iterator
from copy import deepcopy
from dataclasses import replace
from functools import cache
from typing import Any, Final

from portes.toolbox.response import HttpResponse
from portes_testing.faults.loopback import Reply
from portes_testing.recordings.echo import numbers, with_numbers

HUGE: Final = 64 * 1024 * 1024
"""Decoded bytes of an answer that nobody should read to its end."""

DEPTH: Final = 1000
"""Lists within lists, where no answer needs ten."""
_INTERIM: Final = b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </s.css>; rel=preload\r\n\r\n"

FOREIGN: Final = "ZZ-NOBODYS"
"""A service that no case configures."""

Mutation = Callable[[HttpResponse, Collection[str]], "Mutant | None"]
"""A recorded answer and the codes of the active services in; None where the mutation has nothing to change."""


class Mutant:
    """A changed answer and what it can touch."""

    def __init__(self, reply: Reply, touched: Collection[str] | None = None) -> None:
        self.reply = reply
        self.touched = touched
        """Codes of the services it concerns; empty when it concerns one that cannot be named, None for any."""


def replied(received: HttpResponse, body: bytes | None = None, **headers: str) -> Reply:
    """The answer as recorded, or with another body or further headers."""
    kept = {name: value for name, value in received.headers.items() if name.lower() != "content-length"}
    added = {name.replace("_", "-"): value for name, value in headers.items()}
    return Reply(received.status, {**kept, **added}, received.body if body is None else body)


def empty(received: HttpResponse, _codes: Collection[str]) -> Mutant | None:
    """Success, and nothing in it."""
    return Mutant(Reply(200, replied(received).headers))


def truncated(received: HttpResponse, _codes: Collection[str]) -> Mutant | None:
    """The first half of the body, as if it were all."""
    return Mutant(replied(received, received.body[: len(received.body) // 2])) if len(received.body) > 1 else None


def other_shape(received: HttpResponse, _codes: Collection[str]) -> Mutant | None:
    """A list where an object was, an object where a list was."""
    tree = _tree(received)
    changed = {"status": "ok"} if isinstance(tree, list) else [["status", "ok"]]
    return None if tree is None else _mutant(received, changed)


def wrong_types(received: HttpResponse, _codes: Collection[str]) -> Mutant | None:
    """Every text in a list, every number in an object, every truth value null."""
    tree = _tree(received)
    return None if tree is None else _mutant(received, _mistyped(tree))


def huge(received: HttpResponse, _codes: Collection[str]) -> Mutant | None:
    """The recorded body after more blanks than anybody should read, small on the wire."""
    return Mutant(replied(received, _blanks() + gzip.compress(received.body), Content_Encoding="gzip"))


def interim(received: HttpResponse, _codes: Collection[str]) -> Mutant | None:
    """Interim answers before the answer, of which nothing is to be seen."""
    return Mutant(replace(replied(received), before=_INTERIM))


def cut_compression(received: HttpResponse, _codes: Collection[str]) -> Mutant | None:
    """The body compressed, without its end, and a length that agrees."""
    return Mutant(replied(received, gzip.compress(received.body)[:-9], Content_Encoding="gzip"))


def negative_chunk(received: HttpResponse, _codes: Collection[str]) -> Mutant | None:
    """The body in a chunk that is shorter than nothing."""
    body = b"-%x\r\n%b\r\n0\r\n\r\n" % (len(received.body) + 2, received.body)
    return Mutant(replied(received, body, Transfer_Encoding="chunked"))


def deep(received: HttpResponse, _codes: Collection[str]) -> Mutant | None:
    """Lists within lists, more than anybody should walk down."""
    return Mutant(replied(received, b"[" * DEPTH + b"]" * DEPTH))


def other_question(received: HttpResponse, _codes: Collection[str], *, echo: str) -> Mutant | None:
    """The answer with the numbers of another question in it."""
    if not numbers(received.body, echo):
        return None
    return Mutant(replied(received, with_numbers(received.body, echo, lambda number: f"7{number}")))


def wrong_charset(received: HttpResponse, _codes: Collection[str]) -> Mutant | None:
    """Two bytes a character, announced as a character set that does not exist."""
    text = received.body.decode("utf-8", "replace").encode("utf-16-le")
    return Mutant(replied(received, text, Content_Type="application/json; charset=x-nowhere"))


def missing_entry(received: HttpResponse, codes: Collection[str]) -> Mutant | None:
    """The first entry of the answer's outermost list is not there."""
    tree = _tree(received)
    entries = _entries(tree)
    return _mutant(received, tree, _mentioned(entries.pop(0), codes)) if entries else None


def duplicate_entry(received: HttpResponse, codes: Collection[str]) -> Mutant | None:
    """The first entry of the answer's outermost list is there twice."""
    tree = _tree(received)
    entries = _entries(tree)
    if not entries:
        return None
    entries.append(deepcopy(entries[0]))
    return _mutant(received, tree, _mentioned(entries[0], codes))


def foreign_service(received: HttpResponse, codes: Collection[str]) -> Mutant | None:
    """One service of the answer turns out to be another, that nobody asked for."""
    tree = _tree(received)
    code = next(iter(_mentioned(tree, codes)), None)
    return None if code is None else _mutant(received, _replaced(tree, code), (code,))


def _tree(received: HttpResponse) -> Any:  # noqa: ANN401 — any JSON
    try:
        return json.loads(received.body)
    except ValueError:
        return None


def _mutant(received: HttpResponse, tree: object, touched: Collection[str] | None = None) -> Mutant:
    return Mutant(replied(received, json.dumps(tree).encode()), touched)


def _mistyped(tree: Any) -> Any:  # noqa: ANN401 — any JSON
    if isinstance(tree, dict):
        return {name: _mistyped(value) for name, value in tree.items()}
    if isinstance(tree, list):
        return [_mistyped(entry) for entry in tree]
    if isinstance(tree, str):
        return [tree]
    return None if isinstance(tree, bool) else {"value": tree}


@cache
def _blanks() -> bytes:
    return gzip.compress(b" " * HUGE, compresslevel=1)


def _entries(tree: Any) -> list[Any]:  # noqa: ANN401 — any JSON
    """The outermost list of objects, first come first; a new empty list when there is none."""
    level = [tree]
    while level:
        for branch in level:
            if isinstance(branch, list) and branch and all(isinstance(entry, dict) for entry in branch):
                return branch
        level = [twig for branch in level for twig in _twigs(branch)]
    return []


def _twigs(branch: Any) -> Iterator[Any]:  # noqa: ANN401 — any JSON
    if isinstance(branch, dict):
        yield from branch.values()
    elif isinstance(branch, list):
        yield from branch


def _mentioned(tree: Any, codes: Collection[str]) -> list[str]:  # noqa: ANN401 — any JSON
    """Codes of services that stand in it as a value, in order."""
    if isinstance(tree, dict | list):
        return list(dict.fromkeys(code for twig in _twigs(tree) for code in _mentioned(twig, codes)))
    return [str(tree)] if str(tree) in codes else []


def _replaced(tree: Any, code: str) -> Any:  # noqa: ANN401 — any JSON
    if isinstance(tree, dict):
        return {name: _replaced(value, code) for name, value in tree.items()}
    if isinstance(tree, list):
        return [_replaced(entry, code) for entry in tree]
    return FOREIGN if str(tree) == code else tree


__all__ = [
    "DEPTH",
    "FOREIGN",
    "HUGE",
    "Mutant",
    "Mutation",
    "cut_compression",
    "deep",
    "duplicate_entry",
    "empty",
    "foreign_service",
    "huge",
    "interim",
    "missing_entry",
    "negative_chunk",
    "other_question",
    "other_shape",
    "replied",
    "truncated",
    "wrong_charset",
    "wrong_types",
]
