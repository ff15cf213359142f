"""What a carrier's `quote` gave back, in words for whoever wrote it; it mends nothing."""

from collections import Counter
from collections.abc import Sequence
from inspect import iscoroutine
from typing import Final

from portes.contract import Answer
from portes.errors import shown

MUST: Final = "it must return one Answer per shipment, in order"

_KINDS_NAMED: Final = 3


def answers_in(given: object) -> list[Answer]:
    """The answers among what was given back."""
    return [one for one in given if isinstance(one, Answer)] if isinstance(given, list | tuple) else []


def flaw(given: object, wanted: Sequence[str]) -> str:
    """What came and what must come; empty where there is one answer for each shipment, in any order.

    A coroutine, which nobody awaits, is closed.
    """
    answers = answers_in(given)
    if not isinstance(given, list | tuple) or len(answers) < len(given) or not given:
        return f"returned {_named(given)}; {MUST}"
    times = Counter(answer.shipment_id for answer in answers)
    if len(answers) == len(wanted) and all(times[one] == 1 for one in wanted):
        return ""
    came, asked = (", ".join(map(shown, ids[:_KINDS_NAMED])) for ids in (list(times), wanted))
    return f"returned {len(answers)} answers, to {came} where {asked} was asked; {MUST}"


def _named(given: object) -> str:
    kind = type(given).__name__
    if iscoroutine(given):
        given.close()
    if not isinstance(given, list | tuple):
        return "None" if given is None else kind
    kinds = sorted({type(one).__name__ for one in given})
    return f"{kind}[{' | '.join(kinds[:_KINDS_NAMED])}]" if kinds else f"an empty {kind}"
