"""The rounds in which a plan's questions are put: the first ones, then those to next origins; it decides nothing."""

import asyncio
from collections.abc import Iterable, Sequence
from concurrent.futures import Future, InvalidStateError, wait
from contextlib import suppress
from itertools import count
from typing import Final

from portes.engine.answered import Answered, Answers, PendingAnswer
from portes.engine.dispatch import Dispatcher
from portes.engine.offers import Worked
from portes.engine.plan import Plan, Question
from portes.engine.sourcing import with_next

_REST: Final = -1
"""In place of a number in the plan: all lines for which no other origin may be tried."""


class Rounds:
    """A plan that is being asked: where an origin refuses some lines, it grows by the next one that stocks them.

    Lines that are offered together go on together, once all is known of them, and wait for no others. What they went
    on by stands, whatever comes later. Where no time is left, what has not come is late, and no call is begun.
    """

    _bell: Future[None]
    """Rings when all has come that some lines wait for; there is a new one for each wait, and none without calls."""

    def __init__(self, plan: Plan, dispatcher: Dispatcher, started: float, within: float | None) -> None:
        """Put the plan's questions, and to next origins those that need not be waited for.

        `started` is when it was asked, on the monotonic clock. Carriers have `within` seconds from then; None leaves
        each call its carrier's timeout, so that a second round may take as long again.
        """
        self.plan = plan
        """All that is asked by now."""
        self.started = started
        self.worked: Worked = {}
        """What is worked out of answers that stand."""
        self._dispatcher = dispatcher
        self._deadline = None if within is None else started + within
        self._going_on = [number for number, one in enumerate(plan.sourcings) if one.has_choice]
        """The numbers of lines for which another origin may be tried yet."""
        self._standing: dict[Question, Answered] = {}
        self._answers = dispatcher.put(plan.questions)
        self._awaited: dict[int, Sequence[PendingAnswer]] = {}
        """What lines wait for, by their number."""
        if self._going_on or any(not one.is_answered for one in self._answers.values()):
            self._await_first()
            self.go_on()

    @property
    def is_open(self) -> bool:
        """Whether something may still come, or lines may still go on."""
        return bool(self._going_on) or (bool(self._awaited) and self._is_waiting(_REST))

    def wait(self) -> None:
        """Wait until all has come that some lines wait for, or their time is over."""
        until = self._until()
        wait([self._bell], until - self._dispatcher.clock.monotonic())
        self._waited(until)

    async def wait_async(self) -> None:
        """Wait for it in an event loop, without blocking it."""
        until = self._until()
        with suppress(TimeoutError):
            async with asyncio.timeout(until - self._dispatcher.clock.monotonic()):
                await asyncio.wrap_future(self._bell)
        self._waited(until)

    def go_on(self) -> None:
        """Put the questions to the next origins of lines about which all is known, or whose time is over."""
        while ready := self._ready():
            sourcings, grown = list(self.plan.sourcings), list[int]()
            for number in ready:
                before = sourcings[number]
                self._standing |= self._came(before.questions)
                after = with_next(self.plan, before, self._standing, self._dispatcher.policy, self.worked)
                if after is None:
                    self._going_on.remove(number)
                else:
                    sourcings[number] = after
                    grown.append(number)
            self.plan = self.plan._replace(sourcings=tuple(sourcings))
            self._put_next(grown)

    def answers(self) -> Answers:
        """What came of every question by now, in the plan's order; what has not come is a failure."""
        if not self._standing:
            return self._dispatcher.collect(self._answers)
        came = self._came(self._answers)
        return {one: self._standing.get(one) or came[one] for one in self.plan.questions}

    def _came(self, questions: Iterable[Question]) -> Answers:
        return self._dispatcher.collect({one: self._answers[one] for one in questions if one not in self._standing})

    def _put_next(self, numbers: Sequence[int]) -> None:
        """Put the questions of the newest option of some lines; where no time is left, no call is begun for them."""
        newest = {number: self.plan.sourcings[number].options[-1] for number in numbers}
        late = self._deadline is not None and self._deadline <= self._dispatcher.clock.monotonic()
        asked = [question for option in newest.values() for one in option.consignments for question in one.questions]
        self._answers |= self._dispatcher.put(asked, "no time was left to ask from this origin" if late else "")
        for number, option in newest.items():
            self._await(number, [self._answers[each] for one in option.consignments for each in one.questions])

    def _await_first(self) -> None:
        self._bell = Future()
        going_on = {number: self.plan.sourcings[number].questions for number in self._going_on}
        for number, questions in going_on.items():
            self._await(number, [self._answers[each] for each in questions])
        theirs = {each for questions in going_on.values() for each in questions}
        self._await(_REST, [one for question, one in self._answers.items() if question not in theirs])

    def _await(self, number: int, pending: Iterable[PendingAnswer]) -> None:
        """Have the bell ring once all of these have come."""
        self._awaited[number] = [one for one in pending if not one.is_answered]
        calls = [one.call for one in self._awaited[number] if one.call is not None]
        arrivals = count(1)

        def note(_call: object) -> None:
            if next(arrivals) == len(calls):
                with suppress(InvalidStateError):  # it rang, or nobody waits any more
                    self._bell.set_result(None)

        for call in calls:
            call.add_done_callback(note)

    def _ready(self) -> Sequence[int]:
        """The lines that wait for nothing any more; those that one call was about are among them all, or none is.

        An answer may come while they are looked at: then they are looked at again.
        """
        ready: Sequence[int] | None = None
        while ready != (again := [number for number in self._going_on if not self._is_waiting(number)]):
            ready = again
        return again

    def _is_waiting(self, number: int) -> bool:
        return any(not one.is_answered for one in self._awaited[number])

    def _until(self) -> float:
        """When the time is over of the first lines that may go on; where none may, when that of the rest is."""
        return min([max(map(self._end, self._awaited[number]), default=0.0) for number in self._going_on or (_REST,)])

    def _end(self, one: PendingAnswer) -> float:
        end = one.put_at + one.question.member.settings.timeout
        return end if self._deadline is None else min(end, self._deadline)

    def _waited(self, until: float) -> None:
        """Wait no more for what did not come by then, where that is what the wait ended by."""
        if self._bell.cancelled() or not self._bell.done():  # an event loop cancels what it waited too long for
            for number, pending in self._awaited.items():
                self._awaited[number] = [one for one in pending if self._end(one) > until]
        self._bell = Future()
