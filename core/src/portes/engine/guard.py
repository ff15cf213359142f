"""One call of one carrier, turned into complete answers whatever happens."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from traceback import format_exc
from typing import Final, NamedTuple, TypeVar

import structlog

from portes.calendars import calendar_names
from portes.carrier import Deadline
from portes.clock import Clock
from portes.contract import Answer, Failure, FailureKind, Rate, Refusal, RefusalKind, Shipment
from portes.engine.masking import masked
from portes.engine.plan import Question
from portes.engine.policy import Member
from portes.errors import CarrierError, shown
from portes.redaction import MaskedError

_log = structlog.get_logger(__name__)

LONGEST_TRANSIT: Final = 1000
"""Business days, four years: whoever says more means something else."""

T = TypeVar("T")


class TimedAnswer(NamedTuple):
    """An answer and the seconds its call took; none for one out of memory."""

    answer: Answer
    seconds: float


def call(member: Member, shipments: Sequence[Shipment], deadline: Deadline, currency: str) -> list[Answer]:
    """Ask a carrier and hold it to its contract: one answer a shipment, each active service in it exactly once.

    A whole-call error becomes a failure of every active service; so does a crash, of this carrier alone.
    No secret of the carrier's settings is left in a text of its answers, nor in what is logged of it.
    """
    answers = _called(member, shipments, deadline, currency)
    mask = member.mask
    return answers if mask is None else [masked(answer, mask) for answer in answers]


def _called(member: Member, shipments: Sequence[Shipment], deadline: Deadline, currency: str) -> list[Answer]:
    try:
        return _held(member, shipments, member.carrier.quote(shipments, deadline.check()), currency)
    except CarrierError as problem:
        kind, hint, again = FailureKind(problem.kind), _masked(member, problem.hint), problem.retry_after
        return [failed(member, shipment.id, kind, hint, again) for shipment in shipments]
    except (Exception, SystemExit):  # noqa: BLE001 — the guard: a stranger's bug must cost no other carrier its answer
        _log.error("carrier crashed", carrier=member.key, exc_info=MaskedError(_masked(member, format_exc())))
        hint = "the carrier plugin crashed; its log line tells where"
        return [failed(member, shipment.id, FailureKind.CRASHED, hint) for shipment in shipments]


def _masked(member: Member, text: str) -> str:
    return text if member.mask is None else member.mask(text)


def failed(member: Member, shipment_id: str, kind: FailureKind, hint: str, retry_after: int | None = None) -> Answer:
    """An answer in which every active service failed alike."""
    failures = tuple(Failure(service=code, kind=kind, hint=hint, retry_after=retry_after) for code in member.services)
    return Answer(shipment_id=shipment_id, failures=failures)


def beyond(member: Member, shipment: Shipment) -> Answer | None:
    """The carrier's own no to a country it never carries to, without asking it; None where it must be asked."""
    countries = member.abilities.countries
    if countries is None or shipment.place.country in countries:
        return None
    text = f"does not carry to {shipment.place.country}"
    refusals = tuple(Refusal(service=code, kind=RefusalKind.NOT_SERVED, text=text) for code in member.services)
    return Answer(shipment_id=shipment.id, refusals=refusals)


def _held(member: Member, shipments: Sequence[Shipment], given: object, currency: str) -> list[Answer]:
    answers = [one for one in given if isinstance(one, Answer)] if isinstance(given, (list, tuple)) else []
    if [answer.shipment_id for answer in answers] != [shipment.id for shipment in shipments]:
        answers = _in_order(member, shipments, answers)
    return [_complete(member, answer, currency) for answer in answers]


def _in_order(member: Member, shipments: Sequence[Shipment], answers: Sequence[Answer]) -> list[Answer]:
    """The answers in the order of their shipments; a shipment without exactly one failed."""
    known = {answer.shipment_id: answer for answer in answers}
    times = Counter(answer.shipment_id for answer in answers)
    return [
        known[shipment.id]
        if times[shipment.id] == 1
        else _garbled(member, shipment.id, f"{times[shipment.id]} answers to one shipment")
        for shipment in shipments
    ]


def _garbled(member: Member, shipment_id: str, hint: str) -> Answer:
    return failed(member, shipment_id, FailureKind.GARBLED, hint)


def _complete(member: Member, answer: Answer, currency: str) -> Answer:
    codes = [outcome.service for outcome in answer.outcomes]
    flaws = {rate.service: flaw for rate in answer.rates if (flaw := _flaw(rate, currency))}
    if not flaws and len(codes) == len(member.services) and member.services.keys() == set(codes):
        return answer
    return _mended(member, answer, Counter(codes), flaws)


def _flaw(rate: Rate, currency: str) -> str:
    """Why nobody can sell by a rate; empty where it is sound."""
    if rate.cost.currency != currency:
        return f"the price is not in {currency}"
    if rate.transit.calendar not in calendar_names():
        return f"the transit time is in business days of {rate.transit.calendar}, a calendar that nobody knows"
    if rate.transit.max > LONGEST_TRANSIT:
        return f"the transit time is more than {LONGEST_TRANSIT} business days"
    return ""


def _mended(member: Member, answer: Answer, times: Counter[str], flaws: Mapping[str, str]) -> Answer:
    """Keep what is sound; what is missing, said twice or has a flaw becomes a failure."""
    strangers = sorted(times.keys() - member.services.keys())
    if strangers:
        named = [shown(_masked(member, code)) for code in strangers]
        _log.warning("answer for services nobody asked", carrier=member.key, services=named)
    sound = {code for code in member.services if times[code] == 1 and code not in flaws}
    mended = tuple(
        Failure(
            service=code,
            kind=FailureKind.GARBLED,
            hint=flaws.get(code) or f"the answer holds this service {times[code]} times",
        )
        for code in member.services
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
