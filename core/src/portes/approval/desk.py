"""What every step of an approval needs: the channel, calls to make of it, and judgement of what comes back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from portes.approval.caller import Exchange, MarketplaceCaller
from portes.approval.report import ApprovalStep, StepOutcome
from portes.channels.composing import ComposedLine
from portes.channels.protocol import ChannelRequest, request_in
from portes.channels.understood import ReplyEffect, Understood
from portes.errors import RequestError
from portes.store import Store

_ANSWERS = (ReplyEffect.PRICES, ReplyEffect.NOT_DELIVERED)


class TakenStep(Protocol):
    """One thing to try."""

    @property
    def title(self) -> str:
        """What is tried, in a sentence."""
        ...

    def taken(self, desk: "ApprovalDesk") -> ApprovalStep:
        """What came of trying it."""
        ...


@dataclass(frozen=True, slots=True)
class Judged:
    """An exchange, and what the marketplace makes of it."""

    exchange: Exchange
    understood: Understood | None
    """None where no answer came."""

    @property
    def effect(self) -> ReplyEffect | None:
        """What the shopper sees; None where no answer came."""
        return None if self.understood is None else self.understood.effect

    @property
    def status(self) -> int:
        """0 where no answer came."""
        return 0 if self.exchange.reply is None else self.exchange.reply.status

    @property
    def words(self) -> str:
        """Status, time and effect, and each rule that is broken."""
        if self.understood is None:
            return f"no answer: {self.exchange.trouble}"
        faults = f", and breaks its rules: {'; '.join(self.understood.faults)}" if self.understood.faults else ""
        took = f"{self.exchange.seconds * 1000:.1f} ms"
        return f"{self.status} in {took}, of which the marketplace makes: {self.understood.effect.value}{faults}"


class ApprovalDesk:
    """The marketplace's desk: it asks the service by one channel, and remembers every status that it saw."""

    def __init__(
        self,
        store: Store,
        channel: Any,  # noqa: ANN401 — a channel that composes and understands
        caller: MarketplaceCaller,
        code: str,
        lines: Sequence[ComposedLine],
    ) -> None:
        self.store, self.channel, self.caller = store, channel, caller
        self._seen: dict[int, str] = {}
        example = request_in(channel.read(channel.example()))
        self.code = code or example.destination.postal_code
        self.lines = tuple(lines) or tuple([ComposedLine(line.sku, line.quantity) for line in example.lines[:1]])
        self.is_documented = not code and not lines

    def call(self) -> ChannelRequest:
        """The documented call, or that about the operator's own goods and place."""
        composed: ChannelRequest | None = None if self.is_documented else self.composed(self.lines)
        return composed or self.channel.example()

    def composed(self, lines: Sequence[ComposedLine], code: str = "") -> ChannelRequest | None:
        """A call about some goods; None where the marketplace has no such call."""
        call: ChannelRequest | None = self.channel.composed(code or self.code, lines)
        return call

    def ask(self, call: ChannelRequest, step: str = "") -> Judged:
        """Ask, and judge what comes back as the marketplace does; `step` is remembered as having seen the status."""
        exchange = self.caller.ask(call)
        if exchange.reply is None:
            return Judged(exchange, None)
        self._seen.setdefault(exchange.reply.status, step)
        return Judged(exchange, self.channel.understood(call, exchange.reply))

    def is_answer(self, exchange: Exchange) -> bool:
        """Whether the marketplace shows what came back, prices or that nothing is delivered."""
        if exchange.reply is None:
            return False
        understood = self.channel.understood(exchange.call, exchange.reply)
        return understood.effect in _ANSWERS and not understood.faults

    def can_be_read(self, call: ChannelRequest) -> bool:
        """Whether the channel takes a call, as far as can be told without the engine."""
        try:
            self.channel.read(call)
        except RequestError:
            return False
        return True

    def step(
        self, name: str, title: str, judged: Sequence[Judged], wrong: Sequence[Judged], told: str, fix: str
    ) -> ApprovalStep:
        """A step that failed where anything is wrong; the evidence is what is wrong, else the first call."""
        outcome = StepOutcome.FAILED if wrong else StepOutcome.PASSED
        shown = tuple([self.caller.evidence(one.exchange) for one in (wrong or judged)[:3]])
        return ApprovalStep(name, title, outcome, told, fix if wrong else "", shown)

    def unseen_statuses(self) -> ApprovalStep:
        """Which of the statuses that the channel answers with were seen, and which could not be brought about."""
        title = "Every status that the channel may answer with, and what it makes the marketplace do"
        unseen = [status for status in self.channel.statuses if status not in self._seen]
        strange = [status for status in self._seen if status not in self.channel.statuses and status not in _OF_HTTP]
        told = f"seen: {', '.join(map(str, sorted(self._seen)))}"
        told += f"; not brought about here: {', '.join(map(str, unseen))}" if unseen else ""
        if strange:
            fix = f"report that the channel does not document {', '.join(map(str, strange))}"
            return ApprovalStep("statuses", title, StepOutcome.FAILED, told, fix)
        return ApprovalStep("statuses", title, StepOutcome.SKIPPED if unseen else StepOutcome.PASSED, told)


_OF_HTTP = (304, 404, 405, 408, 413, 415, 422)
"""What HTTP itself, or the service for every channel, answers with."""
