"""Puts questions to all carriers at once and collects what came of them; it decides nothing."""

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import wait

from portes.carrier import Deadline
from portes.clock import Clock
from portes.contract import Answer, FailureKind
from portes.engine import fallback, guard
from portes.engine.answered import Answered, Answers, PendingAnswer
from portes.engine.breaker import Breaker, CircuitState
from portes.engine.bulkhead import Cap
from portes.engine.cache import AnswerCache
from portes.engine.guard import TimedAnswer
from portes.engine.plan import Question
from portes.engine.policy import Member, Policy
from portes.engine.remote import CircuitOwner, RemoteCarrier, Unasked, circuit_owner


class Dispatcher:
    """Puts questions to a store's carriers; thread-safe.

    `breakers` are those of an earlier dispatcher of the store: a carrier that did not change goes on with its own.
    """

    def __init__(
        self, policy: Policy, clock: Clock, cache: AnswerCache, breakers: Mapping[CircuitOwner, Breaker] | None = None
    ) -> None:
        self.policy = policy
        self._currency = policy.settings.currency
        self.clock = clock
        self._cache = cache
        self._cap = Cap(policy.settings.calls_at_once)
        self._remote = {
            member.key: RemoteCarrier(
                member, policy, clock, cache, self._cap, (breakers or {}).get(circuit_owner(member))
            )
            for member in policy.members
            if not member.abilities.instant
        }

    def put(self, questions: Sequence[Question], late: str = "") -> dict[Question, PendingAnswer]:
        """Put these questions, the slow carriers' first.

        `late` says why no call may be begun for them: what memory, calls under way and instant carriers do not know
        is a failure.
        """
        unasked = (FailureKind.LATE, late) if late else None
        if not late and self._cap.full:
            unasked = (FailureKind.BUSY, f"{self._cap.calls} carrier calls are under way or waiting")
        pending: dict[Question, PendingAnswer] = {}
        for member, own in sorted(_by_member(questions), key=lambda group: group[0].abilities.instant):
            pending |= {one.question: one for one in self._ask(member, own, unasked)}
        return {question: pending[question] for question in questions}

    def collect(self, pending: Mapping[Question, PendingAnswer]) -> Answers:
        """What came of these questions by now; the only place that asks again.

        What has not come is a failure `late` or `busy`. A failure is covered by what memory still has, then by the
        question's alternatives, one after the other, which are instant, where the carrier has no rate of that type.
        """
        now = self.clock.monotonic()
        came = {question: self._came(one, now) for question, one in pending.items()}
        for own in _of_one_carrier(came) if any(one.final.failures for one in came.values()) else ():
            came |= {one.question: one for one in self._covered(own, now)}
        return came

    def _came(self, pending: PendingAnswer, now: float) -> Answered:
        """What came of one question by itself."""
        raw, seconds = pending.so_far(now)
        return Answered(pending.question, raw, self._remembered(pending, raw) if raw.failures else raw, seconds)

    def _covered(self, own: Sequence[Answered], now: float) -> Sequence[Answered]:
        """What came of a carrier's questions about the same lines, its fallback's rates where it has none."""
        member, finals, chain = own[0].question.member, [one.final for one in own], list[Answered]()
        for instead, questions in _by_member(own[0].question.alternatives):
            if not fallback.bare_types(finals, member):
                break
            asked = [self._came(one, now) for one in self._ask(instead, questions)]
            chain += asked
            finals = fallback.covered(finals, member, instead, [one.final for one in asked])
        if not chain:
            return own
        # told of each question that it changed, else of the first that failed: somebody has to have asked
        first = next(one for one in own if one.final.failures)
        return [
            one._replace(final=final, chain=tuple(chain)) if final != one.final or one is first else one
            for one, final in zip(own, finals, strict=True)
        ]

    def _remembered(self, pending: PendingAnswer, answer: Answer) -> Answer:
        """The answer, its failures covered by memory where that is young enough."""
        if pending.key is None:
            return answer
        return self._cache.stale_if_error(pending.key, answer, pending.question.member.settings.cache)

    def _ask(
        self, member: Member, questions: Sequence[Question], unasked: Unasked | None = None
    ) -> list[PendingAnswer]:
        pending: list[PendingAnswer] = []
        near: list[Question] = []
        for question in questions:
            no = guard.settled(question)
            if no is None:
                near.append(question)
            else:
                pending.append(PendingAnswer(question, TimedAnswer(no, 0.0)))
        if member.abilities.instant:
            return pending + self._asked_inline(member, near)
        return pending + self._remote[member.key].ask(near, unasked)

    def _asked_inline(self, member: Member, questions: Sequence[Question]) -> list[PendingAnswer]:
        pending: list[PendingAnswer] = []
        for batch in guard.batches(questions, member.abilities.batch):
            deadline = Deadline(member.settings.timeout, self.clock)
            answers = guard.timed_call(member, batch, deadline, self._currency, self.clock)
            pending += [PendingAnswer(question, answers[question.shipment.id]) for question in batch]
        return pending

    def breakers(self) -> dict[CircuitOwner, Breaker]:
        """The carriers' breakers, for the dispatcher that comes after this one."""
        return {remote.circuit_owner: remote.breaker for remote in self._remote.values()}

    def circuits(self) -> dict[str, CircuitState]:
        """The state of each carrier's circuit, by key; instant carriers have none."""
        return {key: remote.breaker.state() for key, remote in self._remote.items()}

    def under_way(self) -> dict[str, int]:
        """The number of questions before each carrier that is not instant, by key."""
        return {key: len(remote.under_way()) for key, remote in self._remote.items()}

    def idle(self, seconds: float) -> bool:
        """Wait until nothing is under way; False when that takes longer than `seconds`."""
        futures = [future for remote in self._remote.values() for future in remote.under_way()]
        return not wait(futures, timeout=seconds).not_done

    def close(self) -> None:
        """Take no more questions."""
        for remote in self._remote.values():
            remote.close()


def _of_one_carrier(came: Mapping[Question, Answered]) -> Iterable[Sequence[Answered]]:
    """What came of each carrier's questions about the same lines."""
    groups: dict[tuple[str, str], list[Answered]] = {}
    for question, one in came.items():
        groups.setdefault((question.member.key, question.part), []).append(one)
    return groups.values()


def _by_member(questions: Iterable[Question]) -> list[tuple[Member, list[Question]]]:
    groups: dict[str, tuple[Member, list[Question]]] = {}
    for question in questions:
        groups.setdefault(question.member.key, (question.member, []))[1].append(question)
    return list(groups.values())
