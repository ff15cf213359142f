"""One call of one carrier, turned into complete answers whatever happens."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from traceback import format_exc
from typing import Final, NamedTuple, TypeVar

import structlog
from pydantic import ValidationError

from portes.calendars import calendar_names
from portes.carrier import Deadline
from portes.clock import Clock
from portes.contract import Answer, Failure, FailureKind, Rate, Refusal, RefusalKind, Shipment
from portes.contract.bounds import DEAREST_RATE, LONGEST_WAIT
from portes.engine import returned
from portes.engine.masking import masked
from portes.engine.plan import Question
from portes.engine.policy import Member
from portes.errors import CarrierError, pass_interrupt, shown
from portes.redaction import MaskedError

_log = structlog.get_logger(__name__)

LONGEST_TRANSIT: Final = 1000
"""Business days, four years: whoever says more means something else."""

_BOUNDS: Final = frozenset({"greater_than_equal", "less_than_equal", "string_too_long", "too_long", "string_unicode"})
"""What pydantic calls a number, text or list beyond the bound of its field."""

T = TypeVar("T")


class TimedAnswer(NamedTuple):
    """An answer and the seconds its call took; none for one out of memory."""

    answer: Answer
    seconds: float


def call(member: Member, shipments: Sequence[Shipment], deadline: Deadline, currency: str) -> list[Answer]:
    """Ask a carrier and hold it to its contract: one answer a shipment, each service asked about in it exactly once.

    A whole-call error becomes a failure of every one of them; so does a crash, of this carrier alone, whatever was
    raised: of all exceptions only a person's own Ctrl-C passes.
    No secret of the carrier's settings is left in a text of its answers, nor in what is logged of it.
    """
    try:
        answers = _called(member, shipments, deadline, currency)
        return answers if member.mask is None else [masked(answer, member.mask) for answer in answers]
    except BaseException as problem:  # noqa: BLE001 — a stranger's bug must cost no other carrier its answer
        pass_interrupt(problem)
        _log.error("carrier crashed", carrier=member.key, exc_info=MaskedError(_masked(member, format_exc())))
        hint = "the carrier plugin crashed; its log line tells where"
        return [failed(member, shipment, FailureKind.CRASHED, hint) for shipment in shipments]


def _called(member: Member, shipments: Sequence[Shipment], deadline: Deadline, currency: str) -> list[Answer]:
    try:
        given = member.carrier.quote(shipments, deadline.check())
    except CarrierError as problem:
        problem.hint = _masked(member, problem.hint)  # before it is cut
        failures = {code: Failure.of(code, problem) for code in member.services}
        return [Answer.of(shipment, [failures[code] for code in member.asked(shipment)]) for shipment in shipments]
    except ValidationError as problem:
        if fields := _beyond_bounds(problem):
            _log.warning("answer beyond all bounds", carrier=member.key, fields=fields)
            hint = shown(f"the answer holds more than any can mean: {fields}")
            return [failed(member, shipment, FailureKind.GARBLED, hint) for shipment in shipments]
        raise
    return _held(member, shipments, given, currency)


def _beyond_bounds(problem: ValidationError) -> str:
    """The fields that hold what no noun does, which is the carrier's doing; empty where anything else is wrong."""
    found = problem.errors(include_url=False, include_context=False, include_input=False)
    if any(each["type"] not in _BOUNDS for each in found):
        return ""
    return ", ".join(sorted({f"{problem.title}.{'.'.join(map(str, each['loc']))}" for each in found}))


def _masked(member: Member, text: str) -> str:
    return text if member.mask is None else member.mask(text)


def failed(member: Member, shipment: Shipment, kind: FailureKind, hint: str, retry_after: int | None = None) -> Answer:
    """An answer in which every service asked about failed alike."""
    asked = member.asked(shipment)
    return Answer.of(shipment, [Failure(service=code, kind=kind, hint=hint, retry_after=retry_after) for code in asked])


def settled(question: Question) -> Answer | None:
    """What its carrier is known to say without being asked: its own published no; None where it must be asked."""
    return question.settled or _beyond(question.member, question.shipment)


def _beyond(member: Member, shipment: Shipment) -> Answer | None:
    """The carrier's no to a country that it never carries to."""
    countries = member.abilities.countries
    if countries is None or shipment.place.country in countries:
        return None
    text = f"does not carry to {shipment.place.country}"
    kind = RefusalKind.NOT_SERVED
    return Answer.of(shipment, [Refusal(service=code, kind=kind, text=text) for code in member.asked(shipment)])


def _held(member: Member, shipments: Sequence[Shipment], given: object, currency: str) -> list[Answer]:
    wanted = [shipment.id for shipment in shipments]
    answers = returned.answers_in(given)
    if [answer.shipment_id for answer in answers] == wanted:
        return [_complete(member, each, answer, currency) for each, answer in zip(shipments, answers, strict=True)]
    wrong = _masked(member, returned.flaw(given, wanted))
    if wrong:
        _log.error(f"quote() of {member.distribution or member.key} {wrong}", carrier=member.key)
    known = {answer.shipment_id: answer for answer in answers}
    times = Counter(answer.shipment_id for answer in answers)
    return [
        _complete(member, each, known[each.id], currency)
        if times[each.id] == 1
        else failed(member, each, FailureKind.CRASHED, f"quote() {wrong}")
        for each in shipments
    ]


def _complete(member: Member, shipment: Shipment, answer: Answer, currency: str) -> Answer:
    asked = member.asked(shipment)
    codes = [outcome.service for outcome in answer.outcomes]
    flaws = {rate.service: flaw for rate in answer.rates if (flaw := _flaw(rate, currency))}
    nos: tuple[Refusal | Failure, ...] = (*answer.refusals, *answer.failures)
    if nos:
        flaws |= {no.service: flaw for no in nos if (flaw := _words_flaw(no))}
    if not flaws and len(codes) == len(asked) and asked.keys() == set(codes):
        return answer
    return _mended(member, asked, answer, Counter(codes), flaws)


def _flaw(rate: Rate, currency: str) -> str:
    """Why nobody can sell by a rate; empty where it is sound."""
    cost, transit, age = rate.cost, rate.transit, rate.age  # a noun's fields are dearer to read than names
    minor, least, most = cost.minor, transit.min, transit.max
    if cost.currency != currency:
        return f"the price is in {cost.currency}, the store counts in {currency}"
    if not (type(minor) is type(least) is type(most) is type(age) is int):
        return "a price or a time is no whole number"
    if not 0 <= minor <= DEAREST_RATE:
        return f"the price is {cost}, {'below zero' if minor < 0 else 'more than any shipment costs'}"
    if transit.calendar not in calendar_names():
        return f"the transit time is in business days of {transit.calendar}, a calendar that nobody knows"
    if not 0 <= least <= most <= LONGEST_TRANSIT:
        return _transit_flaw(least, most)
    return "" if 0 <= age <= LONGEST_WAIT else f"the rate is {age} s old"


def _transit_flaw(least: int, most: int) -> str:
    if most > LONGEST_TRANSIT:
        return f"the transit time is more than {LONGEST_TRANSIT} business days"
    return f"the transit time is {least} to {most} business days"


def _words_flaw(given: Refusal | Failure) -> str:
    """Why nobody can tell a refusal or a failure; empty where it is sound."""
    kind = FailureKind if isinstance(given, Failure) else RefusalKind
    texts = (given.hint,) if isinstance(given, Failure) else (given.code, given.text)
    again = given.retry_after if isinstance(given, Failure) else None
    if type(given.kind) is not kind:
        return f"{shown(given.kind)} is no {kind.__name__}"
    if not all(isinstance(text, str) for text in texts):
        return "the words of a refusal or a failure are no text"
    if again is not None and (type(again) is not int or not 0 <= again <= LONGEST_WAIT):
        return f"{shown(again)} is no wait in seconds"
    return ""


def _mended(
    member: Member, asked: Collection[str], answer: Answer, times: Counter[str], flaws: Mapping[str, str]
) -> Answer:
    """Keep what is sound of the services asked about; what is missing, said twice or has a flaw becomes a failure."""
    strangers = sorted(times.keys() - set(asked))
    if strangers:
        named = [shown(_masked(member, code)) for code in strangers]
        _log.warning("answer for services nobody asked", carrier=member.key, services=named)
    sound = {code for code in asked if times[code] == 1 and code not in flaws}
    mended = tuple(
        Failure(
            service=code,
            kind=FailureKind.GARBLED,
            hint=flaws.get(code) or f"the answer holds this service {times[code]} times",
        )
        for code in asked
        if code not in sound
    )
    return Answer(
        shipment_id=answer.shipment_id,
        rates=tuple(rate for rate in answer.rates if rate.service in sound),
        refusals=tuple(refusal for refusal in answer.refusals if refusal.service in sound),
        failures=(*(failure for failure in answer.failures if failure.service in sound), *mended),
    )


def timed_call(
    member: Member, questions: Sequence[Question], deadline: Deadline, currency: str, clock: Clock
) -> dict[str, TimedAnswer]:
    """One call of a carrier about some questions: each answer by its shipment's id, with the seconds it all took."""
    started = clock.monotonic()
    answers = call(member, [question.shipment for question in questions], deadline, currency)
    seconds = clock.monotonic() - started
    return {answer.shipment_id: TimedAnswer(answer, seconds) for answer in answers}


def batches(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The items, at most `size` at a time."""
    return (items[start : start + size] for start in range(0, len(items), size))
