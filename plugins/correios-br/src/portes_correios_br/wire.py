"""Correios' words: questions for prices and times built, entries read, all pure; it knows no connection.

What money, weight, time or identity hang on is read strictly. All else only decorates: in a shape that is not
documented it is left out, and told to an `Odd`.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from typing import Annotated, Any, Final, Literal, NamedTuple, TypeVar, cast

from pydantic import (
    BaseModel,
    BeforeValidator,
    Field,
    ValidationError,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)

from portes.contract import RefusalKind
from portes.contract.rounding import quotient
from portes.errors import CarrierError, GarbledError
from portes.toolbox import HttpResponse, check_echo, discreet, read_json
from portes_correios_br.codes import meaning, whole_call
from portes_correios_br.questions import PriceQuestion, TimeQuestion
from portes_correios_br.services import OWN_HAND, RECEIPT, No, swap_of
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

Odd = Callable[[str], object]
"""Takes a sentence about a decoration whose shape is not documented: `tools.log_once`."""
T = TypeVar("T")
Asked = TypeVar("Asked", PriceQuestion, TimeQuestion)
Read = TypeVar("Read")


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
    fees: tuple[str, ...] = ()
    """What is told of extra fees, in words: nobody published whether the price holds them."""


class Time(NamedTuple):
    """How long a lane takes."""

    days: int
    """In the unit of the settings."""
    promised: date | None
    home: bool
    """False when the addressee collects at a post office."""
    notice: str


def price_body(
    questions: Sequence[PriceQuestion], numbers: Sequence[str], account: Account, settings: CorreiosSettings
) -> dict[str, Any]:
    """The body of a price call, one entry for each question, which goes by its number."""
    asked = zip(numbers, questions, strict=True)
    entries = [_price_entry(number, each, account, settings) for number, each in asked]
    return {"idLote": "1", "parametrosProduto": entries}


def _price_entry(number: str, question: PriceQuestion, account: Account, settings: CorreiosSettings) -> dict[str, Any]:
    product, lane, piece = question
    longest, middle, shortest = piece.sides
    entry: dict[str, Any] = {
        "coProduto": product,
        "nuRequisicao": number,
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


def time_body(questions: Sequence[TimeQuestion], numbers: Sequence[str], settings: CorreiosSettings) -> dict[str, Any]:
    """The body of a call for delivery times, one entry for each question, which goes by its number."""
    entries = [
        {
            "coProduto": product,
            "nuRequisicao": number,
            "cepOrigem": lane.origin,
            "cepDestino": lane.destination,
            **_dated(lane.day, settings.event_date),
        }
        for number, (product, lane) in zip(numbers, questions, strict=True)
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


def _left_out_when_odd(value: object, handler: ValidatorFunctionWrapHandler, info: ValidationInfo) -> object:
    """A decoration in its documented shape; otherwise none, and a sentence about it."""
    if value is None:
        return None
    try:
        return handler(value)
    except ValidationError:
        cast(Odd, info.context)(f"Correios sends {info.field_name} in a form that it does not document: left out")
        return None


def _local(text: object) -> datetime:
    """A date-time as Correios writes it, without a zone."""
    if not isinstance(text, str):
        msg = "is no text"
        raise ValueError(msg)  # noqa: TRY004 — what a validator raises
    return datetime.fromisoformat(text)


def _capital(text: object) -> object:
    return text.strip().upper() if isinstance(text, str) else text


Decoration = Annotated[T | None, WrapValidator(_left_out_when_odd)]
"""A field that no price, time or identity hangs on."""


class _Extra(BaseModel):
    coServAdicional: Annotated[str, Field(strict=True, pattern=r"^[0-9A-Za-z]{1,20}$")]  # noqa: N815 — Correios' name
    tpServAdicional: Word = ""  # noqa: N815 — the same
    pcServicoAdicional: Amount  # noqa: N815 — the same


class _Tax(BaseModel):
    codigo: str | int = ""
    tipo: str | int = ""
    vlTaxa: str | int | float  # noqa: N815 — the same; only told, never counted


class _PriceEntry(BaseModel):
    """One entry of `POST /preco/v1/nacional`; what does not concern us is left out."""

    coProduto: Word | None = None  # noqa: N815 — Correios' names, here and below
    txErro: Word | None = None  # noqa: N815
    pcFinal: Amount | None = None  # noqa: N815
    pcProduto: Decoration[Amount] = None  # noqa: N815
    servicoAdicional: Decoration[list[_Extra]] = None  # noqa: N815
    taxaExtra: Decoration[list[_Tax]] = None  # noqa: N815


class _TimeEntry(BaseModel):
    """One entry of `POST /prazo/v1/nacional`."""

    coProduto: Word | None = None  # noqa: N815
    txErro: Word | None = None  # noqa: N815
    prazoEntrega: Annotated[int, Field(strict=True, ge=0, le=_LONGEST)] | None = None  # noqa: N815
    dataMaxima: Decoration[Annotated[datetime, BeforeValidator(_local)]] = None  # noqa: N815
    entregaDomiciliar: Decoration[Annotated[Literal["S", "N"], BeforeValidator(_capital)]] = None  # noqa: N815
    msgPrazo: Decoration[Word | list[Word]] = None  # noqa: N815


def read_prices(
    received: HttpResponse, questions: Sequence[PriceQuestion], numbers: Sequence[str], odd: Odd
) -> list[Price | No | CarrierError]:
    """What was said to each question, in order. Raises a `CarrierError` when the whole answer is of no use."""
    return _read(received, questions, numbers, partial(_price, odd=odd))


def read_times(
    received: HttpResponse, questions: Sequence[TimeQuestion], numbers: Sequence[str], odd: Odd
) -> list[Time | No | CarrierError]:
    """What was said to each question, in order. Raises a `CarrierError` when the whole answer is of no use."""
    return _read(received, questions, numbers, partial(_time, odd=odd))


def _read(
    received: HttpResponse,
    questions: Sequence[Asked],
    numbers: Sequence[str],
    read: Callable[[dict[str, Any], Asked], Read | No | CarrierError],
) -> list[Read | No | CarrierError]:
    body = read_json(received) if received.status in _ENTRIES else None
    if not isinstance(body, list):
        meant = whole_call(received, questions)
        if isinstance(meant, CarrierError):
            raise meant
        return [meant]
    numbered = _numbered(body)
    check_echo(received, numbers, numbered, "Correios")
    return [_one(numbered.get(number, ()), each, read) for number, each in zip(numbers, questions, strict=True)]


def _numbered(body: Sequence[Any]) -> Mapping[str, Sequence[dict[str, Any]]]:
    """The entries by the number of their questions; one without a number answers none."""
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in body:
        number = entry.get("nuRequisicao") if isinstance(entry, dict) else None
        if type(number) in {int, str}:
            found.setdefault(str(number), []).append(entry)
    return found


def _one(
    entries: Sequence[dict[str, Any]],
    question: Asked,
    read: Callable[[dict[str, Any], Asked], Read | No | CarrierError],
) -> Read | No | CarrierError:
    if len(entries) != 1:
        return GarbledError(f"{len(entries)} entries answer the question for {question.product}")
    try:
        return read(entries[0], question)
    except ValidationError as problem:
        names = ", ".join(sorted({str(each["loc"][0]) for each in problem.errors(include_input=False)}))
        return GarbledError(f"the entry for {question.product} is not what Correios documents: {names}")


def _price(fields: dict[str, Any], question: PriceQuestion, odd: Odd) -> Price | No | CarrierError:
    product = question.product
    entry = _PriceEntry.model_validate(fields, context=odd)
    if entry.coProduto not in {None, product}:
        return _swapped(product, str(entry.coProduto))
    if entry.txErro:
        return meaning(entry.txErro, question)
    final = _centavos(entry.pcFinal or "0,00")
    if entry.coProduto is None or not final:
        return GarbledError(f"the entry for {product} has neither a price of its product nor an error")
    return Price(final, _parts(entry, final), tuple(_fee(tax) for tax in entry.taxaExtra or ()))


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
    for extra in entry.servicoAdicional or ():
        name = _name(extra)
        parts[name] = parts.get(name, 0) + _centavos(extra.pcServicoAdicional)
    return parts if sum(parts.values()) == final else {}


def _name(extra: _Extra) -> str:
    if extra.tpServAdicional == _VALUE:
        return "ad_valorem"
    return _PARTS.get(extra.coServAdicional, f"extra_{extra.coServAdicional}")


def _fee(tax: _Tax) -> str:
    """An extra fee in words. Whether it stands in the price is not published, so nothing is added."""
    named = " ".join(str(part) for part in (tax.codigo, tax.tipo) if part != "")
    return discreet(f"an extra fee {named} of {tax.vlTaxa}: not added, it is not known whether the price holds it")


def _time(fields: dict[str, Any], question: TimeQuestion, odd: Odd) -> Time | No | CarrierError:
    product = question.product
    entry = _TimeEntry.model_validate(fields, context=odd)
    if entry.coProduto not in {None, product}:
        return GarbledError(f"asked for {product}, Correios answers for another product")
    if entry.txErro:
        return meaning(entry.txErro, question)
    if entry.prazoEntrega is None:
        return GarbledError(f"the entry for {product} has neither a time nor an error")
    said = [entry.msgPrazo] if isinstance(entry.msgPrazo, str) else entry.msgPrazo or ()
    return Time(
        days=entry.prazoEntrega,
        promised=entry.dataMaxima.date() if entry.dataMaxima else None,
        home=entry.entregaDomiciliar != "N",
        notice=discreet(" ".join(said)),
    )


__all__ = [
    "Account",
    "Odd",
    "Price",
    "Time",
    "price_body",
    "read_prices",
    "read_times",
    "time_body",
]
