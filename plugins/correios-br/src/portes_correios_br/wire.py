"""Correios' words: questions for prices and times built, entries read, all pure; it knows no connection."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Final, NamedTuple, TypeVar

from pydantic import BaseModel, Field, ValidationError

from portes.contract import RefusalKind
from portes.contract.rounding import quotient
from portes.errors import CarrierError, GarbledError
from portes.toolbox import HttpResponse, read_json
from portes_correios_br.codes import complaint, whole_call
from portes_correios_br.services import OWN_HAND, RECEIPT, No, Piece, swap_of
from portes_correios_br.settings import CorreiosSettings

BOX: Final = "2"
"""Correios' type of object: 1 is an envelope, 2 a box, 3 a roll."""
_ENTRIES: Final = frozenset({200, 201, 206, 400})
"""Statuses whose body may be a list of entries: all well, some failed, all failed."""
_AMOUNT: Final = re.compile(r"(?:\d{1,3}(?:\.\d{3}){1,2}|\d{1,9}),\d{2}")
_LONGEST: Final = 365
_PARTS: Final = {RECEIPT: "receipt", OWN_HAND: "own_hand"}
_VALUE: Final = "V"
"""Correios' type of an extra that charges the declared value."""

Question = TypeVar("Question", "PriceQuestion", "TimeQuestion")
Read = TypeVar("Read")


class Lane(NamedTuple):
    """From where to where, and when."""

    origin: str
    destination: str
    """Both CEPs of eight digits."""
    day: date | None
    """The dispatch date, where it is told to Correios."""


class PriceQuestion(NamedTuple):
    """What one piece costs by one product."""

    product: str
    lane: Lane
    piece: Piece


class TimeQuestion(NamedTuple):
    """How long one product takes on one lane."""

    product: str
    lane: Lane


class Account(NamedTuple):
    """Whose prices are asked for, as the token's answer told."""

    contract_number: str
    region: str
    """Correios' regional board (DR), a whole number."""


class Price(NamedTuple):
    """What one piece costs, in centavos."""

    final: int
    parts: Mapping[str, int]
    """By name of the glossary; empty where Correios names none, or where they do not add up to the price."""


class Time(NamedTuple):
    """How long a lane takes."""

    days: int
    """In the unit of the settings."""
    promised: date | None
    home: bool
    """False when the addressee collects at a post office."""
    notice: str


def price_body(questions: Sequence[PriceQuestion], account: Account, settings: CorreiosSettings) -> dict[str, Any]:
    """The body of a price call, one entry for each question, numbered from 1."""
    entries = [_price_entry(number, each, account, settings) for number, each in enumerate(questions, start=1)]
    return {"idLote": "1", "parametrosProduto": entries}


def _price_entry(number: int, question: PriceQuestion, account: Account, settings: CorreiosSettings) -> dict[str, Any]:
    product, lane, piece = question
    longest, middle, shortest = piece.sides
    entry: dict[str, Any] = {
        "coProduto": product,
        "nuRequisicao": str(number),
        "nuContrato": account.contract_number,
        "nuDR": int(account.region),
        "cepOrigem": lane.origin,
        "cepDestino": lane.destination,
        "psObjeto": str(piece.grams),
        "tpObjeto": BOX,
        "comprimento": str(longest),
        "largura": str(middle),
        "altura": str(shortest),
    }
    if piece.extras:
        plain = settings.extras_format == "texts"
        entry["servicosAdicionais"] = [code if plain else {"coServAdicional": code} for code in piece.extras]
    if piece.value is not None:
        entry["vlDeclarado"] = _reais(piece.value, settings.value_format)
    return entry | _dated(lane.day, settings.event_date)


def time_body(questions: Sequence[TimeQuestion], settings: CorreiosSettings) -> dict[str, Any]:
    """The body of a call for delivery times, one entry for each question, numbered from 1."""
    entries = [
        {
            "coProduto": product,
            "nuRequisicao": str(number),
            "cepOrigem": lane.origin,
            "cepDestino": lane.destination,
            **_dated(lane.day, settings.event_date),
        }
        for number, (product, lane) in enumerate(questions, start=1)
    ]
    return {"idLote": "1", "parametrosPrazo": entries}


def _reais(centavos: int, form: str) -> str:
    if form == "whole":
        return str(quotient(centavos, 100, "up"))
    return f"{centavos // 100}{',' if form == 'comma' else '.'}{centavos % 100:02}"


def _dated(day: date | None, form: str) -> dict[str, str]:
    if day is None or form == "none":
        return {}
    return {"dtEvento": day.strftime("%d-%m-%Y" if form == "dash" else "%d/%m/%Y")}


def _centavos(text: str) -> int:
    return int(text.replace(".", "").replace(",", ""))


Amount = Annotated[str, Field(strict=True, pattern=rf"^{_AMOUNT.pattern}$")]
Word = Annotated[str, Field(strict=True)]


class _Extra(BaseModel):
    coServAdicional: Word  # noqa: N815 — Correios' name
    tpServAdicional: Word = ""  # noqa: N815 — the same
    pcServicoAdicional: Amount  # noqa: N815 — the same


class _PriceEntry(BaseModel):
    """One entry of `POST /preco/v1/nacional`; what does not concern us is left out."""

    coProduto: Word | None = None  # noqa: N815 — Correios' names, here and below
    txErro: Word | None = None  # noqa: N815
    pcFinal: Amount | None = None  # noqa: N815
    pcProduto: Amount | None = None  # noqa: N815
    servicoAdicional: list[_Extra] = []  # noqa: N815


class _TimeEntry(BaseModel):
    """One entry of `POST /prazo/v1/nacional`."""

    coProduto: Word | None = None  # noqa: N815
    txErro: Word | None = None  # noqa: N815
    prazoEntrega: Annotated[int, Field(strict=True, ge=0, le=_LONGEST)] | None = None  # noqa: N815
    dataMaxima: Annotated[str, Field(strict=True)] | None = None  # noqa: N815
    entregaDomiciliar: Word | None = None  # noqa: N815
    msgPrazo: Word | None = None  # noqa: N815


def read_prices(received: HttpResponse, questions: Sequence[PriceQuestion]) -> list[Price | No | CarrierError]:
    """What was said to each question, in order. Raises a `CarrierError` when the whole answer is of no use."""
    return _read(received, questions, _price)


def read_times(received: HttpResponse, questions: Sequence[TimeQuestion]) -> list[Time | No | CarrierError]:
    """What was said to each question, in order. Raises a `CarrierError` when the whole answer is of no use."""
    return _read(received, questions, _time)


def _read(
    received: HttpResponse,
    questions: Sequence[Question],
    read: Callable[[dict[str, Any], str], Read | No | CarrierError],
) -> list[Read | No | CarrierError]:
    body = read_json(received) if received.status in _ENTRIES else None
    if not isinstance(body, list):
        meant = whole_call(received, len(questions))
        if isinstance(meant, CarrierError):
            raise meant
        return [meant]
    numbered = _numbered(body)
    asked = enumerate(questions, start=1)
    return [_one(numbered.get(str(number), ()), question.product, read) for number, question in asked]


def _numbered(body: Sequence[Any]) -> Mapping[str, Sequence[dict[str, Any]]]:
    """The entries by the number that we gave their questions."""
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in body:
        number = entry.get("nuRequisicao") if isinstance(entry, dict) else None
        if type(number) in {int, str}:
            found.setdefault(str(number), []).append(entry)
    return found


def _one(
    entries: Sequence[dict[str, Any]], product: str, read: Callable[[dict[str, Any], str], Read | No | CarrierError]
) -> Read | No | CarrierError:
    if len(entries) != 1:
        return GarbledError(f"{len(entries)} entries answer the question for {product}")
    try:
        return read(entries[0], product)
    except ValidationError as problem:
        names = ", ".join(sorted({str(each["loc"][0]) for each in problem.errors(include_input=False)}))
        return GarbledError(f"the entry for {product} is not what Correios documents: {names}")


def _price(fields: dict[str, Any], product: str) -> Price | No | CarrierError:
    entry = _PriceEntry.model_validate(fields)
    if entry.coProduto not in {None, product}:
        return _swapped(product, str(entry.coProduto))
    if entry.txErro:
        return complaint(entry.txErro)
    final = _centavos(entry.pcFinal or "0,00")
    if entry.coProduto is None or not final:
        return GarbledError(f"the entry for {product} has neither a price of its product nor an error")
    return Price(final, _parts(entry, final))


def _swapped(product: str, instead: str) -> No | CarrierError:
    """Correios priced another product than the one asked for; it says so nowhere else."""
    if swap_of(product) == instead:
        text = f"Correios prices {instead} in place of {product}: a dearer service that was not asked for"
        return No(RefusalKind.SERVICE_UNAVAILABLE, instead, text)
    return GarbledError(f"asked for {product}, Correios answers for another product")


def _parts(entry: _PriceEntry, final: int) -> Mapping[str, int]:
    if entry.pcProduto is None:
        return {}
    parts = {"base": _centavos(entry.pcProduto)}
    for extra in entry.servicoAdicional:
        name = _name(extra)
        parts[name] = parts.get(name, 0) + _centavos(extra.pcServicoAdicional)
    return parts if sum(parts.values()) == final else {}


def _name(extra: _Extra) -> str:
    if extra.tpServAdicional == _VALUE:
        return "ad_valorem"
    return _PARTS.get(extra.coServAdicional, f"extra_{extra.coServAdicional}")


def _time(fields: dict[str, Any], product: str) -> Time | No | CarrierError:
    entry = _TimeEntry.model_validate(fields)
    if entry.coProduto not in {None, product}:
        return GarbledError(f"asked for {product}, Correios answers for another product")
    if entry.txErro:
        return complaint(entry.txErro)
    if entry.prazoEntrega is None:
        return GarbledError(f"the entry for {product} has neither a time nor an error")
    try:
        promised = datetime.fromisoformat(entry.dataMaxima).date() if entry.dataMaxima else None
    except ValueError:
        return GarbledError(f"the entry for {product} promises a date that is none")
    notice = " ".join((entry.msgPrazo or "").split())
    return Time(entry.prazoEntrega, promised, entry.entregaDomiciliar != "N", notice)


__all__ = [
    "Account",
    "Lane",
    "Price",
    "PriceQuestion",
    "Time",
    "TimeQuestion",
    "price_body",
    "read_prices",
    "read_times",
    "time_body",
]
