"""The seam every marketplace channel fills: a question read, a reply written."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Final, Literal, Protocol, runtime_checkable

from pydantic import BaseModel, ConfigDict, Field

from portes.catalogue import CatalogueEntry
from portes.channels.composing import ComposedLine
from portes.channels.understood import Understood
from portes.contract import DeliveryType, Grouping, Quote, QuoteRequest
from portes.errors import Problem, RequestError

MASKED: Final = "•••"
"""What stands in a receipt in the place of a secret."""


@dataclass(frozen=True, slots=True)
class ChannelRequest:
    """A call as it came in, before anybody understood it."""

    method: str
    path: str
    """Of its address, the part up to the channel's name: `/v1/{store}/{channel}`."""
    query: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Its parameters, decoded; of one that came twice, the last."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case, hyphens and underscores as they came; values of one that came twice, after each other."""
    body: bytes = b""
    raw_query: str = field(default="", repr=False)
    """The query as it came, percent-encoded: of whatever encoding it was made in, with every sign of it. It may hold a
    secret, and so may `query`."""
    token: str = field(default="", repr=False)
    """The segment of the address that is a secret between caller and store; `path` is without it."""
    tail: str = ""
    """What of the address follows the channel's name and the token, such as `/rate`."""

    @property
    def address(self) -> str:
        """Where the call goes, from the path on: its token in clear."""
        token, query = self.token and f"/{self.token}", self.raw_query and f"?{self.raw_query}"
        return f"{self.path}{token}{self.tail}{query}"


@dataclass(frozen=True, slots=True)
class ChannelReply:
    """The answer to a call, as it goes back."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    alarm: str = ""
    """What a person must look at: the channel could not say what the engine decided, or cannot trust what it reads by
    its settings; empty otherwise."""
    is_answer: bool | None = None
    """Whether the marketplace takes it for an answer, such as a 404 for "not delivered there"; None where the status
    says so: below 400 it does."""
    withheld: tuple[DeliveryType, ...] = ()
    """The delivery types for whose sake offers were held back: each failed and might have served all lines."""
    kept: bytes | None = None
    """The body in UTF-8 as receipts keep it, where the body that goes back holds a secret or other letters."""


@dataclass(frozen=True, slots=True)
class ChannelQuestion:
    """What a channel read, where a `QuoteRequest` alone is too little to reply by."""

    request: QuoteRequest | None
    """What the engine is asked; None where only the catalogue is."""
    call: Any = None
    """What of the call the reply repeats, in whatever form the channel keeps it."""
    skus: tuple[str, ...] = ()
    """The SKUs whose catalogue entries the reply tells, in the order of its lines; see `GoodsTelling`."""


def request_in(question: "QuoteRequest | ChannelQuestion | ChannelReply") -> QuoteRequest:
    """The request in what a channel read.

    Raises `RequestError` where there is none: no freight is asked for, or the channel does not trust what it read.
    """
    if isinstance(question, ChannelReply) and question.alarm:
        raise RequestError(Problem("body", "", question.alarm))
    request = question.request if isinstance(question, ChannelQuestion) else question
    if isinstance(request, QuoteRequest):
        return request
    raise RequestError(Problem("body", "", "asks for no freight", "send a call with a destination and lines"))


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
    split_lines: bool = False
    """Whether the units of one line may leave from several origins, as the store's setting says."""


class Channel(Protocol):
    """One marketplace's words for a store. Pure: no I/O, no clock; thread-safe.

    An entry point of the group `portes.channels` names a class with these class attributes and
    this constructor.
    """

    Settings: ClassVar[type[ChannelSettings]]
    path: ClassVar[str]
    """The segment of its URL after the store's name: `POST /v1/{store}/{path}`."""
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

    def read(self, asked: ChannelRequest) -> QuoteRequest | ChannelQuestion | ChannelReply:
        """The question that a call asks, or at once the reply to one that the engine has no part in.

        Raises `RequestError` naming every field that is wrong.
        """
        ...

    def write(self, quote: Quote, question: Any) -> ChannelReply:  # noqa: ANN401 — what its own `read` returned
        """The reply that says the quote in the marketplace's words; `question` is what `read` returned."""
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
class Masked(Protocol):
    """A channel whose example holds a secret in its body, and not in its headers alone."""

    def masked(self, body: bytes) -> bytes:
        """The body of its example as pages may show it, without the secret."""
        ...


@runtime_checkable
class Hinted(Protocol):
    """A channel whose callers may say how long they wait."""

    def within(self, asked: ChannelRequest) -> float:
        """Seconds the engine may take for this call, never more than the channel's `deadline`.

        Raises `RequestError` for a hint that cannot be understood.
        """
        ...


@runtime_checkable
class Addressed(Protocol):
    """A channel with other methods than POST, or with more than one address below its name."""

    methods: ClassVar[tuple[str, ...]]
    """The methods that it answers, such as `GET`; with a query alone, or with a body as well."""
    tails: ClassVar[tuple[str, ...]]
    """What may follow its name, and the token, in an address: `/rate`; an empty text for nothing. Questions for freight
    go to the first."""
    reads: ClassVar[Literal["body", "query"]]
    """Where its questions stand: `request_model` is the schema of a JSON body, or its fields are parameters."""
    media_type: ClassVar[str]
    """Of its answers, as `Content-Type` has it."""
    excuse_model: ClassVar[type[BaseModel] | None]
    """What it writes in place of an answer, in the media type of one; None where that is a problem body."""


@runtime_checkable
class Excusing(Protocol):
    """A channel that has forms of its own for what is no quote; others send problem bodies (RFC 9457)."""

    def refuse(self, error: RequestError) -> ChannelReply:
        """The reply to a call that its sender has to mend; credentials that are wrong are 401 at every channel."""
        ...

    def excuse(self, status: int, detail: str, headers: Mapping[str, str]) -> ChannelReply:
        """The reply where we have no answer: `status` is 500 or 503, and `headers` are to be sent.

        It must be one that the marketplace does not take for an answer.
        """
        ...


@runtime_checkable
class GoodsTelling(Protocol):
    """A channel whose replies tell what the catalogue says of goods: price, stock."""

    def write_goods(
        self,
        quote: Quote | None,
        question: Any,  # noqa: ANN401 — what its own `read` returned
        goods: Sequence[CatalogueEntry | None],
    ) -> ChannelReply:
        """The reply to a question of `skus`: `goods` are theirs, None for one that the catalogue lacks.

        One of which nobody knows what the catalogue says has a `problem`. Without a `quote` the question had no
        request.
        """
        ...


@runtime_checkable
class GoodsAsking(Protocol):
    """A channel that tells goods and asks the engine only about those that can be had; its store has a catalogue."""

    def asking(self, question: Any, goods: Sequence[CatalogueEntry | None]) -> ChannelQuestion:  # noqa: ANN401 — its own
        """The question that is asked in place of the one that was read; `goods` are those of its `skus`.

        Without a request where nothing of it can be had, or nobody knows what the catalogue says.
        """
        ...


@runtime_checkable
class Composing(Protocol):
    """A channel that puts any question as its marketplace would; what the approval plays the marketplace with."""

    def composed(self, code: str, lines: Sequence[ComposedLine]) -> ChannelRequest | None:
        """A call with the channel's credentials, about a postal code of the store's country and some goods.

        None where the marketplace has no such call: one with several lines, say.
        """
        ...


@runtime_checkable
class Understanding(Protocol):
    """A channel that knows what its marketplace makes of a reply; what the kit and the approval hold replies to."""

    def understood(self, asked: ChannelRequest, reply: ChannelReply) -> Understood:
        """What the marketplace does after this reply to this call, and which of its own rules the reply breaks."""
        ...
