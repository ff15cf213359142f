"""Jamef's words: logins and questions built, answers read, all pure; it knows no connection and no service of ours."""

import json
import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Annotated, Any, Final, NamedTuple

from pydantic import BaseModel, Field, SecretStr, TypeAdapter, ValidationError

from portes.contract import Money
from portes.contract.money import JsonAmount
from portes.contract.rounding import quotient
from portes.errors import GarbledError, RejectedCredentialsError, ThrottledError
from portes.toolbox import FIELDS, HttpResponse, Token, TokenText, discreet, read_model, validated
from portes_jamef.complaints import WELL, Complaint, complaint_of, problem_of, whole

CURRENCY: Final = "BRL"
LOGIN_PAUSE: Final = 60
"""Seconds between two logins from one address, as Jamef publishes it."""
TOKEN_LIFE: Final = 3600
"""Seconds that a token lives, as every source tells; for an answer that does not say it."""
_LONGEST_LIFE: Final = 10_000_000
_LOGIN_REFUSED: Final = (
    "Jamef does not accept login and password: production has a password of its own, homologation the portal's, and "
    "a new login is accepted only once Jamef approved it"
)
_DAY: Final = re.compile(r"\d{2}/\d{2}/\d{4}")
_LONGEST: Final = timedelta(days=365)
_ANSWERED: Final = frozenset({400, 404, 422})
"""Statuses of an answer to the question that holds no offer; what its words are about decides."""
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
    """An answer without an offer: perhaps a lane that is not served, perhaps a fault of ours."""

    complaint: Complaint

    @property
    def text(self) -> str:
        """What was answered, as a person reads it."""
        return self.complaint.told


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
_AMOUNT: Final = TypeAdapter[Decimal](Amount)


class _Login(BaseModel):
    accessToken: TokenText  # noqa: N815 — Jamef's names, here and below
    expiresIn: Any = None  # noqa: N815


class _LoginAnswer(BaseModel):
    """`POST /auth/v1/login`; what does not concern us is left out."""

    dado: Annotated[list[_Login], Field(min_length=1, max_length=1)]


class _Offer(BaseModel):
    """What a price and its day hang on is strict; the rest may be anything, for it only decorates them."""

    previsaoEntrega: Word | None = None  # noqa: N815
    total: Amount | None = None
    frete: Any = None
    imposto: Any = None
    numeroCotacao: Any = None  # noqa: N815


class _QuoteAnswer(BaseModel):
    """`POST /calculo-frete/v1/cotacao`; null for a list is an empty one."""

    situacao: Any = None
    dado: list[dict[str, Any]] | None


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
    return Token(SecretStr(login.accessToken), now + timedelta(seconds=_life(login.expiresIn, complaint)))


def _life(told: object, complaint: Complaint) -> int:
    """Seconds that a token lives: as Jamef says, otherwise as documented. Raises `GarbledError` for one that ended."""
    seconds = whole(told)
    if seconds is not None and seconds < 1:
        raise GarbledError(f"a token that has ended already{complaint.reference}")
    return TOKEN_LIFE if seconds is None else min(seconds, _LONGEST_LIFE)


def read_quote(received: HttpResponse, question: Question) -> Price | NoOffer:
    """What was said to a question. Raises a `CarrierError`."""
    complaint = complaint_of(received)
    if complaint.status in _ANSWERED:
        return NoOffer(complaint)
    if complaint.status == 401:
        raise RejectedCredentialsError(f"Jamef accepts no token, not even a new one ({complaint.told})")
    problem = problem_of(received, complaint)
    if problem is not None:
        raise problem
    answer = read_model(received, _QuoteAnswer, _undocumented(complaint))
    if answer.dado:
        return _price(answer.dado, question, complaint)
    if answer.situacao is not None and whole(answer.situacao) not in WELL:
        raise GarbledError(f"an empty list in an envelope that is not documented{complaint.reference}")
    return NoOffer(complaint)


def _undocumented(complaint: Complaint) -> str:
    return f"the answer is not what Jamef documents{FIELDS}{complaint.reference}"


def _price(offers: Sequence[dict[str, Any]], question: Question, complaint: Complaint) -> Price:
    """The price of the one offer for the transport asked for; an offer that names none is for that one."""
    own = [offer for offer in offers if _transport(offer.get("modalidadeTransporte")) in {"", question.transport}]
    if len(own) != 1:
        raise GarbledError(f"{len(own)} of {len(offers)} offers are for the transport asked for{complaint.reference}")
    offer = validated(own[0], _Offer, _undocumented(complaint))
    total = _money(offer.total or Decimal(0))
    if not total.minor:
        raise GarbledError(f"an offer without a total{complaint.reference}")
    promised = _promised(offer.previsaoEntrega, question.day, complaint)
    return Price(total, _parts(offer, total), promised, _number(offer.numeroCotacao), complaint.correlation_id)


def _transport(told: object) -> str:
    """The transport that an offer names, as text or as a number; empty where it names none."""
    return "" if told in (None, "") else str(whole(told) or told)


def _number(told: object) -> str:
    return discreet(str(told), 100) if type(told) in {str, int} else ""


def _money(amount: Decimal) -> Money:
    return Money.rounded(amount, CURRENCY)


def _parts(offer: _Offer, total: Money) -> tuple[Money, Money] | None:
    """Freight and tax, where both are amounts that add up to the total."""
    try:
        parts = _AMOUNT.validate_python(offer.frete), _AMOUNT.validate_python(offer.imposto)
    except ValidationError:
        return None
    freight, tax = map(_money, parts)
    return (freight, tax) if freight + tax == total else None


def _promised(text: str | None, collected: date, complaint: Complaint) -> date:
    """The day of `dd/mm/yyyy`. Raises `GarbledError` for none, for no day, and for one that cannot be meant."""
    promised = _date(text)
    if promised is None:
        raise GarbledError(f"an offer without a day of delivery, or one that is no day{complaint.reference}")
    if promised < collected:
        raise GarbledError(
            f"delivery is promised for {promised}, before the collection on {collected}{complaint.reference}"
        )
    if promised > collected + _LONGEST:
        raise GarbledError(f"delivery is promised for {promised}, more than a year ahead{complaint.reference}")
    return promised


def _date(text: str | None) -> date | None:
    if text is None or not _DAY.fullmatch(text):
        return None
    day, month, year = map(int, text.split("/"))
    try:
        return date(year, month, day)
    except ValueError:
        return None


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
