"""Asks a store's carriers and decides, for hosts that wait and for hosts in an event loop; it knows no channel."""

import asyncio
from concurrent.futures import Future, wait
from dataclasses import dataclass
from uuid import uuid4

from portes.clock import Clock, SystemClock
from portes.contract import Answer, Quote, QuoteRequest
from portes.engine import contingency
from portes.engine.ask import Asker, Asking, Said
from portes.engine.breaker import CircuitState
from portes.engine.cache import AnswerCache
from portes.engine.decide import decide
from portes.engine.plan import Consignment, Plan, plan
from portes.engine.policy import Member, Policy
from portes.hooks import Watchers


@dataclass(frozen=True, slots=True)
class _Course:
    """A question that was planned and put, and when."""

    plan: Plan
    askings: list[Asking]
    started: float

    def flights(self) -> "list[Future[Said]]":
        return [asking.flight for asking in self.askings if asking.flight is not None]

    def patience(self, within: float | None) -> float:
        """Seconds worth waiting: no longer than the most patient carrier in flight may take."""
        longest = max(asking.question.member.patience for asking in self.askings if asking.flight is not None)
        return longest if within is None else min(within, longest)


class Quoter:
    """The engine of one store. Thread-safe; `close` it when done."""

    def __init__(self, policy: Policy, *, clock: Clock | None = None, watchers: Watchers | None = None) -> None:
        self.policy = policy
        self._clock = clock or SystemClock()
        self._watchers = watchers or Watchers()
        self.cache = AnswerCache(policy.cache_size, self._clock)
        self._asker = Asker(policy, self._clock, self.cache)

    def quote(self, request: QuoteRequest, *, within: float | None = None) -> Quote:
        """Answer a question, waiting at most `within` seconds for carriers (None: each one's own patience).

        What has not come by then is a failure `late`; it still finishes behind the answer.
        Raises `RequestError` for a question that cannot be asked.
        """
        course = self._put(request)
        flights = course.flights()
        if flights:
            wait(flights, timeout=course.patience(within))
        return self._decide(course)

    async def aquote(self, request: QuoteRequest, *, within: float | None = None) -> Quote:
        """The same in an event loop: instant carriers are asked on it, the others awaited without blocking it."""
        course = self._put(request)
        flights = [asyncio.wrap_future(flight) for flight in course.flights()]
        if flights:
            await asyncio.wait(flights, timeout=course.patience(within))
        return self._decide(course)

    def _put(self, request: QuoteRequest) -> _Course:
        started = self._clock.monotonic()
        planned = plan(request, self._clock.now().astimezone(self.policy.timezone), self.policy)
        self._watchers.tell("portes_asked", store=self.policy.store, request=request)
        questions = [question for consignment in planned.consignments for question in consignment.questions]
        return _Course(planned, self._asker.ask(questions), started)

    def _decide(self, course: _Course) -> Quote:
        answers = self._taken(course)
        quote = decide(uuid4().hex, course.plan, answers, self.policy)
        seconds = self._clock.monotonic() - course.started
        self._watchers.tell(
            "portes_quoted", store=self.policy.store, request=course.plan.request, quote=quote, seconds=seconds,
        )  # fmt: skip
        return quote

    def _taken(self, course: _Course) -> list[Answer]:
        waited = self._clock.monotonic() - course.started
        askings = iter(course.askings)
        return [
            self._stood_in(consignment, question.member, self._told(next(askings), waited))
            for consignment in course.plan.consignments
            for question in consignment.questions
        ]

    def _told(self, asking: Asking, waited: float) -> Answer:
        """Tell the watchers what the carrier said; decide on that, covered by memory where it failed."""
        said = asking.so_far(waited)
        carrier = asking.question.member.key
        self._watchers.tell(
            "portes_answered", store=self.policy.store, carrier=carrier, answer=said.answer, seconds=said.seconds,
        )  # fmt: skip
        return self._asker.covered(asking, said.answer)

    def _stood_in(self, consignment: Consignment, member: Member, answer: Answer) -> Answer:
        """Let the carrier's stand-in, if it has one, answer in place of its failures."""
        standby = self.policy.standbys.get(member.contingency or "")
        if standby is None or not answer.failures:
            return answer
        question = consignment.question_for(standby, self.policy)
        if question is None:
            return answer
        (stood_in,) = self._asker.ask([question])
        return contingency.covered(answer, member, standby, stood_in.so_far(0.0).answer)

    def circuits(self) -> dict[str, CircuitState]:
        """How the carriers' circuits stand, by key; instant carriers have none."""
        return self._asker.circuits()

    def idle(self, seconds: float) -> bool:
        """Wait until no carrier call is under way, for an orderly end; False when it takes longer than `seconds`."""
        return self._asker.idle(seconds)

    def close(self) -> None:
        """Take no more questions; calls under way end within their patience."""
        self._asker.close()
