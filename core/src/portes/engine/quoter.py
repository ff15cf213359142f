"""Asks a store's carriers and decides, for hosts that wait and for hosts in an event loop; it knows no channel."""

import asyncio
from collections.abc import Iterator
from concurrent.futures import Future, wait
from dataclasses import dataclass
from datetime import datetime
from random import getrandbits

from portes.clock import Clock, SystemClock
from portes.contract import Answer, Quote, QuoteRequest
from portes.engine import fallback
from portes.engine.breaker import CircuitState
from portes.engine.cache import AnswerCache
from portes.engine.decide import decide
from portes.engine.dispatch import Dispatcher, PendingAnswer, Said
from portes.engine.plan import Consignment, Plan, plan
from portes.engine.policy import Member, Policy
from portes.engine.record import Heard, Record, Recorder
from portes.hooks import Watchers


@dataclass(frozen=True, slots=True)
class _Course:
    """A question that was planned and put, and when."""

    plan: Plan
    askings: list[PendingAnswer]
    started: float

    def flights(self) -> "list[Future[Said]]":
        return [asking.flight for asking in self.askings if asking.flight is not None]

    def timeout(self, within: float | None) -> float:
        """Seconds worth waiting: no longer than the most patient carrier in flight may take."""
        longest = max(asking.question.member.settings.timeout for asking in self.askings if asking.flight is not None)
        return longest if within is None else min(within, longest)


class Quoter:
    """The engine of one store. Thread-safe; `close` it when done.

    `before` is the engine whose place this one takes: its memory is kept, and the circuits of carriers that did not
    change. Its own late answers still come into that memory.
    """

    def __init__(
        self,
        policy: Policy,
        *,
        clock: Clock | None = None,
        watchers: Watchers | None = None,
        recorder: Recorder | None = None,
        before: "Quoter | None" = None,
    ) -> None:
        self.policy = policy
        self._clock = clock or SystemClock()
        self._watchers = watchers or Watchers()
        self._recorder = recorder
        self.cache = _memory(policy, self._clock, before)
        breakers = before._asker.breakers() if before else None  # noqa: SLF001 — its own kind
        self._asker: Dispatcher = Dispatcher(policy, self._clock, self.cache, breakers)

    def quote(self, request: QuoteRequest, *, within: float | None = None) -> Quote:
        """Answer a question, waiting at most `within` seconds for carriers (None: each one's own timeout).

        What has not come by then is a failure `late`; it still finishes behind the answer.
        Raises `RequestError` for a question that cannot be asked.
        """
        course = self._put(request)
        flights = course.flights()
        if flights:
            wait(flights, timeout=course.timeout(within))
        return self._decide(course)

    async def aquote(self, request: QuoteRequest, *, within: float | None = None) -> Quote:
        """The same in an event loop: instant carriers are asked on it, the others awaited without blocking it."""
        course = self._put(request)
        flights = [asyncio.wrap_future(flight) for flight in course.flights()]
        if flights:
            await asyncio.wait(flights, timeout=course.timeout(within))
        return self._decide(course)

    def _put(self, request: QuoteRequest) -> _Course:
        started = self._clock.monotonic()
        planned = plan(request, self._clock.now().astimezone(self.policy.timezone), self.policy)
        self._watchers.tell("portes_asked", store=self.policy.store, request=request)
        questions = [question for consignment in planned.consignments for question in consignment.questions]
        return _Course(planned, self._asker.ask(questions), started)

    def _decide(self, course: _Course) -> Quote:
        heard = tuple(self._heard(course))
        answers = [one.decided for one in heard if one.decided is not None]
        quote = decide(_new_id(course.plan.moment), course.plan, answers, self.policy)
        seconds = self._clock.monotonic() - course.started
        request = course.plan.request
        self._watchers.tell(
            "portes_quoted", store=self.policy.store, request=request, quote=quote, seconds=seconds,
        )  # fmt: skip
        if self._recorder is not None:
            self._recorder.quoted(Record(request, course.plan.moment, heard, quote, seconds))
        return quote

    def _heard(self, course: _Course) -> Iterator[Heard]:
        waited = self._clock.monotonic() - course.started
        askings = iter(course.askings)
        for consignment in course.plan.consignments:
            for question in consignment.questions:
                asking, member = next(askings), question.member
                said = asking.so_far(waited)
                self._tell(member, said)
                decided = self._asker.covered(asking, said.answer)
                spoke = self._from_fallback(consignment, member, decided)
                if spoke is not None:
                    yield spoke
                    decided = fallback.covered(decided, member, self.policy.fallbacks[spoke.carrier], spoke.came)
                yield Heard(member.key, question.shipment, said.answer, decided, said.seconds)

    def _from_fallback(self, consignment: Consignment, member: Member, answer: Answer) -> Heard | None:
        """What the carrier's fallback says, when the carrier failed and has one that may be asked."""
        instead = self.policy.fallbacks.get(member.settings.fallback or "")
        if instead is None or not answer.failures:
            return None
        question = consignment.question_for(instead, self.policy)
        if question is None:
            return None
        (asking,) = self._asker.ask([question])
        said = asking.so_far(0.0)
        self._tell(instead, said)
        return Heard(instead.key, question.shipment, said.answer, None, said.seconds)

    def _tell(self, member: Member, said: Said) -> None:
        self._watchers.tell(
            "portes_answered", store=self.policy.store, carrier=member.key, answer=said.answer, seconds=said.seconds,
        )  # fmt: skip

    def circuits(self) -> dict[str, CircuitState]:
        """How the carriers' circuits stand, by key; instant carriers have none."""
        return self._asker.circuits()

    def under_way(self) -> dict[str, int]:
        """How many questions each carrier that is not instant has before it, by key."""
        return self._asker.under_way()

    def idle(self, seconds: float) -> bool:
        """Wait until no carrier call is under way, for an orderly end; False when it takes longer than `seconds`."""
        return self._asker.idle(seconds)

    def close(self) -> None:
        """Take no more questions; calls under way end within their timeout."""
        self._asker.close()


def _new_id(moment: datetime) -> str:
    """A text of 32 hexadecimal digits that nobody has yet; later ones sort later, which databases find easier to keep.

    Milliseconds since 1970, then 80 random bits, much as in version 7 of RFC 9562. Nobody is kept from guessing it, so
    they need not come from the system, which takes as long for them as a table for a price.
    """
    return f"{int(moment.timestamp() * 1000):012x}{getrandbits(80):020x}"


def _memory(policy: Policy, clock: Clock, before: Quoter | None) -> AnswerCache:
    if before is not None and before.cache.size == policy.settings.cache_size:
        return before.cache
    memory = AnswerCache(policy.settings.cache_size, clock)
    memory.restore(before.cache.pages() if before else ())
    return memory
