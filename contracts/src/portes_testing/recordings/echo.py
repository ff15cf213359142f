"""The numbers that go out with a question and come back in its answer, made the same in every recording."""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from portes_testing.recordings.exchange import Exchange


def renumbered(exchanges: Iterable[Exchange], echo: str) -> tuple[Exchange, ...]:
    """Exchanges whose numbers, in the JSON field `echo`, count from 1 in each question, as the kit's tools give them.

    An answer's numbers follow those of its question; any other of its numbers stays as it is.
    """
    return tuple(_renumbered(each, echo) if echo else each for each in exchanges)


def _renumbered(exchange: Exchange, echo: str) -> Exchange:
    sent = dict.fromkeys(numbers(exchange.request.body, echo))
    new = {old: str(number) for number, old in enumerate(sent, start=1)}
    if all(old == number for old, number in new.items()):
        return exchange
    return Exchange(
        replace(exchange.request, body=with_numbers(exchange.request.body, echo, new.get)),
        replace(exchange.response, body=with_numbers(exchange.response.body, echo, new.get)),
    )


def numbers(body: bytes, echo: str) -> list[str]:
    """Every number that stands in the field, in order; none in a body that is no JSON."""
    return [str(branch[echo]) for branch in _holders(_tree(body), echo)]


def with_numbers(body: bytes, echo: str, new: Callable[[str], str | None]) -> bytes:
    """The body with other numbers in the field, each text or number as it was; None leaves one as it is."""
    tree = _tree(body)
    for branch in _holders(tree, echo):
        old = branch[echo]
        branch[echo] = type(old)(new(str(old)) or old)
    return json.dumps(tree, ensure_ascii=False).encode()


def _tree(body: bytes) -> Any:  # noqa: ANN401 — any JSON
    try:
        return json.loads(body)
    except ValueError:
        return None


def _holders(tree: Any, echo: str) -> Iterator[dict[str, Any]]:  # noqa: ANN401 — any JSON
    if isinstance(tree, dict):
        if type(tree.get(echo)) in {int, str}:
            yield tree
        for twig in tree.values():
            yield from _holders(twig, echo)
    elif isinstance(tree, list):
        for twig in tree:
            yield from _holders(twig, echo)


__all__ = ["numbers", "renumbered", "with_numbers"]
