"""What a carrier's `quote` gave back, in words for whoever wrote it; it mends nothing."""

from collections import Counter
from collections.abc import Sequence
from inspect import iscoroutine
from typing import Final

from portes.contract import Answer
from portes.errors import shown

MUST: Final = "it must return one Answer per shipment, in order"

_NAMED: Final = 3
"""Kinds or shipments that are named; who mends it needs no more."""


def answers_in(given: object) -> list[Answer]:
    """The answers among what was given back."""
    return [one for one in given if isinstance(one, Answer)] if isinstance(given, list | tuple) else []


def stranger(given: object) -> str:
    """What came in place of answers and what must come; empty for answers alone. A coroutine is closed."""
    if isinstance(given, list | tuple) and len(answers_in(given)) == len(given):
        return ""
    return f"returned {_named(given)}; {MUST}"


def flaw(given: object, wanted: Sequence[str]) -> str:
    """What came and what must come; empty where there is one answer to each shipment, in any order."""
    answers = answers_in(given)
    times = Counter(answer.shipment_id for answer in answers)
    if other := stranger(given):
        return other
    if len(answers) == len(wanted) and all(times[one] == 1 for one in wanted):
        return ""
    came, asked = (", ".join(map(shown, list(ids)[:_NAMED])) for ids in (times, wanted))
    return f"returned {f'answers to {came}' if answers else 'no answers'} where {asked} was asked; {MUST}"


def _named(given: object) -> str:
    kind = type(given).__name__
    if iscoroutine(given):
        given.close()
    if not isinstance(given, list | tuple):
        return "None" if given is None else kind
    return f"{kind}[{' | '.join(sorted({type(one).__name__ for one in given})[:_NAMED])}]"
