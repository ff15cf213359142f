"""Checks of what a format promises: its name, its samples, their prices, and the files that it tells as broken."""

from decimal import Decimal

from portes.contract.money import exponent
from portes.contract.postal import postal_form
from portes.errors import SettingsError
from portes.tables import (
    FactNeededError,
    NoRow,
    PricedLoad,
    RateTable,
    ReadOptions,
    Tariff,
    TariffPricer,
    ValueNeededError,
    check_table,
    find_format,
    open_table,
)
from portes_testing.formats.case import Priced
from portes_testing.formats.reading import FormatUnderTest, options
from portes_testing.harness.errors import BrokenContractError, require


def found_by_its_entry_point(under_test: FormatUnderTest) -> None:
    """The name in `format = "…"` leads to a class that reads."""
    named, name = under_test.plugin, under_test.case.name
    require(isinstance(find_format(name), named), f"{name!r} names another class each time")


def version_is_a_whole_number(under_test: FormatUnderTest) -> None:
    """Packed tables of an older version are made anew, so there must be a number to raise."""
    version = under_test.plugin.version
    require(type(version) is int and version > 0, f"its version is {version!r}; count from 1")


def a_sound_sample_is_read_without_a_problem(under_test: FormatUnderTest) -> None:
    """Every sample is a table that a store opens."""
    for sample in under_test.case.samples:
        under_test.sound(sample)
        problems = check_table(sample.path, under_test.case.name, options(sample)).problems
        require(not problems, f"{sample} is declared sound, and no store opens it: {'; '.join(map(str, problems))}")


def promised_prices_come_out(under_test: FormatUnderTest) -> None:
    """Every price that a sample promises is what the engine makes of it, to the cent and the day."""
    require(any(sample.prices for sample in under_test.case.samples), "promise at least one price of a sample")
    for sample in under_test.case.samples:
        declared = options(sample)
        try:
            table = open_table(sample.path, under_test.case.name, declared)
        except SettingsError as problem:
            raise BrokenContractError(f"{sample} does not open: {problem}") from None
        for promised in sample.prices:
            told, wanted = _price(table, promised, declared), f"{promised.cost} in {promised.days} days"
            require(told == wanted, f"{sample}, {promised}: {told} came in place of {wanted}")


def _price(table: RateTable, asked: Priced, declared: ReadOptions) -> str:
    """What the table says of a shipment: cost and days, or why there is none."""
    scale = exponent(declared.currency)
    place = postal_form(declared.country).read(asked.postal_code)
    origin = postal_form(declared.country).read(asked.origin) if asked.origin else ""
    found = table.find_all(asked.service, place, asked.measure or asked.weight, origin)
    if isinstance(found, NoRow):
        return found.value
    value = int(Decimal(asked.value).scaleb(scale)) if asked.value else None
    try:
        load = PricedLoad(asked.weight * 1000, value)
        cost, row = max((TariffPricer(Tariff()).charge(row, load).cost, row) for row in found)
    except (ValueNeededError, FactNeededError) as error:
        return str(error)
    return f"{Decimal(cost).scaleb(-scale):f} in {(row.terms.days_min, row.terms.days_max)} days"


def a_broken_file_is_told_as_declared(under_test: FormatUnderTest) -> None:
    """Every file that the case declares broken is told to be, at the place that it names."""
    for broken in under_test.case.broken:
        problems = check_table(broken.path, under_test.case.name, options(broken)).problems
        named = [each for each in problems if each.where == broken.where and broken.line in {0, each.line}]
        place = f"{broken.where}, line {broken.line}" if broken.line else broken.where
        told = "; ".join(map(str, problems)) or "nothing"
        require(named, f"{broken.path.name}: a problem of {place} was expected, {told} was told")


__all__ = [
    "a_broken_file_is_told_as_declared",
    "a_sound_sample_is_read_without_a_problem",
    "found_by_its_entry_point",
    "promised_prices_come_out",
    "version_is_a_whole_number",
]
