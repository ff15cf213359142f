"""Jamef's words: logins and questions built, answers read, all pure; it knows no connection and no service of ours."""

import json
import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Final, NamedTuple

from pydantic import BaseModel, Field, SecretStr

from portes.contract import Money
from portes.contract.money import JsonAmount
from portes.contract.rounding import quotient
from portes.errors import GarbledError, RejectedCredentialsError, ThrottledError
from portes.toolbox import FIELDS, HttpResponse, Token, read_model
from portes_jamef.complaints import Complaint, complaint_of, problem_of

CURRENCY: Final = "BRL"
LOGIN_PAUSE: Final = 60
"""Seconds between two logins from one address, as Jamef publishes it."""
_LOGIN_REFUSED: Final = (
    "Jamef does not accept login and password: production has a password of its own, homologation the portal's, and "
    "a new login is accepted only once Jamef approved it"
)
_DAY: Final = re.compile(r"\d{2}/\d{2}/\d{4}")
_LONGEST: Final = timedelta(days=365)
_PLACE: Final = 100_000
"""Cubic millimetres in the fourth decimal of a cubic metre."""


class Question(NamedTuple):
    """What a shipment's carriage by one transport costs: totals, because Jamef knows no single piece."""

    transport: str
    """`1` road, `2` air."""
    payer: str
    shipper: str | None
    """Both CNPJ or CPF without separators."""
    origin: str
    destination: str
    """CEPs of eight digits."""
    branch: str
    pieces: int
    weight: int
    """Of all pieces together, in grams."""
    volume: int
    """Of all pieces together, in cubic millimetres."""
    value: int
    """Centavos on the invoice."""
    day: date
    """When it is collected."""


class Price(NamedTuple):
    """What Jamef asks for it, and when it will be there."""

    total: Money
    parts: tuple[Money, Money] | None
    """Without tax, and the tax; None where Jamef does not name them or they do not add up."""
    promised: date
    number: str
    """Of the quote; production gives none."""
    correlation_id: str


class NoOffer(NamedTuple):
    """An answer without an offer: perhaps a lane that is not served, perhaps something else."""

    status: int
    text: str


def login_body(user: str, password: SecretStr) -> dict[str, str]:
    """The body of a login."""
    return {"username": user, "password": password.get_secret_value()}


def quote_body(question: Question) -> bytes:
    """The body of a question, its decimals written out exactly; a volume is rounded up in its fourth decimal.

    Numbers go as numbers, so the text is put together here: `json` knows no exact decimals.
    """
    fields: dict[str, str] = {
        "tipoTransporte": json.dumps(question.transport),
        "documentoDevedor": json.dumps(question.payer),
        "cepOrigem": json.dumps(question.origin),
        "cepDestino": json.dumps(question.destination),
        "quantidadeVolume": str(question.pieces),
        "pesoMercadoria": _fixed(question.weight, 3),
        "valorNotaFiscal": _fixed(question.value, 2),
        "metragemCubica": _fixed(quotient(question.volume, _PLACE, "up"), 4),
        "filialOrigem": json.dumps(question.branch),
        "dataColeta": json.dumps(question.day.strftime("%d/%m/%Y")),
    }
    if question.shipper:
        fields["documentoRemetente"] = json.dumps(question.shipper)
    return "{{{}}}".format(",".join(f'"{name}":{value}' for name, value in fields.items())).encode()


def _fixed(units: int, places: int) -> str:
    return f"{units // 10**places}.{units % 10**places:0{places}}"


Amount = Annotated[JsonAmount, Field(lt=10_000_000)]
Word = Annotated[str, Field(strict=True, min_length=1, max_length=5000)]


class _Login(BaseModel):
    accessToken: Word  # noqa: N815 — Jamef's names, here and below
    expiresIn: Annotated[int, Field(strict=True, ge=1, le=10_000_000)]  # noqa: N815


class _LoginAnswer(BaseModel):
    """`POST /auth/v1/login`; what does not concern us is left out."""

    dado: Annotated[list[_Login], Field(min_length=1, max_length=1)]


class _Offer(BaseModel):
    modalidadeTransporte: Word | None = None  # noqa: N815
    previsaoEntrega: Word | None = None  # noqa: N815
    frete: Amount | None = None
    imposto: Amount | None = None
    total: Amount | None = None
    numeroCotacao: Word | None = None  # noqa: N815


class _QuoteAnswer(BaseModel):
    """`POST /calculo-frete/v1/cotacao`; an empty list is believed of a sound envelope only."""

    situacao: Annotated[int, Field(strict=True)] | None = None
    mensagem: Annotated[str, Field(strict=True)] | None = None
    dado: list[_Offer]


def read_login(received: HttpResponse, now: datetime) -> Token:
    """The token and its end, counted from `now`. Raises a `CarrierError`."""
    complaint = complaint_of(received)
    if complaint.status in {401, 403}:
        raise RejectedCredentialsError(f"{_LOGIN_REFUSED} ({complaint.told})")
    problem = problem_of(received, complaint)
    if isinstance(problem, ThrottledError) and problem.retry_after is None:
        raise ThrottledError(problem.hint, retry_after=LOGIN_PAUSE)
    if problem is not None:
        raise problem
    login = read_model(received, _LoginAnswer, _undocumented(complaint)).dado[0]
    return Token(SecretStr(login.accessToken), now + timedelta(seconds=login.expiresIn))


def read_quote(received: HttpResponse, question: Question) -> Price | NoOffer:
    """What was said to a question. Raises a `CarrierError`."""
    complaint = complaint_of(received)
    if complaint.status == 404 and complaint.enveloped:
        return NoOffer(404, complaint.told)
    if complaint.status == 401:
        raise RejectedCredentialsError(f"Jamef accepts no token, not even a new one ({complaint.told})")
    problem = problem_of(received, complaint)
    if problem is not None:
        raise problem
    offers = read_model(received, _QuoteAnswer, _undocumented(complaint)).dado
    if not offers:
        return NoOffer(complaint.status, f"Jamef offers nothing{complaint.reference}")
    return _price(offers, question, complaint)


def _undocumented(complaint: Complaint) -> str:
    return f"the answer is not what Jamef documents{FIELDS}{complaint.reference}"


def _price(offers: Sequence[_Offer], question: Question, complaint: Complaint) -> Price:
    """The price of the one offer for the transport asked for; an offer that names none is for that one."""
    own = [offer for offer in offers if offer.modalidadeTransporte in {None, question.transport}]
    if len(own) != 1:
        raise GarbledError(f"{len(own)} of {len(offers)} offers are for the transport asked for{complaint.reference}")
    offer, total = own[0], _money(own[0].total or Decimal(0))
    if not total.minor:
        raise GarbledError(f"an offer without a total{complaint.reference}")
    promised = _promised(offer.previsaoEntrega, question.day)
    if promised is None:
        raise GarbledError(f"an offer without a day of delivery that can be{complaint.reference}")
    return Price(total, _parts(offer, total), promised, offer.numeroCotacao or "", complaint.correlation_id)


def _money(amount: Decimal) -> Money:
    return Money.rounded(amount, CURRENCY)


def _parts(offer: _Offer, total: Money) -> tuple[Money, Money] | None:
    if offer.frete is None or offer.imposto is None:
        return None
    parts = _money(offer.frete), _money(offer.imposto)
    return parts if parts[0] + parts[1] == total else None


def _promised(text: str | None, collected: date) -> date | None:
    """The day of `dd/mm/yyyy`; None for one that is no day, lies before the collection, or a year after it."""
    if text is None or not _DAY.fullmatch(text):
        return None
    day, month, year = map(int, text.split("/"))
    try:
        promised = date(year, month, day)
    except ValueError:
        return None
    return promised if collected <= promised <= collected + _LONGEST else None


__all__ = [
    "CURRENCY",
    "LOGIN_PAUSE",
    "NoOffer",
    "Price",
    "Question",
    "login_body",
    "quote_body",
    "read_login",
    "read_quote",
]
