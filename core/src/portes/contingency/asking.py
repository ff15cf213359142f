"""The oracle of a table: what a store would answer live on a lane, its rules included; it chooses no lane.

Plan and decision are the engine's own; between them each carrier is asked about many lanes together. A delivery type
is known when every service of that type said a rate or a refusal: a price found without a carrier that failed may be
too dear, so that nobody could find it out.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from portes.carrier import Deadline
from portes.contingency.bulk_carrier import BulkCarrier
from portes.contingency.memory import KeptAnswer, LaneAge, SampleMemory
from portes.contingency.pace import WaitingClock
from portes.contingency.recipe import CHANNEL, Recipe
from portes.contingency.sampling.protocol import LaneAnswer, LanePoint, LanePrice, Outcome
from portes.contingency.side_by_side import side_by_side
from portes.contract import Answer, FailureKind, Offer, Rate, Shipment, Source
from portes.engine import guard
from portes.engine.answered import Answered, Answers
from portes.engine.cache_key import CacheKey, cache_key
from portes.engine.decide import decide
from portes.engine.plan import Consignment, Plan, Question, make_plan
from portes.engine.policy import Member
from portes.engine.promise import lead_time

_PRETENDED: Final = {
    "sample_tariff": "its price is of a tariff to try things out with, by which nobody sells",
    "fallback": "its price is another carrier's",
}
"""Notes of rates that nobody sells by, and why."""
_LASTING: Final = frozenset({FailureKind.INCOMPLETE, FailureKind.REJECTED_REQUEST})
"""Failures that asking again in the same build does not mend: what is missing stays missing."""


class Doubt(NamedTuple):
    """Why a delivery type could not be found out on a lane."""

    carrier: str
    kind: str
    """A kind of failure, or words."""
    hint: str


class _Lane(NamedTuple):
    """A lane that is being asked."""

    point: LanePoint
    plan: Plan
    keys: Mapping[Question, CacheKey]


class CallCounts(NamedTuple):
    """What was spent so far, told after every batch of a carrier."""

    asked: int
    """Lanes about which some carrier was called."""
    remembered: int
    """Lanes without a call, since what carriers said of them before was remembered."""
    without: int
    """Lanes about which no carrier has to be called: rate tables price them, or nobody carries there."""
    calls: Mapping[str, int]
    """Calls over the network by carrier."""


class StoreOracle:
    """Answers lanes as the store would, for one thread. `close` it when done.

    `carriers` are those that are not instant, by key. Answers given `since` a moment (seconds since 1970) are taken
    from memory; failures never are.
    """

    def __init__(
        self,
        recipe: Recipe,
        name: str,
        carriers: Mapping[str, BulkCarrier],
        memory: SampleMemory,
        clock: WaitingClock,
        *,
        since: int,
        spent: Callable[[], Mapping[str, int]],
        told: Callable[[CallCounts], None] = lambda _progress: None,
        since_of: Callable[[LanePoint], int] = lambda _point: 0,
    ) -> None:
        """Take the lanes' ages into memory under `name`, the recipe's fingerprint; `spent` counts calls by carrier.

        `since_of` a lane is the moment from which on answers to it count, where that is later than `since`.
        """
        self._recipe = recipe
        self._name = name
        self._carriers = carriers
        self._memory = memory
        self._clock = clock
        self._since = since
        self._spent = spent
        self._told = told
        self._since_of = since_of
        self._moment = recipe.moment(clock.now())
        self._lasting: dict[CacheKey, KeptAnswer] = {}
        self._asked = self._remembered = self._without = 0
        members = recipe.policy.members
        self._types = {service.delivery.value for member in members for service in member.services.values()}
        self._answered: set[str] = set()
        self.oldest: int | None = None
        """When the oldest answer behind a lane was given, in seconds since 1970; None before any is known."""
        self.doubts: Counter[Doubt] = Counter()
        """Why delivery types could not be found out, and how often, those that were found out later among them."""

    @property
    def never_answered(self) -> list[str]:
        """The delivery types that could not be found out on any lane so far, in order."""
        return sorted(self._types - self._answered)

    def ask(self, points: Sequence[LanePoint]) -> Sequence[LaneAnswer | None]:
        """What the store would answer on each lane: prices and days by delivery type, None for one it refuses.

        A type that could not be found out is left out; a lane of which none could is None.
        """
        lanes = [self._planned(point) for point in points]
        kept = self._known({key for lane in lanes for key in lane.keys.values()})
        for key in self._outdated(lanes, kept):
            del kept[key]
        kept |= self._find_out(lanes, kept)
        answers = [self._decided(lane, kept) for lane in lanes]
        now = self._now()
        ages = [
            LaneAge(*lane.point, min((kept[key].at for key in lane.keys.values()), default=now))
            for lane, answer in zip(lanes, answers, strict=True)
            if answer is not None
        ]
        self._memory.note_ages(self._name, ages)
        known = () if self.oldest is None else (self.oldest,)
        self.oldest = min((*known, *(age.at for age in ages)), default=None)
        return answers

    def progress(self) -> CallCounts:
        """What was spent so far."""
        return CallCounts(self._asked, self._remembered, self._without, self._spent())

    def end_of(self, lanes: int) -> datetime | None:
        """When so many more lanes will probably be answered, in the store's time, by the calls that a lane took so far.

        None while no carrier was called, and where that is years away.
        """
        if not self._asked:
            return None
        calls = {key: count / self._asked * lanes for key, count in self._spent().items()}
        ends = [carrier.end_of(calls[key]) for key, carrier in self._carriers.items()]
        known = [end for end in ends if end is not None]
        return max(known, default=None) if len(known) == len(ends) else None

    def close(self) -> None:
        """Make no more calls and close the memory."""
        for carrier in self._carriers.values():
            carrier.close()
        self._memory.close()

    def _now(self) -> int:
        return int(self._clock.now().timestamp())

    def _planned(self, point: LanePoint) -> _Lane:
        plan = make_plan(self._recipe.request(*point), self._moment, self._recipe.policy)
        keys = {question: cache_key(question.member, question.shipment) for question in plan.questions}
        return _Lane(point, plan, keys)

    def _known(self, keys: set[CacheKey]) -> dict[CacheKey, KeptAnswer]:
        remembered = self._memory.recall(keys, self._since)
        return {**{key: self._lasting[key] for key in keys if key in self._lasting}, **remembered}

    def _outdated(self, lanes: Sequence[_Lane], kept: Mapping[CacheKey, KeptAnswer]) -> set[CacheKey]:
        """The questions whose answers are older than their own lane takes them."""
        since = [(key, self._since_of(lane.point)) for lane in lanes for key in lane.keys.values() if key in kept]
        return {key for key, moment in since if kept[key].at < moment}

    def _find_out(self, lanes: Sequence[_Lane], kept: Mapping[CacheKey, KeptAnswer]) -> dict[CacheKey, KeptAnswer]:
        """Ask what is not known, each question once: instant carriers here, the others all at once in threads."""
        wanted = {key: question for lane in lanes for question, key in lane.keys.items() if key not in kept}
        for lane in lanes:
            self._count(lane, kept)
        found: dict[CacheKey, KeptAnswer] = {}
        for answers in self._answers(wanted):
            now = self._now()
            fresh = {key: KeptAnswer(answer, now) for key, answer in answers.items()}
            self._keep(fresh, wanted)
            found |= fresh
            self._told(self.progress())
        return found

    def _count(self, lane: _Lane, kept: Mapping[CacheKey, KeptAnswer]) -> None:
        """Count a lane by whether a carrier is called about it, was before, or never has to be."""
        called = [key for question, key in lane.keys.items() if _needs_call(question)]
        if not called:
            self._without += 1
        elif all(key in kept for key in called):
            self._remembered += 1
        else:
            self._asked += 1

    def _keep(self, fresh: Mapping[CacheKey, KeptAnswer], wanted: Mapping[CacheKey, Question]) -> None:
        """Remember what was found out, and for this build what cannot be found out in it."""
        far = {key: kept for key, kept in fresh.items() if not wanted[key].member.abilities.instant}
        self._memory.remember({key: kept for key, kept in far.items() if not kept.answer.failures})
        for key, kept in far.items():
            kinds = {failure.kind for failure in kept.answer.failures}
            if kinds and kinds <= _LASTING:
                self._lasting[key] = kept

    def _answers(self, wanted: Mapping[CacheKey, Question]) -> Iterator[dict[CacheKey, Answer]]:
        far: dict[str, dict[str, CacheKey]] = {}
        near: dict[CacheKey, Answer] = {}
        for key, question in wanted.items():
            refused = guard.settled(question)
            if refused is not None:
                near[key] = refused
            elif question.member.abilities.instant:
                near[key] = self._inline(question)
            else:
                named = far.setdefault(question.member.key, {})
                named[str(len(named))] = key
        if near:
            yield near
        asked = {each: self._carriers[each].answers(_shipments(ids, wanted)) for each, ids in far.items()}
        for carrier, batch in side_by_side(asked, "bulk"):  # the next one once this is kept: a kill loses few calls
            yield {far[carrier][shipment.id]: answer for shipment, answer in batch}

    def _inline(self, question: Question) -> Answer:
        deadline = Deadline(question.member.settings.timeout, self._clock)
        currency = self._recipe.policy.settings.currency
        (answer,) = guard.call(question.member, [question.shipment], deadline, currency)
        return answer

    def _decided(self, lane: _Lane, kept: Mapping[CacheKey, KeptAnswer]) -> LaneAnswer | None:
        plan = lane.plan
        answers: Answers = {
            question: Answered(question, kept[key].answer, kept[key].answer, 0.0) for question, key in lane.keys.items()
        }
        quote = decide(CHANNEL, plan, answers, self._recipe.policy)
        if quote.plugin_failures:
            self.doubts.update(Doubt(each.part, "plugin", each.hint) for each in quote.plugin_failures)
            return None
        unknown = self._unknown(answers)
        prices: dict[str, Outcome] = {type_: None for type_ in sorted(self._types) if type_ not in unknown}
        for offer in reversed(quote.lines[0].offers):  # the best one comes last, and stays
            if offer.delivery not in unknown:
                prices[offer.delivery.value] = self._price(plan, offer)
        self._answered |= prices.keys()
        return prices or None

    def _unknown(self, answers: Answers) -> set[str]:
        """The delivery types of which something failed, or has a price that is no true one."""
        unknown: set[str] = set()
        for question, answered in answers.items():
            for service, doubt in _doubts(question.member, answered.final):
                unknown.add(question.member.services[service].delivery)
                self.doubts[doubt] += 1
        return unknown

    def _price(self, plan: Plan, offer: Offer) -> LanePrice:
        """The price after rules; the days that the goods need to leave and to travel, whatever day it is.

        A table is read on any day and at any hour, so that neither a cut-off nor a holiday is in its days. What waits
        for a carrier that does not fetch every day may wait its longest, and that is in the larger number.
        """
        (consignment,) = plan.consignments
        extra = self._extra_days(offer)
        least, most = self._days_by_rules(consignment, offer, extra)
        before = consignment.origin.handling_days + consignment.own_days + extra
        transit, week = offer.rate.transit, self._recipe.policy.weeks[consignment.origin.id]
        longest = before + transit.max + most + week.longest_wait(offer.carrier)
        return LanePrice(offer.price.minor, before + transit.min + least, longest)

    def _days_by_rules(self, consignment: Consignment, offer: Offer, extra: int) -> tuple[int, int]:
        """By how many days the store's rules put the first and the last day of the promise off."""
        asker = consignment.occasion.request.calendar or self._recipe.policy.settings.country
        asked = consignment.occasion.moment.date()
        own = next(one.shipment for one in consignment.questions if one.member.key == offer.carrier)
        told = lead_time(asked, own.dispatch_date, offer.rate.transit, extra, asker)
        return offer.lead_time.min - told.min, offer.lead_time.max - told.max

    def _extra_days(self, offer: Offer) -> int:
        members = self._recipe.policy.members
        return next(each.services[offer.rate.service].extra_days for each in members if each.key == offer.carrier)


def _needs_call(question: Question) -> bool:
    """Whether the carrier is called over the network about a question that nothing is known of."""
    return not question.member.abilities.instant and guard.settled(question) is None


def _shipments(ids: Mapping[str, CacheKey], wanted: Mapping[CacheKey, Question]) -> list[Shipment]:
    """The shipments under ids that differ: those of two lanes are numbered alike in their plans."""
    return [wanted[key].shipment.model_copy(update={"id": number}) for number, key in ids.items()]


def _doubts(member: Member, answer: Answer) -> Iterable[tuple[str, Doubt]]:
    for failure in answer.failures:
        yield failure.service, Doubt(member.key, failure.kind.value, failure.hint)
    for rate in answer.rates:
        why = _why_not_true(rate)
        if why:
            yield rate.service, Doubt(member.key, "pretended", why)


def _why_not_true(rate: Rate) -> str:
    """Why the shop could not buy at this price now; empty where it could."""
    why = next((_PRETENDED[note.kind] for note in rate.notes if note.kind in _PRETENDED), "")
    aged = rate.source in {Source.CACHE, Source.FALLBACK} or rate.age > 0
    return why or ("its price is an old one" if aged else "")
