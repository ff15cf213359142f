"""Bodies and queries that nobody should send: samples with one thing wrong, and whatever Hypothesis comes upon."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlencode

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st

from portes.channels.protocol import ChannelRequest

_DEEP: Final = 3000
_RAW: Final = "\ue000raw\ue001"
"""Stands in a tree for a text that JSON's own writer has no way to write."""
_WRITTEN: Final = (
    "NaN",
    "-Infinity",
    "1e400",
    "-0.0",
    "9" * 400,
    "[" * _DEEP + "]" * _DEEP,
    '{"a":' * _DEEP + "1" + "}" * _DEEP,
    r'"\ud800"',
    r'"\u0000"',
    '"' + "x" * 70_000 + '"',
)
"""Values as they stand in a body, where Python's own would not do."""
_VALUES: Final[Sequence[Any]] = (
    None,
    True,
    "",
    " ",
    "x",
    "é\u202e\x07",
    -1,
    0,
    0.1 + 0.2,
    2**63,
    2**64,
    1e308,
    [],
    {},
    [None],
    {"x": []},
    "2030-02-30",
    "1,234.56",
    "0x10",
)


@dataclass(frozen=True, slots=True)
class Hostile:
    """One body or query, with what is wrong with it."""

    words: str
    body: bytes = b""
    query: str | None = None
    """The query in place of a sample's; None where the body is what is wrong."""


def spoiled(call: ChannelRequest) -> Iterator[Hostile]:
    """A sound call with one thing wrong, for each field and each thing; the same in every run."""
    for name, other in _spoiled_queries(call.raw_query):
        yield Hostile(name, call.body, other)
    tree = _parsed(call.body)
    if tree is not None:
        for path in paths(tree):
            yield from _spoiled_at(tree, path)


def _spoiled_queries(raw: str) -> Iterator[tuple[str, str]]:
    told = parse_qsl(raw, keep_blank_values=True)
    for place, (name, _) in enumerate(told):
        yield f"no {name}", urlencode(told[:place] + told[place + 1 :], quote_via=quote)
        for value in ("", "x", "-1", "9" * 400, "NaN", "\x00", "é;/|,", "x" * 70_000):
            changed = [*told[:place], (name, value), *told[place + 1 :]]
            yield f"{value[:20]!r} as {name}", urlencode(changed, quote_via=quote)


def _spoiled_at(tree: Any, path: Sequence[Any]) -> Iterator[Hostile]:  # noqa: ANN401 — any JSON
    where = ".".join(map(str, path)) or "body"
    for value in _VALUES:
        yield Hostile(f"{value!r} as {where}", _bytes(_with(tree, path, value)))
    for text in _WRITTEN:
        yield Hostile(f"{text[:20]} as {where}", _bytes(_with(tree, path, _RAW)).replace(_MARK, text.encode()))
    if path:
        yield Hostile(f"no {where}", _bytes(_without(tree, path)))
    if path and isinstance(path[-1], str):
        yield Hostile(f"{where} twice", _twice(tree, path))


_MARK: Final = json.dumps(_RAW).encode()


def _bytes(tree: Any) -> bytes:  # noqa: ANN401 — any JSON
    return json.dumps(tree).encode()


def _parsed(body: bytes) -> Any:  # noqa: ANN401 — any JSON
    try:
        return json.loads(body)
    except ValueError:
        return None


def paths(tree: Any, path: tuple[Any, ...] = (), *, whole: bool = False) -> Iterator[tuple[Any, ...]]:  # noqa: ANN401 — any JSON
    """Every place in a parsed body, the whole first; of a list the first and the last element, or all of it."""
    yield path
    if isinstance(tree, dict):
        for name, value in tree.items():
            yield from paths(value, (*path, name), whole=whole)
    elif isinstance(tree, list):
        for place in range(len(tree)) if whole else sorted({0, len(tree) - 1} if tree else ()):
            yield from paths(tree[place], (*path, place), whole=whole)


def _with(tree: Any, path: Sequence[Any], value: Any) -> Any:  # noqa: ANN401 — any JSON
    if not path:
        return value
    first, rest = path[0], path[1:]
    if isinstance(tree, dict):
        return {name: _with(one, rest, value) if name == first else one for name, one in tree.items()}
    return [_with(one, rest, value) if place == first else one for place, one in enumerate(tree)]


def _without(tree: Any, path: Sequence[Any]) -> Any:  # noqa: ANN401 — any JSON
    first, rest = path[0], path[1:]
    if rest:
        inner = _without(tree[first], rest)
        return _with(tree, [first], inner)
    if isinstance(tree, dict):
        return {name: one for name, one in tree.items() if name != first}
    return [one for place, one in enumerate(tree) if place != first]


def _twice(tree: Any, path: Sequence[Any]) -> bytes:  # noqa: ANN401 — any JSON
    """The body in which the last name of a path stands twice, first with another value."""
    around = tree
    for step in path[:-1]:
        around = around[step]
    inner = json.dumps(around)
    doubled = "{" + json.dumps(path[-1]) + ": null, " + inner[1:]
    return _bytes(_with(tree, path[:-1], _RAW)).replace(_MARK, doubled.encode())


_SIGNS: Final = "aZ09 -_.,:;/\\\"'<>&{}[]%+=\x00\x07\x1b\x7f\x85éßçñ東İ\u202e\u200b\ufeff\ud800\udfff😀"
"""Signs of every kind that makes trouble, lone surrogates among them; few, so that nobody waits for tables of all."""
_TEXTS: Final = st.text(_SIGNS, max_size=12)
_SCALARS: Final = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.integers(min_value=-(10**320), max_value=10**320),
    st.floats(),
    _TEXTS,
    st.text("0123456789-,.eE", max_size=12),
)
_TREES: Final = st.recursive(
    _SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(_TEXTS, inner, max_size=4)),
    max_leaves=12,
)


def hostile_calls(call: ChannelRequest) -> st.SearchStrategy[Hostile]:
    """Bytes, JSON and queries of any kind, and a sound call with any value at any place of it."""
    ways = [
        st.binary(max_size=200).map(lambda body: Hostile(f"{body!r}", body)),
        _TREES.map(lambda tree: Hostile(f"{tree!r}", _bytes(tree))),
    ]
    tree = _parsed(call.body)
    if tree is not None:
        places = st.sampled_from([*paths(tree)])
        ways.append(
            st.tuples(places, _TREES).map(
                lambda pair: Hostile(f"{pair[1]!r} at {pair[0]}", _bytes(_with(tree, pair[0], pair[1])))
            )
        )
    names = [name for name, _ in parse_qsl(call.raw_query)]
    if names:
        values = st.dictionaries(st.sampled_from(names), st.text(_SIGNS.replace("\ud800\udfff", ""), max_size=40))
        ways.append(
            values.map(lambda told: Hostile(f"{told!r}", call.body, urlencode({**dict.fromkeys(names, "1"), **told})))
        )
    return st.one_of(ways)


def trials(examples: int, *, shrinks: bool = True) -> settings:
    """How Hypothesis goes about it: the same in every run, whatever profile is loaded, and nothing kept on disk."""
    return settings(
        max_examples=examples,
        phases=[Phase.explicit, Phase.generate, *([Phase.shrink] if shrinks else [])],
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=[*HealthCheck],
    )


__all__ = ["Hostile", "hostile_calls", "paths", "spoiled", "trials"]
