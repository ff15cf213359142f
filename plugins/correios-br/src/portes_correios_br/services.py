"""Configured services with what Correios publishes about their products; it knows no wire and asks nobody."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

from portes.contract import Parcel, ParcelLimits, RefusalKind
from portes.contract.rounding import quotient
from portes.errors import CarrierError, IncompleteError, Problem, SettingsError, shown
from portes_correios_br.settings import CorreiosService, CorreiosSettings

RECEIPT: Final = "001"
OWN_HAND: Final = "002"
_VALUE_NEEDED: Final = "declare_value is on for {}: state the value of every item, or write declare_value = false"

Sides = tuple[int, int, int]
"""The sides of a parcel, longest first."""


class No(NamedTuple):
    """Correios, or what it publishes, says no."""

    kind: RefusalKind
    code: str
    text: str


class Piece(NamedTuple):
    """What of a parcel decides its price."""

    grams: int
    sides: Sides
    """Whole centimetres, longest first."""
    extras: tuple[str, ...]
    """The codes of what is asked for with it."""
    value: int | None
    """Declared value in centavos; None where none is declared."""


@dataclass(frozen=True, slots=True)
class ValueRule:
    """How a service declares values, in centavos."""

    extra: str
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Product:
    """An active service, ready to be asked for."""

    code: str
    card: str
    extras: tuple[str, ...]
    """Codes of what is asked for with each parcel."""
    value: ValueRule | None
    """None where no value is declared."""
    limits: ParcelLimits
    minimum: Sides
    """The smallest sides in mm."""
    same_day: bool
    """Whether its published name promises the day of posting."""

    @property
    def declared_limits(self) -> ParcelLimits:
        """The limits that packers keep to, and the most that can be declared of a parcel where a value is declared."""
        known = (self.limits.value, self.value.most if self.value else None)
        most = min((each for each in known if each is not None), default=None)
        return self.limits.model_copy(
            update={"value": most, "least_sides": self.minimum if any(self.minimum) else None}
        )

    def piece(self, parcel: Parcel) -> Piece | No | CarrierError:
        """What is asked about a parcel, or why there is nothing to ask."""
        sides = parcel.size.sides
        beyond = self._beyond(parcel)
        if beyond is not None:
            return beyond
        longest, middle, shortest = (
            quotient(max(side, least), 10, "up") for side, least in zip(sides, self.minimum, strict=True)
        )
        grams = max(1, parcel.weight)
        if self.value is None:
            return Piece(grams, (longest, middle, shortest), self.extras, None)
        declared = _declared(self.value, parcel, self.code)
        if isinstance(declared, No | CarrierError):
            return declared
        extras = (self.value.extra, *self.extras) if declared is not None else self.extras
        return Piece(grams, (longest, middle, shortest), extras, declared)

    def _beyond(self, parcel: Parcel) -> No | None:
        boxed = parcel.model_copy(update={"volume": parcel.size.volume})  # Correios measures the box, not the goods
        excess = self.limits.exceeded_by(boxed)
        return None if excess is None else No(excess.kind, "", excess.reason)


def _declared(rule: ValueRule, parcel: Parcel, code: str) -> int | No | CarrierError | None:
    if parcel.value is None:
        return IncompleteError(_VALUE_NEEDED.format(code))
    if parcel.value.minor > rule.most:
        text = f"a value of {parcel.value}; the most that can be declared is {rule.most // 100}.{rule.most % 100:02}"
        return No(RefusalKind.VALUE_OUT_OF_RANGE, "", text)
    return parcel.value.minor if parcel.value.minor >= max(rule.least, 1) else None


@cache
def _published() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("products.toml").read_text(encoding="utf-8"))


def swap_of(code: str) -> str:
    """The product that Correios is known to answer with instead of this one; empty for most."""
    found: str = _published()["swaps"].get(code, "")
    return found


def products(settings: CorreiosSettings, services: Sequence[CorreiosService]) -> tuple[Product, ...]:
    """The active services with cards, extras and limits. Raises `SettingsError` with every problem at once."""
    found = [_Making(settings, service, index) for index, service in enumerate(services) if service.active]
    problems = [problem for making in found for problem in making.problems()]
    if problems:
        raise SettingsError(problems)
    return tuple(making.product() for making in found)


class _Making:
    """A service on its way to a product."""

    def __init__(self, settings: CorreiosSettings, service: CorreiosService, index: int) -> None:
        published = _published()
        self._service = service
        self._where = f"services.{index}"
        self._card = service.posting_card or settings.posting_card
        self._family: dict[str, Any] = published["families"].get(published["products"].get(service.code), {})
        self._value: dict[str, Any] = self._family.get("value", {})

    def problems(self) -> list[Problem]:
        service, code = self._service, shown(self._service.code)
        found = []
        if self._card is None:
            fix = "add the key here, or in the carrier's settings for all services"
            found.append(Problem(f"{self._where}.posting_card", "", f"{code} has no posting card", fix))
        if service.own_hand and not self._family.get("own_hand", True):
            found.append(Problem(f"{self._where}.own_hand", "true", f"{code} knows no own hand", "write false"))
        if service.declare_value and not self._value:
            missing = [key for key in ("value_extra", "value_max") if getattr(service, key) is None]
            cause = f"{code} is a product whose declared value nobody published"
            fix = "ask Correios for its extra and limits, and write them here"
            found += [Problem(f"{self._where}.{key}", "", cause, fix) for key in missing]
        return found

    def product(self) -> Product:
        service = self._service
        limits = self._family.get("limits", {})
        minimum = service.minimum.sides if service.minimum else tuple(limits.get("minimum", (0, 0, 0)))
        asked = (*([RECEIPT] if service.receipt else []), *([OWN_HAND] if service.own_hand else []), *service.extras)
        return Product(
            code=service.code,
            card=self._card or "",
            extras=tuple(dict.fromkeys(asked)),
            value=self._value_rule() if service.declare_value else None,
            limits=_limits(limits, service.limits or ParcelLimits()),
            minimum=minimum,
            same_day=service.code in _published()["same_day"]["products"],
        )

    def _value_rule(self) -> ValueRule:
        service, value = self._service, self._value
        return ValueRule(
            extra=service.value_extra or value["extra"],
            least=value.get("min", 0) if service.value_min is None else int(service.value_min * 100),
            most=value["max"] if service.value_max is None else int(service.value_max * 100),
        )


def _limits(published: dict[str, Any], own: ParcelLimits) -> ParcelLimits:
    """What is published, and what a service says of its own; other sizes of a box take the place of its three sides."""
    box = published.get("box", ())
    known = ParcelLimits(
        weight=published.get("weight"),
        longest_side=published.get("longest_side") or (box[0] if box else None),
        sides_sum=published.get("sides_sum") or (sum(box) if box else None),
        sides=tuple(box) if box and own.longest_side is None and own.sides_sum is None else None,
    )
    return known.model_copy(update=own.model_dump(exclude_none=True))


__all__ = ["OWN_HAND", "RECEIPT", "No", "Piece", "Product", "ValueRule", "products", "swap_of"]
