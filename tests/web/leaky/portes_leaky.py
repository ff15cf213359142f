"""A carrier and a channel that give their secrets away in every way they know."""

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import ClassVar, Literal

import requests
from pydantic import BaseModel, SecretStr

from portes.carrier import Abilities, CarrierSettings, Deadline, Finding, Severity
from portes.channels.protocol import ChannelReply, ChannelRequest, ChannelSettings, Storefront
from portes.contract import Answer, Failure, FailureKind, Quote, QuoteRequest, Service, Shipment
from portes.errors import GarbledError, UnreachableError
from portes.toolbox import Token, TokenKey, Tools


class LeakySettings(CarrierSettings):
    password: SecretStr
    mood: Literal["crash", "hint", "answer", "log", "library", "call", "token"]


class LeakyService(Service):
    card: SecretStr


class Leaky:
    """Fails in its mood, with its password and its service's card in hand."""

    Settings: ClassVar[type[CarrierSettings]] = LeakySettings
    ServiceSettings: ClassVar[type[Service]] = LeakyService

    def __init__(self, settings: LeakySettings, services: Sequence[LeakyService], tools: Tools) -> None:
        self._mood = settings.mood
        self._secrets = f"{settings.password.get_secret_value()} and {services[0].card.get_secret_value()}"
        self._tools = tools
        self.abilities = Abilities(services=tuple(services), instant=settings.mood not in {"call", "token"})

    def quote(self, shipments: Sequence[Shipment], deadline: Deadline) -> Sequence[Answer]:
        if self._mood == "crash":
            raise RuntimeError(self._secrets)
        if self._mood == "hint":
            raise GarbledError(self._secrets)
        if self._mood == "log":
            self._tools.log.warning(self._secrets, body={"password": self._secrets})
            self._tools.log.error("no luck", cause=self._secrets)
        if self._mood == "library":
            logging.getLogger("leaky").warning(self._secrets)
        if self._mood == "token":
            self._echo(deadline)
        if self._mood == "call":
            self._call()
        return [self._failed(shipment) for shipment in shipments]

    def diagnose(self, deadline: Deadline) -> Sequence[Finding]:
        if self._mood == "hint":
            raise GarbledError(self._secrets)
        told = {"en": self._secrets}
        return [Finding(check="leak", severity=Severity.ERROR, cause=told, evidence=self._secrets, remedy=told)]

    def _echo(self, deadline: Deadline) -> None:
        login = Token(SecretStr("canary/token 1+"), self._tools.clock.now() + timedelta(hours=1))
        key = TokenKey("leaky", "shop", SecretStr("a password"))
        self._secrets = self._tools.tokens.token(key, lambda _: login, timedelta(0), deadline).value.get_secret_value()
        self._tools.log.warning(self._secrets)
        logging.getLogger("leaky").warning(self._secrets)

    def _call(self) -> None:
        try:
            self._tools.http.post(
                "http://127.0.0.1:9/quote",
                params={"key": self._secrets},
                headers={"x-key": self._secrets},
                data=self._secrets,
            )
        except requests.RequestException as error:
            raise UnreachableError(str(error)) from error

    def _failed(self, shipment: Shipment) -> Answer:
        code = self.abilities.services[0].code
        failure = Failure(service=code, kind=FailureKind.GARBLED, hint=self._secrets)
        return Answer(shipment_id=shipment.id, failures=(failure,))


class GossipSettings(ChannelSettings):
    key: SecretStr


class GossipBody(BaseModel):
    pass


class Gossip:
    """A channel whose bug has its key in the message."""

    Settings: ClassVar[type[ChannelSettings]] = GossipSettings
    path: ClassVar[str] = "gossip"
    request_model: ClassVar[type[BaseModel]] = GossipBody
    response_model: ClassVar[type[BaseModel]] = GossipBody
    statuses: ClassVar[dict[int, str]] = {200: "Never."}
    fields: ClassVar[dict[str, str]] = {}
    deadline = limit = 1.0

    def __init__(self, settings: GossipSettings, storefront: Storefront) -> None:
        self._key = settings.key.get_secret_value()

    def authenticate(self, asked: ChannelRequest) -> None:
        raise RuntimeError(self._key)

    def read(self, asked: ChannelRequest) -> QuoteRequest:
        raise NotImplementedError

    def write(self, quote: Quote, request: QuoteRequest) -> ChannelReply:
        raise NotImplementedError

    def example(self) -> ChannelRequest:
        return ChannelRequest("POST", "/", headers={"x-key": self._key})
