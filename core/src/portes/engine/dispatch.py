"""Puts a plan's questions to all carriers at once and collects what came of them; it decides nothing."""

import asyncio
import itertools
from collections.abc import Collection, Iterable, Mapping, Sequence
from concurrent.futures import wait
from contextlib import suppress
from typing import NamedTuple

from portes.carrier import Deadline
from portes.clock import Clock
from portes.contract import Answer, FailureKind
from portes.engine import fallback, guard
from portes.engine.answered import Answered, Answers, FarCall, PendingAnswer
from portes.engine.breaker import Breaker, CircuitState
from portes.engine.bulkhead import Cap
from portes.engine.cache import AnswerCache
from portes.engine.guard import TimedAnswer
from portes.engine.offers import Worked
from portes.engine.plan import Plan, Question
from portes.engine.policy import Member, Policy
from portes.engine.remote import CircuitOwner, RemoteCarrier, Unasked, circuit_owner
from portes.engine.sourcing import plan_more


class Pending(NamedTuple):
    """A plan whose questions were put."""

    plan: Plan
    answers: Mapping[Question, PendingAnswer]
    """In the plan's order."""
    started: float
    """When it was asked, on the monotonic clock."""
    taken: Answers
    """What came of the questions that further ones were put by; it stands, whatever comes later."""
    worked: Worked | None = None
    """What is worked out of these, where the plan did not grow by them; None where it grew, or was not looked at."""

    @property
    def is_whole(self) -> bool:
        """Whether all that was asked is taken, and the plan grew no more by it."""
        return self.worked is not None and len(self.taken) == len(self.answers)

    @property
    def answered(self) -> list[Question]:
        """The questions about lines to all of whose questions there is an answer; none where the plan cannot grow."""
        if not self.plan.may_grow:
            return []
        open_ones = {question for question, one in self.answers.items() if not one.is_answered}
        whole = [one for one in self.plan.sourcings if open_ones.isdisjoint(one.questions)]
        return [question for sourcing in whole for question in sourcing.questions]

    def calls(self) -> list[FarCall]:
        """The calls that are still to be waited for: not those that were judged, whose answer stands."""
        return [one.call for one in self._open if one.call is not None]

    @property
    def _open(self) -> list[PendingAnswer]:
        return [one for question, one in self.answers.items() if one.call is not None and question not in self.taken]

    def timeout(self, within: float | None, now: float) -> float:
        """Seconds worth waiting: while a carrier that is being asked has time, counted from when it was put."""
        ends = [one.put_at + one.question.member.settings.timeout for one in self._open]
        longest = max(0.0, max(ends, default=now) - now)
        return longest if within is None else min(within, longest)

    def wait(self, seconds: float) -> None:
        """Wait for the calls under way, at most so many seconds."""
        if calls := self.calls():
            wait(calls, timeout=seconds)

    async def wait_async(self, seconds: float) -> None:
        """Wait for them in an event loop, without blocking it."""
        calls = self.calls()
        if not calls:
            return
        loop, came, counter = asyncio.get_running_loop(), asyncio.Event(), itertools.count(1)

        def note(_call: object) -> None:
            # The loop is woken once, not by each of hundreds: each time costs it a tenth of a millisecond and more.
            if next(counter) == len(calls) and not loop.is_closed():
                loop.call_soon_threadsafe(came.set)

        for call in calls:
            call.add_done_callback(note)
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await came.wait()


class Dispatcher:
    """Puts questions to a store's carriers; thread-safe.

    `breakers` are those of an earlier dispatcher of the store: a carrier that did not change goes on with its own.
    """

    def __init__(
        self, policy: Policy, clock: Clock, cache: AnswerCache, breakers: Mapping[CircuitOwner, Breaker] | None = None
    ) -> None:
        self._policy = policy
        self._currency = policy.settings.currency
        self._clock = clock
        self._cache = cache
        self._cap = Cap(policy.settings.calls_at_once)
        self._remote = {
            member.key: RemoteCarrier(
                member, policy, clock, cache, self._cap, (breakers or {}).get(circuit_owner(member))
            )
            for member in policy.members
            if not member.abilities.instant
        }

    def start(self, plan: Plan, started: float) -> Pending:
        """Put every question of a plan, the slow carriers' first. `started` is when it was asked, monotonic."""
        pending = Pending(plan, self._put(plan.questions), started, {})
        if not plan.may_grow:
            return pending
        while (further := self._further(pending, pending.answered)).plan is not pending.plan:
            pending = further
        return further

    def go_on(self, pending: Pending, left: float | None) -> Pending:
        """Put the questions to the next origins, now that the carriers had their time; the same plan where none are.

        Where no time is `left` (in seconds; None for as long as carriers take), no call is begun for them: what
        memory and instant carriers do not know is a failure.
        """
        late = "no time was left to ask from this origin" if left is not None and left <= 0 else ""
        return self._further(pending, pending.answers, late)

    def _further(self, pending: Pending, judged: Collection[Question], late: str = "") -> Pending:
        """The questions to the next origins put, by what came of these so far; the same plan where there are none.

        What the next origins are asked by stands, and so does what is answered; what is late may still come.
        """
        if not pending.plan.may_grow or pending.is_whole:
            return pending
        answered = pending.answered
        put = {question: pending.answers[question] for question in judged}
        came = {**pending.taken, **self.collect(pending._replace(answers=put))}
        worked: Worked = {}
        plan = plan_more(pending.plan, came, self._policy, worked)
        if plan is None:
            return pending._replace(taken=came, worked=worked)
        both = zip(pending.plan.sourcings, plan.sourcings, strict=True)
        grown = [question for before, after in both if after is not before for question in before.questions]
        new = [question for question in plan.questions if question not in pending.answers]
        answers = {**pending.answers, **self._put(new, late)}
        taken = {each: came[each] for each in (*pending.taken, *answered, *grown) if each in came}
        return Pending(plan, {question: answers[question] for question in plan.questions}, pending.started, taken)

    def _put(self, questions: Sequence[Question], late: str = "") -> Mapping[Question, PendingAnswer]:
        unasked = (FailureKind.LATE, late) if late else None
        if not late and self._cap.full:
            unasked = (FailureKind.BUSY, f"{self._cap.calls} carrier calls are under way or waiting")
        pending: dict[Question, PendingAnswer] = {}
        for member, own in sorted(_by_member(questions), key=lambda group: group[0].abilities.instant):
            pending |= {one.question: one for one in self._ask(member, own, unasked)}
        return {question: pending[question] for question in questions}

    def collect(self, pending: Pending) -> Answers:
        """What came of every question by now; the only place that asks again.

        What has not come is a failure `late` or `busy`. A failure is covered by what memory still has, then by the
        question's alternatives, one after the other, which are instant, where the carrier has no rate of that type.
        """
        now = self._clock.monotonic()
        new = pending.answers
        if pending.taken:
            new = {question: one for question, one in new.items() if question not in pending.taken}
        came = {question: self._came(one, now) for question, one in new.items()}
        for own in _of_one_carrier(came) if any(one.final.failures for one in came.values()) else ():
            came |= {one.question: one for one in self._covered(own, now)}
        if not pending.taken:
            return came
        return {question: came.get(question) or pending.taken[question] for question in pending.answers}

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
            deadline = Deadline(member.settings.timeout, self._clock)
            answers = guard.timed_call(member, batch, deadline, self._currency, self._clock)
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
