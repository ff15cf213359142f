"""Tray's freight gateway: its questions read from the query, quotes told as XML."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from http import HTTPStatus
from typing import Any, ClassVar, Final, Literal
from urllib.parse import quote as url_quote

from pydantic import BaseModel

from portes.catalogue import CatalogueEntry
from portes.channels.base import MarketplaceChannel, refuse_other_countries
from portes.channels.cart import CartOption, cart_options
from portes.channels.composing import ComposedLine
from portes.channels.credentials import QueryTokenCredential
from portes.channels.problems import refused
from portes.channels.protocol import ChannelQuestion, ChannelReply, ChannelRequest, ChannelSettings, Storefront
from portes.channels.query import place_of, read_parameters
from portes.channels.reading import ReplyList, ReplyModel
from portes.channels.tray.products import read_products
from portes.channels.tray.settings import TraySettings
from portes.channels.tray.understood import understood
from portes.channels.tray.wire import CHARSET, FIELDS, FIXES, TrayProblem, TrayReply, TrayRequest, to_xml
from portes.channels.understood import Understood
from portes.contract import Quote, QuoteRequest
from portes.errors import RequestError, UnauthorizedError

_NO_ANSWER: Final = "XML without results; what the shop then shows is not public."
_LONGEST_MESSAGE: Final = 500


class Tray(MarketplaceChannel):
    """The channel `tray`, `GET /v1/{store}/tray`: the address of a freight gateway."""

    Settings: ClassVar[type[ChannelSettings]] = TraySettings
    path: ClassVar[str] = "tray"
    methods: ClassVar[tuple[str, ...]] = ("GET",)
    reads: ClassVar[Literal["body", "query"]] = "query"
    media_type: ClassVar[str] = f"application/xml; charset={CHARSET}"
    request_model: ClassVar[type[BaseModel]] = TrayRequest
    response_model: ClassVar[type[BaseModel]] = TrayReply
    excuse_model: ClassVar[type[BaseModel] | None] = TrayProblem
    statuses: ClassVar[Mapping[int, str]] = {
        200: "With results, the shopper chooses among them; without any, it is not delivered there.",
        401: f"The token is missing, or not the one that is set up here. {_NO_ANSWER}",
        413: f"More products or units than are answered. {_NO_ANSWER}",
        422: f"A parameter is not as documented; `erro` names each. {_NO_ANSWER}",
        500: f"The service failed. {_NO_ANSWER}",
        503: "It could not be found out, or not in time; with `withhold` also when a type that failed is missing."
        f" {_NO_ANSWER}",
    }
    fields: ClassVar[Mapping[str, str]] = FIELDS

    def __init__(self, settings: TraySettings, storefront: Storefront) -> None:
        """Raises `SettingsError` for a store outside Brazil: the gateway knows CEPs and reais only."""
        refuse_other_countries("tray", storefront, "BR", "BRL")
        tokens = [QueryTokenCredential(kind="query_token", token=token) for token in settings.token]
        super().__init__(settings, storefront, tokens)
        self._settings = settings

    def read(self, asked: ChannelRequest) -> ChannelQuestion:
        """The question in a query. Raises `RequestError` naming each parameter and part that is wrong."""
        told = read_parameters(asked, FIXES, self._settings.plus)
        place = place_of(told["cep_destino"], "BR", self.fields["destination"])
        lines = read_products(told["prods"], self._storefront.currency)
        request = self.question({"destination": place, "lines": lines})
        return ChannelQuestion(request, skus=tuple([line.sku for line in request.lines]))

    def write(self, quote: Quote, question: ChannelQuestion) -> ChannelReply:
        """The reply where the catalogue tells nothing of the goods."""
        return self.write_goods(quote, question, [None] * len(question.skus))

    def write_goods(
        self, quote: Quote | None, question: ChannelQuestion, goods: Sequence[CatalogueEntry | None]
    ) -> ChannelReply:
        """The reply: 200 with the cart's options, 200 with none, or an excuse for everything that is not certain.

        Of `goods` it takes the weight where the call told none.
        """
        assert quote is not None  # noqa: S101 -- each of its questions asks for freight
        assert question.request is not None  # noqa: S101 -- the same
        weight = _weight(question.request, goods)
        results = [self._result(option, weight) for option in cart_options(quote)]
        reply = self.no_answer(quote) or self.answer(quote, TrayReply, {"resultado": results})
        return replace(reply, kept=reply.body.decode(CHARSET).encode())

    def rendered(self, reply: ReplyModel | ReplyList[Any]) -> bytes:
        """The XML of an answer."""
        assert isinstance(reply, TrayReply | TrayProblem)  # noqa: S101 -- there are no others here
        return to_xml(reply)

    def _result(self, option: CartOption, grams: int | None) -> dict[str, Any]:
        settings = self._settings
        return {
            "codigo": settings.codes.get(option.code, option.code),
            "transportadora": option.carriers,
            "servico": option.title(settings.titles),
            "transporte": option.title(settings.transport),
            "valor": self._number(option.price.amount),
            "peso": None if grams is None else self._number(Decimal(grams) / 1000),
            "prazo_min": str(option.lead_time.min),
            "prazo_max": str(option.lead_time.max),
        }

    def _number(self, amount: Decimal) -> str:
        """An amount with two decimals, or as many as it has: 23,51 and 0,235."""
        told = f"{amount:.2f}"
        if Decimal(told) != amount:
            told = f"{amount.normalize():f}"
        return told.replace(".", ",") if self._settings.decimal_sign == "comma" else told

    def refuse(self, error: RequestError) -> ChannelReply:
        """XML that names each fault: 401 for credentials, else 413 or 422, or the status that is set."""
        plain = refused(error)
        kept = {name: text for name, text in plain.headers.items() if name != "content-type"}
        told = "; ".join([f"{each.where}: {each.cause}{each.fix and f'; {each.fix}'}" for each in error.problems])
        status = 401 if isinstance(error, UnauthorizedError) else self._settings.error_status or plain.status
        return self._problem(status, told, kept)

    def excuse(self, status: int, detail: str, headers: Mapping[str, str]) -> ChannelReply:
        """XML without results, with the status that is set, if any."""
        return self._problem(self._settings.error_status or status, detail or HTTPStatus(status).phrase, headers)

    def _problem(self, status: int, message: str, headers: Mapping[str, str]) -> ChannelReply:
        body = self.rendered(TrayProblem(erro=message[:_LONGEST_MESSAGE]))
        return ChannelReply(status, {"content-type": self.media_type, **headers}, body, is_answer=False)

    def example(self) -> ChannelRequest:
        """The question that the chapter prints, with a code of the demo, with the settings' token."""
        return self.composed("04001001", [ComposedLine("sku-1234-01")])

    def composed(self, code: str, lines: Sequence[ComposedLine]) -> ChannelRequest:
        """The same question about another CEP and other goods, each unit as large as the printed one."""
        told = "/".join([f"0.2;0.2;0.2;0.008;{line.quantity};0.1;{line.sku};43.99" for line in lines])
        prods, place = url_quote(told, safe=""), url_quote(code, safe="")
        return self.call("GET", query=f"cep=04001001&cep_destino={place}&envio=1&num_ped=1&prods={prods}")

    def understood(self, asked: ChannelRequest, reply: ChannelReply) -> Understood:  # noqa: ARG002 -- the chapter has no rule about the question
        """What the shop shows: options, that it is not delivered there, or nothing."""
        return understood(reply)


def _weight(request: QuoteRequest, goods: Sequence[CatalogueEntry | None]) -> int | None:
    """The grams of all units, by call or catalogue; None where neither tells those of a line."""
    units = [
        entry.weight if line.weight is None and entry is not None else line.weight
        for line, entry in zip(request.lines, goods, strict=True)
    ]
    known = [weight * line.quantity for weight, line in zip(units, request.lines, strict=True) if weight is not None]
    return sum(known) if len(known) == len(units) else None
