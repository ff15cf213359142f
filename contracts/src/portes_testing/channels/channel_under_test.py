"""A channel as a store makes it, asked and told as the service does it."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from http import HTTPStatus
from typing import Any, TypeVar, cast

from pydantic import BaseModel, SecretStr, ValidationError

from portes.catalogue import CatalogueEntry
from portes.channels.problems import problem, refused
from portes.channels.protocol import (
    Channel,
    ChannelQuestion,
    ChannelReply,
    ChannelRequest,
    ChannelSettings,
    Excusing,
    GoodsTelling,
    Signed,
    Storefront,
    Understanding,
)
from portes.channels.understood import Understood
from portes.contract import Money, Quote, QuoteRequest
from portes.errors import RequestError, SettingsError, UnauthorizedError, pass_interrupt
from portes.registry import CHANNELS, Registry
from portes_testing.channels.calls import call_of, make_call, signed
from portes_testing.channels.case import ChannelCase
from portes_testing.channels.minimal import minimal_settings
from portes_testing.harness.errors import BrokenContractError, require

T = TypeVar("T")
Question = QuoteRequest | ChannelQuestion | ChannelReply
"""What a channel reads in a call."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A call that was read: its words for messages, what the channel made of it."""

    words: str
    call: ChannelRequest
    question: Question

    @property
    def request(self) -> QuoteRequest | None:
        """What the engine is asked; None where it has no part in the reply."""
        question = self.question.request if isinstance(self.question, ChannelQuestion) else self.question
        return question if isinstance(question, QuoteRequest) else None


@dataclass(eq=False)
class ChannelUnderTest:
    """One channel, with which a check makes as many as it likes."""

    case: ChannelCase

    @cached_property
    def plugin(self) -> type[Channel]:
        """The channel's class, as its entry point names it."""
        try:
            return Registry().find(CHANNELS, self.case.name).value
        except SettingsError as problem:
            raise BrokenContractError(f"no store can use the channel: {problem}") from None

    def fresh(self) -> "ChannelUnderTest":
        """The same channel, made and asked anew."""
        other = ChannelUnderTest(self.case)
        other.plugin = self.plugin
        return other

    @cached_property
    def table(self) -> Mapping[str, Any]:
        """The case's settings, or the fewest that the channel takes."""
        return minimal_settings(self.plugin) if self.case.settings is None else self.case.settings

    def settings(self, table: Mapping[str, Any]) -> ChannelSettings:
        """The settings that a table of a store's file comes to."""
        try:
            return self.plugin.Settings.model_validate(dict(table))
        except ValidationError as problem:
            raise BrokenContractError(f"the case's settings are refused: {problem}") from None

    def takes(self, table: Mapping[str, Any]) -> bool:
        """Whether the channel's settings allow a table."""
        try:
            self.plugin.Settings.model_validate(dict(table))
        except ValidationError:
            return False
        return True

    def make(self, store: str = "shop", table: Mapping[str, Any] | None = None, **more: Any) -> Channel:  # noqa: ANN401 — values of settings
        """A channel of the case's settings, or of others, and of `more` beside them."""
        settings = self.settings({**(self.table if table is None else table), **more})
        front = Storefront(store, self.case.country, self.case.currency, settings.calendar, settings.lines)
        return self.without_crash("making it", lambda: self.plugin(settings, front))

    @cached_property
    def channel(self) -> Channel:
        """The channel that most checks ask."""
        return self.make()

    @cached_property
    def example(self) -> ChannelRequest:
        """The channel's own documented call."""
        return self.example_of(self.channel)

    def example_of(self, channel: Channel) -> ChannelRequest:
        """The documented call of a channel, with the case's signature where no channel can make one."""
        made = self.without_crash("example()", channel.example)
        return signed(made, self.case) if self.case.unsigned_example else made

    @cached_property
    def secrets(self) -> dict[str, str]:
        """Every text that must never show, with where it comes from."""
        found = {value: f"a secret setting at {path}" for path, value in secret_settings(self.settings(self.table))}
        return {**found, **dict.fromkeys(self.case.secrets, "a secret of the case")}

    def knock(self, asked: ChannelRequest, channel: Channel | None = None) -> None:
        """Have the credentials of a call checked as the service does it: headers first, then the whole.

        Raises `UnauthorizedError`; anything else breaks the contract.
        """
        known = channel or self.channel
        checks = [(known.authenticate, replace(asked, body=b""))]
        if isinstance(known, Signed):
            checks.append((known.verify, asked))
        for check, call in checks:
            try:
                given: object = check(call)
            except UnauthorizedError:
                raise
            except BaseException as error:
                pass_interrupt(error)
                raise BrokenContractError(
                    f"{type(error).__name__} escaped from {check.__name__}(): {error!r}"
                ) from error
            require(given is None, f"{check.__name__}() returned {given!r}; it says no by what it raises")

    def call(self, body: bytes, **more: str) -> ChannelRequest:
        """A call with this body and the case's credentials."""
        return make_call(self.channel, self.case, body, **more)

    def read(self, words: str, asked: ChannelRequest) -> Asked:
        """What the channel reads in a call. Raises `RequestError`; anything else breaks the contract."""
        try:
            question = self.channel.read(asked)
        except RequestError:
            raise
        except BaseException as error:
            pass_interrupt(error)
            raise BrokenContractError(f"{words}: {type(error).__name__} escaped from read(): {error!r}") from error
        sound = isinstance(question, QuoteRequest | ChannelQuestion | ChannelReply)
        require(sound, f"{words}: read() returned {type(question).__name__}, which is no question")
        return Asked(words, asked, question)

    @cached_property
    def asked(self) -> Sequence[Asked]:
        """Every sound call of the case and the channel's example, read."""
        return [*self._asked()]

    @property
    def quoted(self) -> Iterator[tuple[Asked, QuoteRequest]]:
        """Those of them by which the engine is asked."""
        return ((asked, asked.request) for asked in self.asked if asked.request is not None)

    def _asked(self) -> Iterator[Asked]:
        calls = [("the example", self.example)]
        calls += [
            (str(one), call_of(self.channel, self.case, one)) for one in self.case.requests if one.asks is not None
        ]
        for words, call in calls:
            try:
                yield self.read(words, call)
            except RequestError as error:
                raise BrokenContractError(f"{words} is refused: {error}") from None

    def tell(self, asked: Asked, quote: Quote | None, channel: Channel | None = None) -> ChannelReply:
        """The reply to a quote, as the service has it written; what write() raises breaks the contract."""
        known = channel or self.channel
        return sent(asked.words, self.without_crash(asked.words, lambda: written(known, asked.question, quote)))

    def refuse(self, error: RequestError) -> ChannelReply:
        """The reply to a call that its sender has to mend."""
        return sent("refuse()", self.without_crash("refuse()", lambda: refusal(self.channel, error)))

    def excuse(self, status: int) -> ChannelReply:
        """The reply where there is no answer."""
        headers = {"retry-after": "1"}
        made = sent("excuse()", self.without_crash("excuse()", lambda: excuse(self.channel, status, headers)))
        require(made.headers.get("retry-after") == "1", "excuse() loses the headers that it is given")
        return made

    def understood(self, asked: ChannelRequest, reply: ChannelReply, channel: Channel | None = None) -> Understood:
        """What the marketplace makes of a reply."""
        known = channel or self.channel
        require(isinstance(known, Understanding), "it has no understood(), so nobody knows what its replies come to")
        return self.without_crash("understood()", lambda: cast("Understanding", known).understood(asked, reply))

    @staticmethod
    def without_crash(words: str, made: Callable[[], T]) -> T:
        """What `made` returns; what it raises breaks the contract."""
        try:
            return made()
        except BrokenContractError:
            raise
        except BaseException as error:
            pass_interrupt(error)
            raise BrokenContractError(f"{words}: {type(error).__name__} escaped: {error!r}") from error


def written(channel: Channel, question: Question, quote: Quote | None) -> ChannelReply:
    """What a channel writes of a quote, with a catalogue in which all is in stock; None for a question of goods alone.

    Raises `TypeError` for a question of goods to a channel that tells none.
    """
    if isinstance(question, ChannelQuestion) and isinstance(channel, GoodsTelling):
        currency = "BRL" if quote is None else quote.currency
        return channel.write_goods(quote, question, [_goods(sku, currency) for sku in question.skus])
    if quote is None:
        msg = "it asks nothing of the engine, and is no channel that tells goods"
        raise TypeError(msg)
    return channel.write(quote, question)


def _goods(sku: str, currency: str) -> CatalogueEntry:
    price = Money(minor=12_990, currency=currency)
    return CatalogueEntry(price=price, list_price=price, origins=(1,), units=(1000,), tags=(sku,))


def refusal(channel: Channel, error: RequestError) -> ChannelReply:
    """What a channel replies to a call that its sender has to mend."""
    return channel.refuse(error) if isinstance(channel, Excusing) else refused(error)


def excuse(channel: Channel, status: int, headers: Mapping[str, str], words: str = "nobody was asked") -> ChannelReply:
    """What a channel replies where there is no answer, and `words` say why."""
    if isinstance(channel, Excusing):
        return channel.excuse(status, words, headers)
    return problem(status, HTTPStatus(status).phrase, words, headers=headers)


def secret_settings(model: BaseModel, path: str = "") -> Iterator[tuple[str, str]]:
    """Every secret in some settings, with its key path."""
    for name, value in model:
        yield from _secrets_in(value, f"{path}.{name}".lstrip("."))


def _secrets_in(value: object, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, SecretStr):
        yield path, value.get_secret_value()
    elif isinstance(value, BaseModel):
        yield from secret_settings(value, path)
    elif isinstance(value, tuple | list):
        for number, one in enumerate(value):
            yield from _secrets_in(one, f"{path}.{number}")


def sent(words: str, reply: object) -> ChannelReply:
    """A reply that can be put on the wire; any other breaks the contract."""
    require(type(reply) is ChannelReply, f"{words}: it replies {type(reply).__name__} in place of a ChannelReply")
    made = cast("ChannelReply", reply)
    sound = type(made.body) is bytes and type(made.status) is int and 200 <= made.status < 600
    require(sound, f"{words}: it replies {made.status!r} with {type(made.body).__name__}; a status and bytes are sent")
    lines = [f"{name}: {value}" for name, value in made.headers.items()]
    odd = [line for line in lines if not (line.isprintable() and line.isascii())]
    require(not odd, f"{words}: it replies with a header that cannot be sent: {odd}")
    return made


def told_json(reply: ChannelReply) -> object:
    """The parsed body of a reply in JSON; None for one in another form."""
    kind = next((value for name, value in reply.headers.items() if name.lower() == "content-type"), "")
    return json.loads(reply.body) if "json" in kind and reply.body else None


__all__ = [
    "Asked",
    "ChannelUnderTest",
    "Question",
    "excuse",
    "refusal",
    "secret_settings",
    "sent",
    "told_json",
    "written",
]
