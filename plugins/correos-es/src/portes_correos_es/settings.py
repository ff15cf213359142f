"""What an operator sets for Correos and for each of its services; it knows no file's content and no wire."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, SecretStr, field_validator, model_validator

from portes.carrier import CarrierSettings
from portes.contract import Service
from portes.contract.bounds import LONGEST_BOX
from portes_correos_es.lanes import origin_fix
from portes_correos_es.products import Mode, Size

Percent = Annotated[Decimal, Field(ge=0, le=1000, decimal_places=6)]
Side = Annotated[int, Field(ge=1, le=LONGEST_BOX)]
Parcels = Annotated[int, Field(ge=1, le=1000)]
Kilograms = Annotated[Decimal, Field(gt=0, le=100_000, decimal_places=3)]


def _longest_first(sides: tuple[int, int, int]) -> tuple[int, int, int]:
    shortest, middle, longest = sorted(sides)
    return longest, middle, shortest


Sides = Annotated[tuple[Side, Side, Side], AfterValidator(_longest_first)]
_ZERO = Decimal(0)
_NO_MORE_THAN = (
    ("standard_longest_side_mm", "max_longest_side_mm"),
    ("standard_sides_sum_mm", "max_sides_sum_mm"),
    ("standard_longest_side_mm", "standard_sides_sum_mm"),
    ("max_longest_side_mm", "max_sides_sum_mm"),
    ("customs_parcels", "max_parcels"),
)
"""Keys whose first may not be more than the second."""
_CREDENTIALS = ("client_id", "client_secret", "gateway_client_id", "gateway_client_secret")
_URL = r"^https?://[^\s/]+"


class TariffDefaults(CarrierSettings):
    """`tariff_defaults` of the settings: what all rows of a tariff have in common that its file does not say."""

    version: str = Field("", description="A name for this edition; rates show it.")
    valid_from: date | None = Field(None, description="First day of dispatch that it prices, such as 2026-01-01.")
    valid_to: date | None = Field(None, description="Last day of dispatch that it prices; without it, it does not end.")
    origin: str = Field("", description="Where parcels leave from, in the words of the zone map; or `any`.")
    mode: str = Field("", description="`home`, or several joined by a plus, of rows that state none; see the products.")

    @field_validator("origin")
    @classmethod
    def _is_a_place(cls, origin: str) -> str:
        if origin and (fix := origin_fix(origin)):
            raise ValueError(f"is no place; {fix}")
        return origin

    @field_validator("mode")
    @classmethod
    def _is_known(cls, mode: str) -> str:
        known = [str(each) for each in Mode]
        strange = next((part for part in mode.split("+") if mode and part.strip() not in known), None)
        if strange is not None:
            raise ValueError(f"{strange!r} is no mode; write one of {', '.join(known)}, or several joined by a plus")
        return mode

    @property
    def columns(self) -> Mapping[str, object]:
        """What is declared, by the tariff's columns; the mode is not among them, for a product may state its own."""
        declared = {key: getattr(self, key) for key in ("version", "valid_from", "valid_to", "origin")}
        return {key: value for key, value in declared.items() if value}


class CorreosSettings(CarrierSettings):
    """`[carriers.NAME.settings]` of a carrier with `use = "correos-es"`."""

    model_config = ConfigDict(json_schema_extra={"renamed": {"points_patience": "points_timeout"}})

    tariff: str = Field("", description="The tariff of your contract: a CSV or XLSX file, from the store's folder.")
    sample_tariff: Literal["", "canarias-2023"] = Field(
        "",
        description="Instead of `tariff`, by its name: a printed public tariff of another year, to try things out."
        " Every rate from it says so.",
    )
    tariff_defaults: TariffDefaults = Field(
        TariffDefaults(),
        description="What the tariff's file does not say of its rows, as a sheet from an account manager does not.",
    )
    strict_tariff: bool = Field(
        default=False,
        description="Do not start with a tariff that has holes, falling prices, strange zones, or no price for today in"
        " a zone that the store's origins reach, instead of logging them.",
    )
    zones: str = Field("", description="Your contract's zone map: a CSV or XLSX file; the public one when left out.")
    times: str = Field(
        "",
        description="Your own transit times: a CSV or XLSX file; what it lacks is taken from what Correos published.",
    )
    calendar: str | None = Field(None, description="Whose business days the times count; the store's.")

    cubic_divisor: int = Field(
        6000,
        ge=0,
        le=1_000_000,
        description="cm³ that are billed as a kilogram, if that is more than the scale says; 0: never.",
    )
    max_weight_kg: Kilograms = Field(
        Decimal(30),
        description="Heaviest parcel on the scale; some products take less. Sources say 30 or 40.",
    )
    max_parcels: Parcels = Field(
        10, description="Most parcels of one shipment; some products take one only (Correos's shop plugins)."
    )
    customs_parcels: Parcels = Field(
        1, description="Most parcels of one shipment with customs papers (one merchant, 2026)."
    )
    max_longest_side_mm: Side = Field(1700, description="Longest side of any parcel, in mm (printed rules, 2018).")
    max_sides_sum_mm: Side = Field(
        2700, description="Length + width + height of any parcel, in mm (printed rules, 2018)."
    )
    standard_longest_side_mm: Side = Field(
        1200, description="Longest side without a surcharge for size, in mm (printed rules, 2018)."
    )
    standard_sides_sum_mm: Side = Field(
        2100, description="Length + width + height without a surcharge for size, in mm (printed rules, 2018)."
    )
    oversize_percent: Percent = Field(
        Decimal(35), description="Added when a parcel passes one of the two limits of the standard size."
    )
    oversize_twice_percent: Percent = Field(Decimal(70), description="Added when it passes both.")
    discount_percent: Percent = Field(_ZERO, le=100, description="Your contract's discount on the tariff's prices.")
    fuel_percent: Percent = Field(_ZERO, description="Fuel surcharge on the discounted price.")
    customs_handling: Decimal = Field(
        _ZERO,
        ge=0,
        le=1_000_000,
        decimal_places=2,
        description="EUR a shipment for customs papers to and from Canarias, Ceuta and Melilla.",
    )
    tax: Literal["add", "leave_out"] = Field(
        "add", description="Whether a rate's cost includes the tax, as a part of its own, or is net."
    )
    iva_percent: Percent = Field(Decimal(21), description="IVA, on the peninsula and Baleares.")
    igic_percent: Percent = Field(Decimal(7), description="IGIC, inside a province of Canarias.")
    igic_between_provinces: bool = Field(
        default=False, description="Whether IGIC is charged between Las Palmas and Tenerife too."
    )
    tax_abroad: Literal["eu_only", "always", "never"] = Field(
        "eu_only", description="Where IVA is charged on parcels from the peninsula and Baleares to other countries."
    )
    customs_abroad: Literal["outside_eu", "always"] = Field(
        "outside_eu", description="Which other countries need customs papers, and so allow one parcel only."
    )
    citypaq_canarias: bool = Field(
        default=False, description="Whether your contract takes Citypaq to and from Canarias."
    )

    pickup_points: bool = Field(
        default=True, description="Look up offices and Citypaq near the destination, once the credentials are there."
    )
    points_shown: int = Field(5, ge=1, le=50, description="Most pick-up points a rate shows.")
    points_days: int = Field(
        7, ge=0, le=60, description="Days that a list of pick-up points is kept before it is renewed."
    )
    points_empty_minutes: int = Field(
        30,
        ge=1,
        le=10_080,
        description="Minutes after which an empty list of pick-up points is asked for again; empty both times, it"
        " counts, and `hide` refuses.",
    )
    points_empty_hours: int = Field(
        6, ge=1, le=168, description="Hours that an empty list counts, once it was seen so twice."
    )
    points_timeout: float = Field(5.0, gt=0, le=60, description="Seconds that a list may take; no quote waits for it.")
    points_pause: float = Field(
        300.0, ge=0, le=86_400, description="Seconds without a call for such lists after Correos failed to give one."
    )
    without_points: Literal["show", "hide"] = Field(
        "show",
        description="Whether an office or Citypaq rate without a known pick-up point is shown, with a note, or hidden.",
    )

    client_id: str = Field("", description="Correos ID: the application's client id.")
    client_secret: SecretStr | None = Field(None, description="Correos ID: the application's client secret.")
    gateway_client_id: str = Field("", description="Developer portal: the client id that goes with each call.")
    gateway_client_secret: SecretStr | None = Field(None, description="Developer portal: its client secret.")
    scope: str = Field("AP3 LBS RCG", min_length=1, description="What the token is asked for; Correos's support knows.")
    contract_number: str = Field("", description="Number of the contract, at most 8 digits; for the doctor.")
    client_number: str = Field("", description="Client number of the contract, 8 or 10 digits; for the doctor.")
    labeller_code: str = Field("", description="Labeller code (etiquetador), at most 4 characters; for the doctor.")
    user_agent: str = Field(
        "", description="How calls introduce themselves; `portes/VERSION` when left out. Correos blocks empty ones."
    )
    base_url: str = Field("https://api1.correos.es", pattern=_URL, description="Where Correos's API answers.")
    login_url: str = Field(
        "https://apioauthcid.correos.es/Api/Authorize/Token", pattern=_URL, description="Where Correos ID gives tokens."
    )

    @model_validator(mode="after")
    def _names_one_tariff(self) -> Self:
        if bool(self.tariff) == bool(self.sample_tariff):
            msg = (
                'names no tariff, or two; write tariff = "tariff.csv", or sample_tariff = "canarias-2023" to try it out'
            )
            raise ValueError(msg)
        return self

    @model_validator(mode="after")
    def _has_sizes_that_fit(self) -> Self:
        for smaller, larger in _NO_MORE_THAN:
            least, most = getattr(self, smaller), getattr(self, larger)
            if least > most:
                msg = f"{smaller} = {least} is more than {larger} = {most}; lower the one or raise the other"
                raise ValueError(msg)
        return self

    @property
    def standard_size(self) -> Size:
        """The size beyond which parcels cost more."""
        return Size(self.standard_sides_sum_mm, self.standard_longest_side_mm)

    @property
    def largest_size(self) -> Size:
        """The size beyond which no parcel is taken."""
        return Size(self.max_sides_sum_mm, self.max_longest_side_mm)

    @property
    def missing_credentials(self) -> tuple[str, ...]:
        """The keys without which nothing can be asked of Correos."""
        return tuple(key for key in _CREDENTIALS if not _given(getattr(self, key)))

    @property
    def has_some_credentials(self) -> bool:
        """Whether some of those keys are there, and some are not."""
        return 0 < len(self.missing_credentials) < len(_CREDENTIALS)


def _given(value: str | SecretStr | None) -> bool:
    return bool(value.get_secret_value() if isinstance(value, SecretStr) else value)


class CorreosService(Service):
    """`[[carriers.NAME.services]]`: the engine's keys, and which product it is."""

    product: str = Field(
        "", description="`paq_estandar`, `paq_premium`, …; when left out, what the code says (`S0132`, `PAAXI`)."
    )
    mode: Mode | None = Field(
        None, description="`home`, `letterbox`, `office` or `citypaq`; when left out, what the code says."
    )
    discount_percent: Percent | None = Field(None, le=100, description="This product's discount; the carrier's.")
    max_weight_kg: Kilograms | None = Field(
        None,
        description="Heaviest parcel of this product; the lesser of the carrier's and its own.",
    )
    max_billable_kg: Kilograms | None = Field(
        None,
        description="Most kilograms, by scale or volume, that are billed for a parcel of this product; its own.",
    )
    max_parcels: Parcels | None = Field(
        None, description="Most parcels of one shipment of this product; its own, or the carrier's."
    )
    max_sides_mm: Sides | None = Field(
        None, description="The three sides that a parcel of this product may have at most, in mm; its own."
    )


__all__ = ["CorreosService", "CorreosSettings", "TariffDefaults"]
