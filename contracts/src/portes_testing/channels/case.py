"""What a channel declares about itself, once, for the whole suite."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, Literal

from portes.channels.understood import ReplyEffect
from portes.contract import DeliveryType, Quote

BROKEN: Final = "broken"
"""Of a sample of a reply: the marketplace's own rules do not allow it."""

ToldOptions = Literal["all", "types", "cheapest", "one"]
ToldTimes = Literal["days", "dates", "nothing"]


@dataclass(frozen=True, slots=True)
class AskedLine:
    """What one line of a sample asks about."""

    sku: str
    quantity: int = 1
    grams: int | None = None
    """Of one unit; None where the call does not tell it."""
    size: tuple[int, int, int] | None = None
    """Length, width and height of one unit in millimetres; None where the call does not tell it."""
    value: int | None = None
    """Of one unit, in minor units of the store's currency; None where the call does not tell it."""


@dataclass(frozen=True, slots=True)
class Asks:
    """What a sample of a call asks; without a `postal_code` the engine is not asked at all."""

    postal_code: str
    """The destination in its canonical text: `01512651`."""
    lines: Sequence[AskedLine] = ()
    country: str = ""
    """Of the destination; that of the case where it is empty."""


@dataclass(frozen=True, slots=True, eq=False)
class RequestSample:
    """One call as the marketplace makes it, without credentials: the suite adds those of the case."""

    source: Path | bytes
    """Its body; or a file with `method` and `query`, for a call whose question stands in the address."""
    asks: Asks | None = None
    """What it asks; None for a sample that is refused."""
    wrong: Sequence[str] = ()
    """The fields that a sample is refused for, all of them, as the caller calls them."""
    method: str = "POST"
    query: str = ""
    """Percent-encoded, where the question stands there and no file has it."""
    in_query: bool = False
    """Whether the file has `method` and `query` in place of a body."""
    tail: str = ""
    """What follows the channel's name in the address."""

    def __post_init__(self) -> None:
        if (self.asks is None) != bool(self.wrong):
            msg = f"{self}: say what it asks, or which fields are wrong"
            raise ValueError(msg)

    def __str__(self) -> str:
        return self.source.name if isinstance(self.source, Path) else (self.source or self.query.encode()).decode()[:40]


@dataclass(frozen=True, slots=True, eq=False)
class ReplySample:
    """One reply as the marketplace documents it, and what the marketplace makes of it."""

    source: Path | bytes
    """Its body."""
    effect: ReplyEffect | Literal["broken"]
    status: int = 200
    prices: Sequence[int] | None = None
    """What it shows, in minor units and in its order; None where that is not declared."""
    asked: RequestSample | None = None
    """The call that it replies to, where the rules look at it; the channel's own example otherwise."""
    headers: Mapping[str, str] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.source.name if isinstance(self.source, Path) else self.source.decode()[:40]


@dataclass(frozen=True, eq=False)
class ChannelCase:
    """What the suite must know of a channel: its name, its samples, and what the marketplace is told."""

    name: str
    """The entry point's name in the group `portes.channels`."""
    requests: Sequence[RequestSample]
    """Calls; together with the channel's example, one at least asks about several lines."""
    replies: Sequence[ReplySample] = ()
    """Documented replies; each is held to what `understood` makes of it."""
    settings: Mapping[str, Any] | None = None
    """The channel's keys as a store's file holds them; None for the fewest that it takes."""
    country: str = "BR"
    currency: str = "BRL"
    options: ToldOptions = "all"
    """Of a quote's options: every one, the best of each delivery type, the cheapest alone, or any single one."""
    by_line: bool = False
    """Whether each line is priced apart; otherwise an option is about the whole cart."""
    types: Collection[DeliveryType] = tuple(DeliveryType)
    """The delivery types that the channel has words for."""
    times: ToldTimes = "days"
    """What an option tells of its promise."""
    not_served: Collection[ReplyEffect] = (ReplyEffect.NOT_DELIVERED,)
    """What the marketplace may make of the reply to a quote that nobody serves."""
    unknown: Collection[ReplyEffect] = (ReplyEffect.FALLBACK,)
    """What it may make of everything that is not certain."""
    one_line: str = ""
    """Why no call can ask about several lines; empty where one can."""
    signature: Callable[[bytes], Mapping[str, str]] | None = None
    """The headers by which the marketplace signs a body; None for a channel whose calls are not signed."""
    unsigned_example: str = ""
    """Why the channel's own example has no signature, so that the case's is put over it; empty where it has one."""
    body_secrets: Sequence[str] = ()
    """Fields of the body that hold a credential: `merchantAppSettings.token`."""
    hints: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Headers by which a caller says how long it waits, and some values; one of each is shorter than the deadline."""
    breaks: Sequence[Callable[[Quote], Quote]] = ()
    """Changes to a served quote after which the marketplace's rules cannot be kept."""
    other_numbers: Collection[str] = ()
    """Fields of replies whose numbers are no amounts of money and may have more decimals: `latitude`."""
    elsewhere: Mapping[int, str] = field(default_factory=dict)
    """Statuses of the channel that it does not write itself, and where they come from."""
    tells: Collection[str] = ()
    """Secret settings that answers repeat, since the marketplace wants them back: `seller_token`."""
    secrets: Collection[str] = ()
    """Further texts that must never show, beside the secret settings."""

    def __post_init__(self) -> None:
        if not self.requests:
            msg = "give the case a request: one call as the marketplace makes it"
            raise ValueError(msg)
        if ReplyEffect.PRICES in {*self.not_served, *self.unknown} or ReplyEffect.NOT_DELIVERED in self.unknown:
            msg = "what nobody serves is no price, and what nobody knows is neither a price nor a no"
            raise ValueError(msg)
        for status, reason in self.elsewhere.items():
            if not reason.strip():
                msg = f"elsewhere: say where {status} comes from"
                raise ValueError(msg)


__all__ = ["BROKEN", "AskedLine", "Asks", "ChannelCase", "ReplySample", "RequestSample"]
