"""The approval of one channel of a store: all steps, in order, against its running service."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib.metadata import version

from portes.approval.caller import Exchange, MarketplaceCaller
from portes.approval.desk import ApprovalDesk
from portes.approval.pace import at_pace, figures_of
from portes.approval.questions import question_steps
from portes.approval.refusals import refusal_steps
from portes.approval.report import ApprovalReport, ApprovalStep, PaceFigures, StepOutcome
from portes.channels.composing import ComposedLine
from portes.channels.protocol import Channel, Composing, Signed, Understanding
from portes.errors import Problem, SettingsError, UnauthorizedError
from portes.redaction import LOGGED
from portes.store import Store


@dataclass(frozen=True, slots=True)
class ApprovalTerms:
    """What an approval asks about, and what the marketplace's contract says of pace and time."""

    code: str = ""
    """A postal code that the store delivers to; that of the channel's example when left out."""
    lines: tuple[ComposedLine, ...] = ()
    """Goods that the store sells; those of the channel's example when left out."""
    uncovered: str = ""
    """A postal code that the store does not deliver to; looked for when left out."""
    rate: float = 9.0
    """Calls a second of the last step."""
    seconds: float = 60.0
    """How long the last step takes; 0 leaves it out."""
    distance: float = 0.0
    """Seconds that a call is under way there and back between marketplace and service, added to each measured time."""


def approve(
    store: Store,
    channel_name: str,
    address: str,
    terms: ApprovalTerms,
    began: datetime,
    *,
    told: Callable[[str], None] = lambda _words: None,
    progress: Callable[[int, int], None] = lambda _done, _all: None,
) -> ApprovalReport:
    """Play the marketplace of one channel against the service at an address, and report what came of it.

    `told` hears of each step before it begins, `progress` of the calls at the contract's pace.
    Raises `SettingsError` for a channel that the store lacks, or that nobody can play a marketplace for.
    """
    channel = store.channels.get(channel_name)
    if channel is None:
        known = ", ".join(store.channels) or "none"
        raise SettingsError(Problem("channel", channel_name, "is no channel of the store", f"choose among {known}"))
    if not isinstance(channel, Understanding) or not isinstance(channel, Composing):
        fix = "ask its author for the methods understood and composed"
        raise SettingsError(Problem("channel", channel_name, "does not say what its marketplace makes of replies", fix))
    _refuse_unsigned(channel, channel_name)
    with MarketplaceCaller(address, LOGGED.text) as caller:
        desk = ApprovalDesk(store, channel, caller, terms.code, terms.lines)
        steps: list[ApprovalStep] = []
        for each in (*question_steps(terms.uncovered), *refusal_steps()):
            told(each.title)
            steps.append(each.taken(desk))
        pace: PaceFigures | None = None
        if terms.seconds > 0:
            title = f"{terms.rate:g} calls a second for {terms.seconds:g} s, each answered within the limit"
            told(title)
            step, pace = _at_contract_pace(desk, address, terms, title, progress)
            steps.append(step)
        steps.append(desk.unseen_statuses())
    return ApprovalReport(
        store=store.name,
        channel=channel_name,
        address=address,
        began=began,
        version=version("portes"),
        limit=channel.limit,
        distance=terms.distance,
        steps=tuple(steps),
        pace=pace,
        statuses=dict(channel.statuses),
    )


def _refuse_unsigned(channel: Channel, name: str) -> None:
    """Raise `SettingsError` for a channel that does not let its own example in: every step would fail for that."""
    example = channel.example()
    try:
        channel.authenticate(example)
        if isinstance(channel, Signed):
            channel.verify(example)
    except UnauthorizedError as error:
        cause = f"has an example that it does not let in: {error.problems[0].cause}"
        fix = "only the marketplace can sign its calls: play it with a copy of the store's file that has auth in place"
        raise SettingsError(Problem("channel", name, cause, f"{fix} of its keys, at a service of the same")) from None


def _at_contract_pace(
    desk: ApprovalDesk, address: str, terms: ApprovalTerms, title: str, progress: Callable[[int, int], None]
) -> tuple[ApprovalStep, PaceFigures]:
    new = partial(MarketplaceCaller, address, LOGGED.text)
    exchanges = at_pace([desk.call()], new, terms.rate, terms.seconds, progress=progress)
    limit = desk.channel.limit

    def right(exchange: Exchange) -> bool:
        return desk.is_answer(exchange)

    figures = figures_of(exchanges, right, terms.rate, limit, terms.distance)
    words = (
        f"{figures.calls} calls: {figures.late} late, {figures.wrong} without an answer that is shown; "
        f"p50 {figures.p50} ms, p95 {figures.p95} ms, p99 {figures.p99} ms, slowest {figures.slowest} ms "
        f"of {limit * 1000:g} ms, {terms.distance * 1000:g} ms of distance counted in"
    )
    bad = figures.late + figures.wrong
    fix = "see portes slo and the service's log: which carrier was late, or what failed" if bad else ""
    worst = sorted(exchanges, key=lambda one: (desk.is_answer(one), -one.seconds))[:1]
    evidence = tuple([desk.caller.evidence(one) for one in worst])
    outcome = StepOutcome.FAILED if bad else StepOutcome.PASSED
    return ApprovalStep("pace", title, outcome, words, fix, evidence), figures
