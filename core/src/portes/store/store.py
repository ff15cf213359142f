"""A store ready to be asked: its engine, its channels and what its carriers opened; it reads no file."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import TracebackType
from typing import TYPE_CHECKING, Self

from portes.carrier import Deadline, Warmable
from portes.catalogue import KnownGoods
from portes.channels.protocol import Channel, ChannelReply
from portes.contract import Quote, QuoteRequest
from portes.engine.policy import Member
from portes.engine.quoter import Quoter
from portes.errors import Problem
from portes.settings import StoreFile
from portes.store.rules import BuiltRule
from portes.toolbox import Tools

if TYPE_CHECKING:
    from portes.catalogue.missing import MissingSkus
    from portes.engine.cache_file import CacheFile
    from portes.receipts.recorder import ReceiptRecorder


@dataclass(frozen=True)
class Store:
    """A store ready to be asked. Use it as a context manager, or `close` it."""

    settings: StoreFile
    quoter: Quoter
    channels: Mapping[str, Channel]
    """By their name in the settings."""
    tools: Mapping[str, Tools]
    """Each active carrier's toolbox, by its key."""
    versions: Mapping[str, str]
    """What may change a price, part by part: a fingerprint of its settings without secrets, or a version."""
    memory: "CacheFile | None" = None
    """Keeps what carriers said for the time after a restart; None unless the settings want it."""
    receipts: "ReceiptRecorder | None" = None
    """Keeps a receipt of every quote; None for a store without a state folder, or whose settings want none."""
    rules: tuple[BuiltRule, ...] = ()
    """Every rule that it is asked with, in the order of its file."""
    advice: tuple[Problem, ...] = ()
    """What kept it from nothing and should be looked at all the same."""
    missing: "MissingSkus | None" = None
    """Counts the SKUs that its catalogue lacks; None for a store without a state folder, or without a catalogue."""

    @property
    def name(self) -> str:
        """As it stands in URLs and logs."""
        return self.settings.name

    @property
    def fallbacks(self) -> tuple[Member, ...]:
        """The active carriers that are asked only where another one failed."""
        return tuple(self.quoter.policy.fallbacks.values())

    @property
    def members(self) -> tuple[Member, ...]:
        """The active carriers that are asked, in the order of the settings."""
        return self.quoter.policy.members

    def quote(self, request: QuoteRequest, *, within: float | None = None) -> Quote:
        """Answer a question; see `Quoter.quote`."""
        return self.quoter.quote(request, within=within)

    async def aquote(self, request: QuoteRequest, *, within: float | None = None) -> Quote:
        """Answer a question in an event loop; see `Quoter.aquote`."""
        return await self.quoter.aquote(request, within=within)

    def goods(self, skus: Sequence[str], within: float | None = None) -> KnownGoods:
        """What the catalogue says of some SKUs: price, stock and the like, for whoever tells them.

        It is waited for `within` seconds, where it has to be asked; None for as long as a query may take. A store
        without a catalogue knows none. Not for an event loop; there it is `agoods`.
        """
        catalogue = self.quoter.policy.catalogue
        return KnownGoods({}) if catalogue is None else catalogue.wait(skus, within)

    async def agoods(self, skus: Sequence[str], within: float | None = None) -> KnownGoods:
        """The same in an event loop, which is not blocked."""
        catalogue = self.quoter.policy.catalogue
        if catalogue is None:
            return KnownGoods({})
        asked = catalogue.ask(skus)
        if isinstance(asked, KnownGoods):
            return asked
        coming = asyncio.wrap_future(asked)  # not cancelled: what comes too late is remembered
        await asyncio.wait({coming}, timeout=catalogue.timeout if within is None else within)
        return coming.result() if coming.done() else catalogue.late(skus)

    def warm(self) -> None:
        """Have the carriers that can get ready for the first question do so, behind everything else.

        Returns at once; what goes wrong is logged, and shows again in the first question.
        """
        for member in self.members:
            if isinstance(member.carrier, Warmable):
                self.tools[member.key].background("warm", partial(_warm, member, member.carrier))

    def replied(self, quote_id: str, reply: ChannelReply, seconds: float) -> None:
        """Add to a quote's receipt what a channel made of it, as soon as it is sent; `seconds` since the call."""
        if self.receipts is not None:
            body = reply.body if reply.kept is None else reply.kept
            self.receipts.buffer.add_reply(quote_id, reply.status, body, seconds)

    def close(self) -> None:
        """Take no more questions, write memory and receipts, and close what the carriers opened."""
        self.quoter.close()
        if self.memory is not None:
            self.memory.close()
        if self.receipts is not None:
            self.receipts.close()
        if self.missing is not None:
            self.missing.close()
        for tools in self.tools.values():
            tools.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _warm(member: Member, carrier: Warmable) -> None:
    carrier.warm(Deadline(member.settings.timeout))
