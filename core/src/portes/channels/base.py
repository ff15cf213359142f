"""What channels of marketplaces have in common: credentials, times, questions, and replies to what is no quote."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from http import HTTPStatus
from typing import Any, ClassVar, Literal, Self
from urllib.parse import parse_qsl
from urllib.parse import quote as url_quote

from pydantic import BaseModel, Field, ValidationError, model_validator

from portes.channels.composing import ComposedLine, composed_body
from portes.channels.credentials import CallerCredential, Credential, Gate, QueryTokenCredential, UrlTokenCredential
from portes.channels.problems import problem, refused
from portes.channels.protocol import ChannelReply, ChannelRequest, ChannelSettings, Storefront
from portes.channels.reading import OneOrMore, ReplyList, ReplyModel, make_question
from portes.channels.withholding import WithholdingSettings, withheld_words
from portes.contract import DeliveryType, Quote, QuoteRequest, Verdict
from portes.contract.durations import Duration
from portes.errors import Problem, RequestError, SettingsError, shown


class TimedSettings(WithholdingSettings):
    """Settings of a channel whose marketplace waits so long and no longer."""

    limit: Duration = Field(gt=0, description="After how long the marketplace discards an answer.")
    reserve: Duration = Field(
        default=0.1,
        ge=0,
        description="The part of `limit` kept for the way between the marketplace and here, and for our own work.",
    )

    @model_validator(mode="after")
    def _leaves_time(self) -> Self:
        if self.reserve >= self.limit:
            msg = "reserve is not less than limit, so no time is left to find a price"
            raise ValueError(msg)
        return self


class CallerSettings(TimedSettings):
    """Settings of a channel whose marketplace prescribes no credentials, or none that are public."""

    auth: OneOrMore[CallerCredential] = Field(
        description="How the marketplace proves itself: a table of kind `url_token`, `header` or `basic`, or a list of"
        " such tables while one replaces another. Without it the store does not start.",
    )


class MarketplaceChannel:
    """Base of a channel; what it is asked and what it replies are its own. Pure and thread-safe."""

    Settings: ClassVar[type[ChannelSettings]]
    path: ClassVar[str]
    request_model: ClassVar[type[BaseModel]]
    response_model: ClassVar[type[BaseModel]]
    statuses: ClassVar[Mapping[int, str]]
    fields: ClassVar[Mapping[str, str]]
    methods: ClassVar[tuple[str, ...]] = ("POST",)
    tails: ClassVar[tuple[str, ...]] = ("",)
    reads: ClassVar[Literal["body", "query"]] = "body"
    media_type: ClassVar[str] = "application/json"
    excuse_model: ClassVar[type[BaseModel] | None] = None

    def __init__(self, settings: TimedSettings, storefront: Storefront, credentials: Iterable[Credential]) -> None:
        self._timed = settings
        self._storefront = storefront
        self.credentials = tuple(credentials)
        self._gate = Gate(self.credentials)

    @property
    def limit(self) -> float:
        """Seconds after which the marketplace discards the answer."""
        return self._timed.limit

    @property
    def deadline(self) -> float:
        """Seconds the engine may take."""
        return self._timed.limit - self._timed.reserve

    def authenticate(self, asked: ChannelRequest) -> None:
        """Check the credentials on headers and address. Raises `UnauthorizedError`."""
        self._gate.check(asked)

    def refuse(self, error: RequestError) -> ChannelReply:
        """A problem body: 401 for credentials, 413 for too much, 422 for everything else."""
        return refused(error)

    def excuse(self, status: int, detail: str, headers: Mapping[str, str]) -> ChannelReply:
        """A problem body with the status."""
        return problem(status, HTTPStatus(status).phrase, detail, headers=headers)

    def no_answer(self, quote: Quote, told: Collection[DeliveryType] = tuple(DeliveryType)) -> ChannelReply | None:
        """The excuse in place of an answer: nobody knows, or `withhold` holds the offers back; None where all is known.

        `told` are the delivery types that the channel has words for. Offers in another currency than the store's
        cannot be told either: platforms that are told bare numbers would take them for its own.
        """
        foreign = {offer.price.currency for line in quote.lines for offer in line.offers} - {self._storefront.currency}
        if foreign:
            return self.broken(quote, [f"a price is in {currency}" for currency in sorted(foreign)])
        if missing := self._timed.withheld(quote, told):
            return replace(self.excuse(503, withheld_words(quote, missing), {}), withheld=missing)
        if quote.verdict is Verdict.UNKNOWN:
            return self.excuse(
                503, f"Whether and for how much it can be delivered is not known (quote {quote.id}).", {}
            )
        return None

    def answer(
        self,
        quote: Quote | None,
        model: type[ReplyModel] | type[ReplyList[Any]],
        values: Mapping[str, Any] | Sequence[Mapping[str, Any]],
        status: int = 200,
    ) -> ChannelReply:
        """The answer with the status that `values` make in the platform's model; one that it takes for an answer.

        One that breaks the platform's rules becomes the excuse that it has, with an alarm.
        """
        try:
            reply = model.model_validate(values)
        except ValidationError as error:
            return self.broken(quote, [f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors()])
        headers, is_answer = {"content-type": self.media_type}, True if status >= 400 else None
        return ChannelReply(status, headers, self.rendered(reply), is_answer=is_answer)

    def rendered(self, reply: ReplyModel | ReplyList[Any]) -> bytes:
        """The bytes of an answer; JSON, unless the platform wants something else."""
        return reply.to_json()

    def broken(self, quote: Quote | None, faults: Sequence[str]) -> ChannelReply:
        """The excuse in place of an answer that would break the platform's rules, with an alarm that names each."""
        told = f" (quote {quote.id})" if quote is not None else ""
        excuse = self.excuse(503, f"The answer cannot be said by the platform's rules{told}.", {})
        which = f"quote {quote.id}" if quote is not None else "an answer without a quote"
        return replace(excuse, alarm=f"{which} breaks the platform's rules: {'; '.join(faults)}")

    def distrusted(self, alarm: str) -> ChannelReply:
        """The excuse in place of an answer to a question that our own settings seem to misread; `alarm` says why."""
        detail = "The question cannot be trusted as it is read by the settings here, so nobody was asked."
        return replace(self.excuse(503, detail, {}), alarm=alarm)

    def question(self, values: Mapping[str, Any]) -> QuoteRequest:
        """The question of this channel that `values` make: at least destination and lines; the rest is the store's.

        Raises `RequestError` naming every wrong field as the caller calls it.
        """
        front = self._storefront
        return make_question(
            {
                "channel": self.path,
                "store": front.store,
                "currency": front.currency,
                "calendar": front.calendar,
                "grouping": front.grouping,
                **values,
            },
            self.fields,
        )

    def foreign(self, where: str, currency: str) -> Problem | None:
        """The problem of an amount in another currency than the store's; None when it is the store's."""
        ours = self._storefront.currency
        return (
            None
            if currency == ours
            else Problem(where, shown(currency), f"the store quotes in {ours}", f"ask in {ours}")
        )

    def call(
        self, method: str, *, tail: str = "", body: bytes = b"", query: str = "", **headers: str
    ) -> ChannelRequest:
        """A call as its marketplace makes it, the first of its credentials, if any, in clear; for examples and tests.

        `query` is percent-encoded; names of `headers` have underscores in place of hyphens.
        """
        first = self.credentials[0] if self.credentials else None
        if isinstance(first, QueryTokenCredential):
            query = "&".join(filter(None, [first.query(), query]))
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return ChannelRequest(
            method,
            f"/v1/{url_quote(self._storefront.store, safe='')}/{self.path}",
            dict(parse_qsl(query, keep_blank_values=True)),
            {**named, **(first.headers() if first is not None else {})},
            body,
            query,
            first.token.get_secret_value() if isinstance(first, UrlTokenCredential) else "",
            tail,
        )

    def example(self) -> ChannelRequest:
        """A documented question, with the first of the credentials; each channel has its own."""
        raise NotImplementedError

    def composed(self, code: str, lines: Sequence[ComposedLine]) -> ChannelRequest | None:
        """The example, asking about another postal code and other goods; its body is JSON, and `fields` name all parts.

        A channel whose calls are otherwise composes them itself.
        """
        example = self.example()
        body = composed_body(example.body, self.fields, code, lines)
        kept = {"content_type": example.headers["content-type"]} if "content-type" in example.headers else {}
        return self.call(example.method, tail=example.tail, body=body, query=example.raw_query, **kept)


def refuse_other_countries(channel: str, storefront: Storefront, country: str, currency: str) -> None:
    """Raise `SettingsError` for a store whose country or currency a channel cannot speak of."""
    wanted = (("store.country", storefront.country, country), ("store.currency", storefront.currency, currency))
    wrong = [
        Problem(
            where,
            shown(value),
            f"the channel {channel} speaks for stores of {country} that sell in {currency}",
            f"write {want}, or remove the channel",
        )
        for where, value, want in wanted
        if value != want
    ]
    if wrong:
        raise SettingsError(wrong)
