"""What an operator sets for Correios and for each of its services; it knows no product and no wire."""

from decimal import Decimal
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, SecretStr, StringConstraints

from portes.carrier import CarrierSettings
from portes.contract import Dimensions, ParcelLimits, Service
from portes.contract.timing import CalendarName


def _web_address(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query or parts.fragment:
        msg = "is no address of a server; write https://api.correios.com.br, or leave the key out"
        raise ValueError(msg)
    return url.rstrip("/")


Card = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,20}$")]
"""A posting card's number as text: its leading zeros count."""
ExtraCode = Annotated[str, StringConstraints(pattern=r"^[0-9]{3}$")]
Batch = Annotated[int, Field(strict=True, ge=1, le=50)]
Reais = Annotated[Decimal, Field(ge=0, decimal_places=2, max_digits=9)]
Version = Literal["v1", "v2", "v3"]


class CorreiosSettings(CarrierSettings):
    """`[carriers.NAME.settings]` of a carrier with `use = "correios-br"`."""

    user: Annotated[str, Field(min_length=1, description="Login at Meu Correios, often the digits of the CNPJ.")]
    access_code: Annotated[
        SecretStr, Field(description="The API access code that the portal CWS gives; not the site's password.")
    ]
    posting_card: Annotated[
        Card | None, Field(description="The posting card, ten digits; a service may name one of its own.")
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
        CalendarName | None, Field(description="Whose business days its times are; the store's calendar.")
    ] = None
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
        Field(description="The largest parcel (`weight` in g, `longest_side`, `sides_sum` in mm); as published."),
    ] = None
    minimum: Annotated[
        Dimensions | None,
        Field(description="A smaller parcel is sent as this one (`length`, `width`, `height` in mm); as published."),
    ] = None


__all__ = ["CorreiosService", "CorreiosSettings"]
