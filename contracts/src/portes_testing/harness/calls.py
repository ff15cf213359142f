"""Asks a carrier as the engine does, and says what became of each service; it knows no check."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from portes.carrier import Carrier, Deadline
from portes.contract import Answer, Failure, FailureKind, Rate, Refusal, Shipment
from portes.errors import CarrierError
from portes_testing.case import RATE, Outcome
from portes_testing.harness.background import backstage_of
from portes_testing.harness.errors import BrokenContractError

AMPLE: Final = 20.0
"""Seconds where time is not the point."""

Part = Rate | Refusal | Failure


@dataclass(frozen=True, slots=True)
class Said:
    """What one `quote` call came to."""

    answers: tuple[Answer, ...]
    """As the engine would see them: a whole-call error stands as failures of every active service."""
    seconds: float
    error: CarrierError | None = None

    def parts(self) -> Iterator[Part]:
        """Every rate, refusal and failure."""
        for answer in self.answers:
            yield from parts_of(answer)

    def outcomes(self) -> list[dict[str, list[Outcome]]]:
        """For each answer: codes of services and every outcome they have, which should be one."""
        return [outcomes(answer) for answer in self.answers]

    def of(self, code: str) -> list[Part | None]:
        """For each answer, what was said of a service; None when nothing was."""
        return [next((part for part in parts_of(answer) if part.service == code), None) for answer in self.answers]


def parts_of(answer: Answer) -> tuple[Part, ...]:
    """Every rate, refusal and failure of one answer."""
    return (*answer.rates, *answer.refusals, *answer.failures)


def outcome(part: Part) -> Outcome:
    """A rate, or the kind of the refusal or failure."""
    return RATE if isinstance(part, Rate) else part.kind


def outcomes(answer: Answer) -> dict[str, list[Outcome]]:
    """Codes of services in an answer and every outcome they have."""
    found: dict[str, list[Outcome]] = {}
    for part in parts_of(answer):
        found.setdefault(part.service, []).append(outcome(part))
    return found


def ask(carrier: Carrier, shipments: Sequence[Shipment], timeout: float = AMPLE) -> Said:
    """Ask about copies of the shipments: what a carrier does to them must not reach the next check."""
    return ask_about(carrier, [shipment.model_copy(deep=True) for shipment in shipments], timeout)


def ask_about(carrier: Carrier, shipments: Sequence[Shipment], timeout: float = AMPLE) -> Said:
    """Ask, and turn a `CarrierError` into failures.

    A carrier with calls in the background is asked again once they are done: its answers are those it gives then, the
    seconds are those of the first time.

    Raises `BrokenContractError` for anything else that escapes: in the engine it would be a crash, with a
    traceback in the operator's log.
    """
    start = time.monotonic()
    try:
        answers = tuple(carrier.quote(shipments, Deadline(timeout)))
        seconds = time.monotonic() - start
        answers = _afterwards(carrier, shipments, timeout) or answers
    except CarrierError as error:
        return Said(_expanded(carrier, shipments, error), time.monotonic() - start, error)
    except BrokenContractError:
        raise
    except Exception as leaked:
        msg = f"{type(leaked).__name__} escaped from quote(): {leaked}"
        raise BrokenContractError(msg) from leaked
    return Said(answers, seconds)


def _afterwards(carrier: Carrier, shipments: Sequence[Shipment], timeout: float) -> tuple[Answer, ...]:
    """What it says once the calls that it handed over to the background are done; nothing when it never does."""
    backstage = backstage_of(carrier)
    if backstage is None or not backstage.run():
        return ()
    with backstage.closed():
        return tuple(carrier.quote(shipments, Deadline(timeout)))


def _expanded(carrier: Carrier, shipments: Sequence[Shipment], error: CarrierError) -> tuple[Answer, ...]:
    failures = tuple(
        Failure(service=service.code, kind=FailureKind(error.kind), hint=error.hint, retry_after=error.retry_after)
        for service in carrier.abilities.active
    )
    return tuple(Answer(shipment_id=shipment.id, failures=failures) for shipment in shipments)


__all__ = ["AMPLE", "Part", "Said", "ask", "ask_about", "outcome", "outcomes", "parts_of"]
