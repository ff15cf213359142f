"""Rows, loads and tariffs for tests of prices, written in reais, kilograms and percent."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from portes.tables import Charge, Component, Fee, FoundRow, Lane, PricedLoad, Tariff, TariffPricer, Terms


def brl(amount: str) -> int:
    """An amount in millionths of a centavo."""
    return int(Decimal(amount) * 10**8)


def percent(number: str) -> int:
    """A percentage in its millionths."""
    return int(Decimal(number) * 10**6)


def kg(number: str) -> int:
    """A weight in milligrams."""
    return int(Decimal(number) * 10**6)


def fee(name: str, share: str = "0", *, amount: str = "0", least: str = "0", **more: Any) -> Fee:
    """A fee that a row states."""
    return Fee(name, brl(amount), percent=percent(share), least=brl(least), **more)


def component(name: str, share: str = "0", *, amount: str = "0", least: str = "0", **more: Any) -> Component:
    """A component of a tariff; what else it has is in its own units."""
    return Component(name, brl(amount), percent=percent(share), least=brl(least), **more)


def row(
    price: str, fees: Sequence[Fee] = (), *, above: str = "0", per_kg: str = "0", minimum: str = "0", **terms: int
) -> FoundRow:
    """A row as it is found in a table."""
    extra = {"extra_per_kg": brl(per_kg), "minimum": brl(minimum)}
    return FoundRow(brl(price), kg(above), Terms(days_min=3, days_max=5, fees=tuple(fees), **extra, **terms))


def load(weight: str = "1", value: str | None = None, parcels: int = 1, units: int | None = None) -> PricedLoad:
    """What is priced: taxable kilograms, and a declared value."""
    return PricedLoad(kg(weight), None if value is None else int(Decimal(value) * 100), parcels, units)


def charged(
    found: FoundRow, loaded: PricedLoad, *components: Component, lane: Lane | None = None, **tariff: Any
) -> Charge:
    """The charge by a row and a tariff."""
    return TariffPricer(Tariff(components, **tariff)).charge(found, loaded, lane or Lane())


def parts(*args: Any, **more: Any) -> dict[str, str]:
    """The parts of a charge by name, in reais."""
    return {name: f"{Decimal(amount).scaleb(-2):.2f}" for name, amount in charged(*args, **more).parts.items()}
