"""What an operator sets for Correios and for each of its services; it knows no product and no wire."""

from decimal import Decimal
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, StringConstraints

from portes.calendars import calendar_fault
from portes.carrier import CarrierSettings
from portes.contract import Dimensions, ParcelLimits, Service
from portes.contract.base import Day
from portes.contract.durations import Duration


def _web_address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        msg = "is no address of a server; write https://api.correios.com.br, or leave the key out"
        raise ValueError(msg)
    return url.rstrip("/")


CARD_DIGITS: Final = 10


def _card(number: object) -> object:
    """A posting card as text of ten digits: a number, and a text that lost its zeros, are told how to be written."""
    text = str(number)
    if isinstance(number, bool) or not isinstance(number, str | int) or not (text.isascii() and text.isdigit()):
        msg = f'is no posting card; write its {CARD_DIGITS} digits in quotes, such as "0012345678"'
        raise ValueError(msg)
    if isinstance(number, str) and len(text) == CARD_DIGITS:
        return text
    cause = (
        "is not in quotes"
        if len(text) == CARD_DIGITS
        else f"has {len(text)} digits where a posting card has {CARD_DIGITS}"
    )
    fix = f'zeros in front count: write "{text:0>{CARD_DIGITS}}" in quotes, if the contract shows that number'
    if len(text) > CARD_DIGITS:
        fix = f'write the {CARD_DIGITS} digits that the contract shows, in quotes, such as "0012345678"'
    msg = f"{cause}; {fix}"
    raise ValueError(msg)


def _calendar(name: str) -> str:
    fault = calendar_fault(name, "BR")
    if fault:
        raise ValueError("; ".join(fault))
    return name


Card = Annotated[str, BeforeValidator(_card)]
"""A posting card's number as text: its leading zeros count."""
ExtraCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{3}$")]
Batch = Annotated[int, Field(strict=True, ge=1, le=50)]
Reais = Annotated[Decimal, Field(ge=0, le=9_999_999, decimal_places=2, max_digits=9)]
Version = Literal["v1", "v2", "v3"]


class CorreiosSettings(CarrierSettings):
    """`[carriers.NAME.settings]` of a carrier with `use = "correios-br"`."""

    user: Annotated[str, Field(min_length=1, description="Login at Meu Correios, often the digits of the CNPJ.")]
    access_code: Annotated[
        SecretStr, Field(description="The API access code that the portal CWS gives; not the site's password.")
    ]
    posting_card: Annotated[
        Card | None, Field(description="The posting card, ten digits in quotes; a service may name one of its own.")
    ] = None
    code_made_on: Annotated[
        Day | None, Field(description="Day on which the access code was made; `portes doctor` warns before it ends.")
    ] = None
    contract_number: Annotated[
        str, Field(description="The contract the cards belong to; only `portes doctor` compares it.")
    ] = ""
    base_url: Annotated[
        str,
        AfterValidator(_web_address),
        Field(description="Where Correios answers; its homologation is https://apihom.correios.com.br."),
    ] = "https://api.correios.com.br"
    prazo_unit: Annotated[
        Literal["business", "calendar"], Field(description="What Correios counts its delivery time in.")
    ] = "business"
    calendar: Annotated[
        Annotated[str, AfterValidator(_calendar)] | None,
        Field(description="Whose business days its times are, such as BR-MG; the store's calendar."),
    ] = None
    collect_at_office: Annotated[
        Literal["refuse", "note", "offer"],
        Field(description="What becomes of a lane whose parcels are collected at a post office."),
    ] = "note"
    leave_out: Annotated[
        Duration,
        Field(description="How long a question that Correios called malformed is left out of calls; `0s` never."),
    ] = 600.0
    price_batch: Annotated[Batch, Field(description="Most prices asked for in one call.")] = 5
    time_batch: Annotated[Batch, Field(description="Most delivery times asked for in one call.")] = 5
    event_date: Annotated[
        Literal["none", "dash", "slash"],
        Field(description="Whether the dispatch date is sent: not at all, as 31-12-2026, or as 31/12/2026."),
    ] = "none"
    value_format: Annotated[
        Literal["dot", "comma", "whole"],
        Field(description="How declared values are written: 129.90, 129,90, or 130 (whole reais, rounded up)."),
    ] = "dot"
    extras_format: Annotated[
        Literal["objects", "texts"], Field(description="How extras are listed: as objects with a code, or as texts.")
    ] = "objects"
    price_version: Annotated[Version, Field(description="Version of the price API that is called.")] = "v1"
    time_version: Annotated[Version, Field(description="Version of the delivery time API that is called.")] = "v1"
    zone_offset: Annotated[
        str,
        Field(pattern=r"^[+-](0\d|1[0-4]):[0-5]\d$", description="Zone of a token's end that names none."),
    ] = "-03:00"


class CorreiosService(Service):
    """`[[carriers.NAME.services]]`: the engine's keys, and how Correios is asked for this product."""

    posting_card: Annotated[Card | None, Field(description="This service's own posting card.")] = None
    declare_value: Annotated[
        bool, Field(strict=True, description="Whether each parcel's value is declared; it costs about 1 % of it.")
    ] = False
    receipt: Annotated[bool, Field(strict=True, description="Whether a signed receipt (AR) is asked for.")] = False
    own_hand: Annotated[
        bool, Field(strict=True, description="Whether it is handed to the addressee only (MP); not for Mini Envios.")
    ] = False
    extras: Annotated[
        tuple[ExtraCode, ...], Field(description="Further extras by their codes, such as 057 for large formats.")
    ] = ()
    value_extra: Annotated[
        ExtraCode | None, Field(description="Code of the declared value; 019, 064 or 065 by product.")
    ] = None
    value_min: Annotated[
        Reais | None, Field(description="Least value that can be declared, in reais; a smaller one is not declared.")
    ] = None
    value_max: Annotated[
        Reais | None, Field(description="Largest value that can be declared, in reais; a larger one is refused.")
    ] = None
    limits: Annotated[
        ParcelLimits | None,
        Field(description="The largest parcel: `weight` (g), `longest_side`, `sides_sum` (mm); else as published."),
    ] = None
    minimum: Annotated[
        Dimensions | None,
        Field(description="A smaller parcel is sent as this one (`length`, `width`, `height` in mm); as published."),
    ] = None


__all__ = ["CorreiosService", "CorreiosSettings"]
