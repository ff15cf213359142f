"""Steps of an approval that ask what shoppers ask: documented, several goods, far places, unknown goods, many."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from portes.approval.desk import ApprovalDesk, Judged, TakenStep
from portes.approval.report import ApprovalStep, StepOutcome
from portes.channels.composing import ComposedLine
from portes.channels.understood import ReplyEffect
from portes.contract.states import states

_FICTITIOUS: Final = "PORTES-NO-SUCH-SKU"
_ODD: Final = 'NO/SUCH "SKU" <1> é'
"""A SKU with signs that are odd in an address, in JSON and in XML."""


@dataclass(frozen=True, slots=True)
class QuestionStep:
    """One thing to ask."""

    title: str
    take: Callable[[ApprovalDesk, str], ApprovalStep]

    def taken(self, desk: ApprovalDesk) -> ApprovalStep:
        """What came of asking it."""
        return self.take(desk, self.title)


def question_steps(uncovered: str) -> Iterator[TakenStep]:
    """The steps, in order; `uncovered` is a postal code that the store does not deliver to, if anybody knows one."""
    yield QuestionStep("The documented question, with the right credentials, gets prices", _documented)
    yield QuestionStep("The same question gets the same answer again", _again)
    yield QuestionStep("Several goods are offered what all of them have in common", _several)
    yield QuestionStep(
        "A place that nobody delivers to is told as such", lambda desk, title: _uncovered(desk, title, uncovered)
    )
    yield QuestionStep("Goods that the store does not know", lambda desk, title: _unknown(desk, title, _FICTITIOUS))
    yield QuestionStep("Goods whose SKU has odd signs", lambda desk, title: _unknown(desk, title, _ODD))
    yield QuestionStep("The largest cart is answered in time, and one line more is no reason to say no", _largest)


def _documented(desk: ApprovalDesk, title: str) -> ApprovalStep:
    judged = desk.ask(desk.call(), "documented")
    late = judged.exchange.seconds > desk.channel.limit
    wrong = judged.effect is not ReplyEffect.PRICES or late or bool(judged.understood and judged.understood.faults)
    options = len(judged.understood.options) if judged.understood else 0
    fix = (
        "the answer came after the limit: see portes slo"
        if late
        else "name a place and goods of the store, --to and --item, if it does not sell the documented ones"
    )
    return desk.step(
        "documented", title, [judged], [judged] if wrong else [], f"{judged.words}; {options} options", fix
    )


def _again(desk: ApprovalDesk, title: str) -> ApprovalStep:
    first, second = desk.ask(desk.call(), "again"), desk.ask(desk.call(), "again")
    same = first.understood == second.understood
    told = f"{'the same' if same else 'another'} answer: {second.words}"
    return desk.step("again", title, [second], [] if same else [first, second], told, "see portes explain for each")


def _several(desk: ApprovalDesk, title: str) -> ApprovalStep:
    first = desk.lines[0]
    lines = desk.lines if len(desk.lines) > 1 else (first, ComposedLine(first.sku, first.quantity + 1))
    call = desk.composed(lines)
    if call is None:
        return ApprovalStep("several", title, StepOutcome.SKIPPED, "the marketplace asks about one thing a call")
    judged = desk.ask(call, "several")
    wrong = judged.effect is not ReplyEffect.PRICES or bool(judged.understood and judged.understood.faults)
    fix = "name goods that the store delivers together, --item twice"
    return desk.step("several", title, [judged], [judged] if wrong else [], judged.words, fix)


def _uncovered(desk: ApprovalDesk, title: str, uncovered: str) -> ApprovalStep:
    judged, code = _nowhere(desk, [uncovered] if uncovered else [*_places(desk.store.settings.store.country)])
    if judged is None or (judged.effect is not ReplyEffect.NOT_DELIVERED and not uncovered):
        told = "every place that was tried is delivered to, or not known; name one with --uncovered"
        return ApprovalStep("uncovered", title, StepOutcome.SKIPPED, told)
    sound = judged.effect is ReplyEffect.NOT_DELIVERED and judged.understood and not judged.understood.faults
    told = f"{code}: {judged.words}"
    return desk.step("uncovered", title, [judged], [] if sound else [judged], told, "see portes explain")


def _nowhere(desk: ApprovalDesk, codes: Sequence[str]) -> tuple[Judged | None, str]:
    """What came of the first place that is told as not delivered to, or of the last one that was tried."""
    judged, at = None, ""
    for at in codes:
        call = desk.composed(desk.lines, at)
        judged = None if call is None else desk.ask(call, "uncovered")
        if judged is not None and judged.effect is ReplyEffect.NOT_DELIVERED:
            break
    return judged, at


def _places(country: str) -> Iterator[str]:
    """A postal code of every state or province; none of countries whose states nobody here knows."""
    for state in states(country):
        yield state.ranges[0][0]


def _unknown(desk: ApprovalDesk, title: str, sku: str) -> ApprovalStep:
    name = "fictitious" if sku == _FICTITIOUS else "odd"
    call = desk.composed([ComposedLine(sku)])
    if call is None:
        return ApprovalStep(name, title, StepOutcome.SKIPPED, "the marketplace has no such call")
    judged = desk.ask(call, name)
    settings = desk.store.settings.store
    refused = settings.unknown_sku == "refuse"
    # a SKU that the store lacks is its own gap, unless its operator decided otherwise; a crash is never an answer
    wrong = (
        judged.effect is None or judged.status == 500 or (judged.effect is ReplyEffect.NOT_DELIVERED and not refused)
    )
    told = f"{judged.words} (unknown_sku is {settings.unknown_sku})"
    fix = "see the service's log; what is not known must not be told as not delivered"
    return desk.step(name, title, [judged], [judged] if wrong and not _means_it(desk, judged) else [], told, fix)


def _means_it(desk: ApprovalDesk, judged: Judged) -> bool:
    """Whether 500 is what the channel says on purpose of goods that it does not know."""
    return (
        judged.status == 500
        and judged.effect in {ReplyEffect.MESSAGE, ReplyEffect.FALLBACK}
        and (500 in desk.channel.statuses)
    )


def _largest(desk: ApprovalDesk, title: str) -> ApprovalStep:
    most, first = desk.store.settings.store.max_lines, desk.lines[0]
    whole = desk.composed([first] * most)
    if whole is None:
        return ApprovalStep("largest", title, StepOutcome.SKIPPED, "the marketplace asks about one thing a call")
    largest = desk.ask(whole, "largest")
    late = largest.exchange.seconds > desk.channel.limit
    beyond = desk.composed([first] * (most + 1))
    more = largest if beyond is None else desk.ask(beyond, "largest")
    wrong = [largest] if late or largest.effect is not ReplyEffect.PRICES else []
    if more.effect in {None, ReplyEffect.NOT_DELIVERED}:  # a channel may ask about fewer lines than the call has
        wrong.append(more)
    told = f"{most} lines: {largest.words}; {most + 1} lines: {more.words}"
    fix = "lower max_lines in [store] to what is answered in time, or look at what is slow with portes explain"
    return desk.step("largest", title, [largest], wrong, told, fix)
