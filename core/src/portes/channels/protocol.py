"""The seam every marketplace channel fills: a question read, a reply written."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol, runtime_checkable

from pydantic import BaseModel, ConfigDict, Field

from portes.contract import DeliveryType, Grouping, Quote, QuoteRequest


@dataclass(frozen=True, slots=True)
class ChannelRequest:
    """A call as it came in, before anybody understood it."""

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case, hyphens and underscores as they came; values of one that came twice, after each other."""
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class ChannelReply:
    """The answer to a call, as it goes back."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    alarm: str = ""
    """What a person must look at, when the channel could not say what the engine decided; empty otherwise."""
    withheld: tuple[DeliveryType, ...] = ()
    """The delivery types for whose sake offers were held back: each failed and might have served all lines."""


class ChannelSettings(BaseModel):
    """Base of a channel's settings, `[channels.NAME]`: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    calendar: str | None = Field(
        None,
        description="The calendar in whose business days whoever asks counts, a country `BR` or a region `BR-SP`; that"
        " of the store's country when left out. Times are told so that counting them never leads to an earlier date.",
    )
    lines: Grouping | None = Field(
        None,
        description="How the lines of its questions leave: `each`, every line as a shipment of its own, or `together`;"
        " as `lines` of `[store]` says when left out.",
    )


@dataclass(frozen=True, slots=True)
class Storefront:
    """What a channel may know of the store it speaks for."""

    store: str
    """The store's name, as in the URL."""
    country: str
    currency: str
    calendar: str | None = None
    """The calendar in which the marketplace counts, for the questions that are read; None when it does not say."""
    grouping: Grouping | None = None
    """How the lines leave, for the questions that are read; None where the store's own setting holds."""


class Channel(Protocol):
    """One marketplace's words for a store. Pure: no I/O, no clock; thread-safe.

    An entry point of the group `portes.channels` names a class with these class attributes and
    this constructor.
    """

    Settings: ClassVar[type[ChannelSettings]]
    path: ClassVar[str]
    """The last segment of its URL: `POST /v1/{store}/{path}`."""
    request_model: ClassVar[type[BaseModel]]
    """What it reads, for the OpenAPI page."""
    response_model: ClassVar[type[BaseModel]]
    """What it writes when it can answer, for the OpenAPI page."""
    statuses: ClassVar[Mapping[int, str]]
    """Every status it answers with on purpose, and what that makes the marketplace do."""
    fields: ClassVar[Mapping[str, str]]
    """What its caller calls each field of a `QuoteRequest`, `*` for a position: `lines.*.sku` is `products.*.skuCode`.

    What is found wrong after it has read is told in these words; a field without one by what stands around it, or
    as `body`. Empty for a channel whose words are ours.
    """

    def __init__(self, settings: Any, storefront: Storefront) -> None:  # noqa: ANN401 — each its own Settings
        """Make the channel of one store from its own `Settings`."""

    @property
    def deadline(self) -> float:
        """Seconds the engine may take: the marketplace's limit less the reserve for its distance."""
        ...

    @property
    def limit(self) -> float:
        """Seconds after which the marketplace discards the answer."""
        ...

    def authenticate(self, asked: ChannelRequest) -> None:
        """Check the credentials on the headers, before a body is read: `asked.body` is empty.

        Raises `UnauthorizedError`. Callers who sign their bodies are looked at once more, see `Signed`.
        """
        ...

    def read(self, asked: ChannelRequest) -> QuoteRequest:
        """The question that a call asks. Raises `RequestError` naming every field that is wrong."""
        ...

    def write(self, quote: Quote, request: QuoteRequest) -> ChannelReply:
        """The reply that says the quote in the marketplace's words."""
        ...

    def example(self) -> ChannelRequest:
        """A documented question with valid credentials, for the demo and the documents."""
        ...


@runtime_checkable
class Signed(Protocol):
    """A channel whose callers sign the body."""

    def verify(self, asked: ChannelRequest) -> None:
        """Check the signature on the whole call, after `authenticate` passed it. Raises `UnauthorizedError`."""
        ...


@runtime_checkable
class Hinted(Protocol):
    """A channel whose callers may say how long they wait."""

    def within(self, asked: ChannelRequest) -> float:
        """Seconds the engine may take for this call, never more than the channel's `deadline`.

        Raises `RequestError` for a hint that cannot be understood.
        """
        ...
