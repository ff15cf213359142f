"""The shop's services as products and modes, with what each takes and where; it knows no price."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, NamedTuple

from portes.contract import Parcel, ParcelLimits, RefusalKind
from portes.errors import Problem, SettingsError, shown
from portes_correos_es.products import Mode, Product, Size, catalogue
from portes_correos_es.settings import CorreosService, CorreosSettings
from portes_correos_es.tariff import Tariff
from portes_correos_es.territories import NATIONAL, Area, Territory

NO: Final = RefusalKind.NOT_SERVED

_NO_INTERNATIONAL: Final = frozenset({"ES", "AD"})


class Bar(NamedTuple):
    """Why a service does not take a shipment: a published rule or limit."""

    kind: RefusalKind
    why: str


@dataclass(frozen=True, slots=True)
class Line:
    """An active service: what it is, and the shop's terms for it."""

    code: str
    product: Product
    mode: Mode
    discount: Decimal
    """The contract's discount, in percent."""
    max_weight: int
    """Grams on the scale."""
    max_billable: int | None
    """Grams by scale or volume; None where only the tariff's brackets end."""
    max_parcels: int
    customs_parcels: int
    """The most parcels that customs papers cover."""
    largest: Size
    max_sides: tuple[int, int, int] | None
    """Millimetres, longest first; None where the size of all parcels holds alone."""

    @property
    def limits(self) -> ParcelLimits:
        """The largest parcel that it takes."""
        size = self.largest
        return ParcelLimits(
            weight=self.max_weight, sides=self.max_sides, longest_side=size.longest_side, sides_sum=size.sides_sum
        )


def service_lines(settings: CorreosSettings, services: Sequence[CorreosService], tariff: Tariff) -> tuple[Line, ...]:
    """The active services. Raises `SettingsError` naming each that is no product, or has no price in the tariff."""
    lines: list[Line] = []
    problems: list[Problem] = []
    for index, service in enumerate(services):
        if service.active:
            found = _meant(service, f"services.{index}")
            problems += [found] if isinstance(found, Problem) else _unpriced(*found, tariff, f"services.{index}")
            lines += [] if isinstance(found, Problem) else [_line(settings, service, *found)]
    if problems:
        raise SettingsError(problems)
    return tuple(lines)


def _meant(service: CorreosService, where: str) -> tuple[Product, Mode] | Problem:
    if service.product or service.mode:
        return _worded(service, where)
    named = catalogue().named(service.code)
    if not named:
        fix = 'write product = "paq_estandar" and mode = "home", say'
        return Problem(f"{where}.code", shown(service.code), "is no code of Correos that is publicly known", fix)
    products = {product.key for product, _, _ in named}
    if len(named) > 1 or any(doubtful for *_, doubtful in named):
        cause = f"may be {' or '.join(sorted(products))}: public sources contradict each other, or name several modes"
        return Problem(f"{where}.code", shown(service.code), cause, "write product and mode as your contract has them")
    product, mode, _ = named[0]
    return product, mode


def _worded(service: CorreosService, where: str) -> tuple[Product, Mode] | Problem:
    products = catalogue().products
    if service.product not in products:
        fix = f"write one of {', '.join(products)}"
        return Problem(f"{where}.product", shown(service.product), "is no product", fix)
    product = products[service.product]
    mode = service.mode or (next(iter(product.modes)) if len(product.modes) == 1 else None)
    if mode is None or mode not in product.modes:
        fix = f"write one of {', '.join(product.modes)}"
        return Problem(f"{where}.mode", shown(service.mode or ""), f"is no mode of {product.key}", fix)
    return product, mode


def _unpriced(product: Product, mode: Mode, tariff: Tariff, where: str) -> Iterator[Problem]:
    if not tariff.offers(product.key, mode):
        cause = f"the tariff has no row of {product.key} {mode}"
        yield Problem(where, "", cause, f"add its rows to {tariff.name}, or make the service inactive")


def _line(settings: CorreosSettings, service: CorreosService, product: Product, mode: Mode) -> Line:
    discount = settings.discount_percent if service.discount_percent is None else service.discount_percent
    billable = service.max_billable_kg or product.max_billable_kg
    parcels = service.max_parcels or product.max_parcels or settings.max_parcels
    heaviest = service.max_weight_kg or min(settings.max_weight_kg, product.max_kg or settings.max_weight_kg)
    return Line(
        code=service.code,
        product=product,
        mode=mode,
        discount=discount,
        max_weight=int(heaviest * 1000),
        max_billable=None if billable is None else int(billable * 1000),
        max_parcels=parcels,
        customs_parcels=min(parcels, settings.customs_parcels),
        largest=settings.largest_size,
        max_sides=service.max_sides_mm or product.max_sides,
    )


def barred_lane(line: Line, origin: Territory, destination: Territory, *, citypaq_canarias: bool) -> Bar | None:
    """The rule that keeps a service off a lane (those of Correos's own shop plugins); None when it runs there."""
    if line.product.international:
        home = destination.country in _NO_INTERNATIONAL
        return Bar(NO, f"{line.product.name} does not go to {destination.country}") if home else None
    if destination.country not in NATIONAL:
        return Bar(NO, f"{line.product.name} does not go abroad")
    return _barred_at_home(line, origin, destination, citypaq_canarias=citypaq_canarias)


def _barred_at_home(line: Line, origin: Territory, destination: Territory, *, citypaq_canarias: bool) -> Bar | None:
    if line.mode.fetched_at and destination.country == "PT":
        return Bar(NO, "in Portugal nothing can be fetched at an office or a Citypaq")
    if line.mode is Mode.CITYPAQ and Area.CANARIAS in {origin.area, destination.area} and not citypaq_canarias:
        return Bar(NO, "Citypaq does not go to or from Canarias")
    if line.product.same_province and not origin.shares_province(destination):
        return Bar(NO, f"{line.product.name} stays in its province")
    return None


def barred_parcels(line: Line, parcels: Sequence[Parcel], *, customs: bool) -> Bar | None:
    """The limit that a shipment passes; None when it passes none. `customs`: papers go with it."""
    pieces = sum(parcel.count for parcel in parcels)
    if customs and pieces > line.customs_parcels:
        why = f"customs papers cover {line.customs_parcels} parcel(s), these are {pieces}; send them as one"
        return Bar(RefusalKind.OTHER, why)
    if pieces > line.max_parcels:
        return Bar(RefusalKind.OTHER, f"{line.product.name} takes {line.max_parcels} parcels at most")
    excess = next(filter(None, map(line.limits.exceeded_by, parcels)), None)
    return None if excess is None else Bar(excess.kind, f"{line.product.name}: {excess.reason}")


__all__ = ["Bar", "Line", "barred_lane", "barred_parcels", "service_lines"]
