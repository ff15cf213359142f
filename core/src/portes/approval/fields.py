"""Calls with one field wrong: every field of a JSON body or of a query left out, and of another kind."""

from collections.abc import Callable, Iterator
from typing import Any, Final

import orjson

_KINDS: Final[tuple[tuple[str, object], ...]] = (
    ("a list", []),
    ("an object", {}),
    ("below zero", -1),
    ("odd text", "\u0000\u200f;|,&<"),
)


def odd_bodies(body: bytes) -> Iterator[tuple[str, bytes]]:
    """The body with each of its fields left out, then of other kinds; by the field's path and what is odd about it.

    None for a body that is no JSON object or list.
    """
    try:
        tree = orjson.loads(body)
    except orjson.JSONDecodeError:
        return
    for path in _paths(tree):
        where = ".".join(map(str, path))
        yield f"{where} left out", _changed(tree, path, _leave_out)
        for words, value in _KINDS:
            yield f"{where} is {words}", _changed(tree, path, _set_to(value))


def odd_queries(query: str) -> Iterator[tuple[str, str]]:
    """The query with each of its parameters left out, empty, and odd; by the parameter and what is odd about it."""
    pairs = [pair for pair in query.split("&") if pair]
    for number, pair in enumerate(pairs):
        name = pair.partition("=")[0]
        for words, changed in (
            ("left out", []),
            ("empty", [f"{name}="]),
            ("there twice", [pair, pair]),
            ("odd text", [f"{name}=%00%E2%80%8F;|,%26%3C"]),
        ):
            yield f"{name} is {words}", "&".join([*pairs[:number], *changed, *pairs[number + 1 :]])


_Path = tuple[str | int, ...]


def _paths(tree: Any, before: _Path = ()) -> Iterator[_Path]:  # noqa: ANN401 -- any JSON
    if isinstance(tree, dict):
        children: list[tuple[str | int, Any]] = [*tree.items()]
    elif isinstance(tree, list):
        children = [*enumerate(tree[:1])]  # entries of one list are alike
    else:
        children = []
    for key, child in children:
        path = (*before, key)
        yield path
        yield from _paths(child, path)


def _changed(tree: Any, path: _Path, change: Callable[[Any, Any], None]) -> bytes:  # noqa: ANN401 -- any JSON
    copy = orjson.loads(orjson.dumps(tree))
    holder = copy
    for key in path[:-1]:
        holder = holder[key]
    change(holder, path[-1])
    return orjson.dumps(copy)


def _leave_out(holder: Any, key: Any) -> None:  # noqa: ANN401 -- any JSON
    del holder[key]


def _set_to(value: object) -> Callable[[Any, Any], None]:
    def change(holder: Any, key: Any) -> None:  # noqa: ANN401 -- any JSON
        holder[key] = value

    return change
