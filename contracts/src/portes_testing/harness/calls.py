"""Asks a carrier through the engine's own guard, and keeps what it gave before the guard held it to its contract."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from portes.carrier import Abilities, Carrier, Deadline
from portes.contract import Answer, Outcome, Rate, Shipment
from portes.engine import guard, returned
from portes.engine.policy import Member
from portes.errors import CarrierError
from portes.packing.protocol import PackedParcel, PackingTask
from portes.redaction import Redactor
from portes.settings import CarrierSection
from portes_testing.case import RATE, OutcomeKind
from portes_testing.harness.carrier_under_test import BuiltCarrier, KitClock, built
from portes_testing.harness.errors import BrokenContractError

AMPLE: Final = 20.0
"""Seconds where time is not the point."""


@dataclass(frozen=True, slots=True)
class CallResult:
    """What one `quote` call came to, on both sides of the guard."""

    answers: tuple[Answer, ...]
    """What the engine makes of it: each active service of each shipment exactly once."""
    given: tuple[Answer, ...]
    """What the carrier gave; where it raised a `CarrierError`, what the engine makes of that."""
    seconds: float
    """How long it took, background calls aside; nothing is judged by it."""
    error: CarrierError | None = None
    timeouts: tuple[float, ...] = ()
    """Seconds that the carrier gave to each call over `tools.http`, background calls aside."""

    def outcomes(self) -> Iterator[Outcome]:
        """Every rate, refusal and failure that the engine sees."""
        for answer in self.answers:
            yield from answer.outcomes

    def kinds(self) -> list[dict[str, list[OutcomeKind]]]:
        """The codes of services and the kinds of their outcomes, for each answer that the engine sees."""
        return [kinds_by_service(answer) for answer in self.answers]

    def of(self, code: str) -> list[Outcome | None]:
        """The outcome of a service in each answer that the engine sees; None where it has none."""
        return [next((each for each in answer.outcomes if each.service == code), None) for answer in self.answers]


def kind_of(outcome: Outcome) -> OutcomeKind:
    """A rate, or the kind of the refusal or failure."""
    return RATE if isinstance(outcome, Rate) else outcome.kind


def kinds_by_service(answer: Answer) -> dict[str, list[OutcomeKind]]:
    """The codes of services in an answer and the kind of every outcome they have, which should be one."""
    found: dict[str, list[OutcomeKind]] = {}
    for outcome in answer.outcomes:
        found.setdefault(outcome.service, []).append(kind_of(outcome))
    return found


def ask(carrier: Carrier, shipments: Sequence[Shipment], timeout: float = AMPLE) -> CallResult:
    """Ask about copies of the shipments: what a carrier does to them must not reach the next check.

    Raises as `ask_about` does.
    """
    return ask_about(carrier, [shipment.model_copy(deep=True) for shipment in shipments], timeout)


def ask_about(carrier: Carrier, shipments: Sequence[Shipment], timeout: float = AMPLE) -> CallResult:
    """Ask a carrier that a `CarrierUnderTest` made as the engine asks it, within `timeout` seconds.

    A carrier with calls in the background is asked again once they are done: its answers are those it gives then, the
    seconds are those of the first time.

    Raises `BrokenContractError` for whatever escapes but a `CarrierError`, and for a return of anything but answers:
    in the engine both would be a crash, with a line in the operator's log. Raises `LookupError` for a carrier from
    elsewhere.
    """
    asked = built(carrier)
    sent_before = len(asked.timeouts)
    start = time.monotonic()
    first = _guarded(asked, shipments, Deadline(timeout))
    seconds, timeouts = time.monotonic() - start, tuple(asked.timeouts[sent_before:])
    last = first
    if first.error is None and asked.background.run():
        with asked.background.closed():
            last = _guarded(asked, shipments, Deadline(timeout))
    return CallResult(last.answers, last.given, seconds, last.error, timeouts)


def ask_too_late(carrier: Carrier, shipments: Sequence[Shipment]) -> CallResult:
    """Ask with a deadline that passes between the guard and the carrier. Raises as `ask_about` does."""
    asked = built(carrier)
    clock = KitClock(asked.moment, stands_still=True)
    deadline = Deadline(1.0, clock)
    return _guarded(asked, shipments, deadline, lambda: clock.advance(timedelta(seconds=2)))


class _Observed:
    """The carrier as the guard gets it; what it gave or raised is kept."""

    def __init__(self, carrier: Carrier, before: Callable[[], None]) -> None:
        self._carrier = carrier
        self._before = before
        self.called = False
        self.given: object = None
        self.raised: BaseException | None = None

    @property
    def abilities(self) -> Abilities:
        return self._carrier.abilities

    def quote(self, shipments: Sequence[Shipment], deadline: Deadline) -> Sequence[Answer]:
        self.called = True
        self._before()
        try:
            answers = self._carrier.quote(shipments, deadline)
        except BaseException as raised:
            self.raised = raised
            raise
        self.given = answers
        return answers


def _guarded(
    asked: BuiltCarrier, shipments: Sequence[Shipment], deadline: Deadline, before: Callable[[], None] = lambda: None
) -> CallResult:
    observed = _Observed(asked.carrier, before)
    answers = tuple(guard.call(member(observed, asked.redactor), shipments, deadline, asked.currency))
    raised = observed.raised
    if isinstance(raised, BrokenContractError):
        raise raised
    if raised is not None and not isinstance(raised, CarrierError):
        msg = f"{type(raised).__name__} escaped from quote(): {raised}"
        raise BrokenContractError(msg) from raised
    other = returned.stranger(observed.given) if observed.called and raised is None else ""
    if other:
        msg = f"quote() {other}"
        raise BrokenContractError(msg)
    return CallResult(answers, _given(observed, answers), 0.0, raised)


def _given(observed: _Observed, answers: tuple[Answer, ...]) -> tuple[Answer, ...]:
    """The carrier's own answers, before the guard completes them; what it makes of them where there are none."""
    return tuple(returned.answers_in(observed.given)) if observed.called and observed.raised is None else answers


def member(carrier: Carrier, redactor: Redactor) -> Member:
    """The carrier as a member of a store's policy, with all that the guard reads of one."""
    mask = redactor.text if redactor else None
    settings = CarrierSection(use="contract", id=1, name="contract")
    return Member(key="contract", settings=settings, carrier=carrier, packer=_packed, mask=mask)


def _packed(_task: PackingTask) -> Sequence[PackedParcel]:
    return ()  # nobody packs: the case's shipments have their parcels


__all__ = [
    "AMPLE",
    "CallResult",
    "Outcome",
    "ask",
    "ask_about",
    "ask_too_late",
    "kind_of",
    "kinds_by_service",
    "member",
]
