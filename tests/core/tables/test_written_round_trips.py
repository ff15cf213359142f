"""Random tables read from every format, listed, written in one that can be written, and read again: the same prices."""

from itertools import islice
from random import Random
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from random_tables.drawing import random_shipments, random_tables
from random_tables.dressing import files
from random_tables.nouns import Asked, Holds
from random_tables.writers import WRITERS
from written_tables import table_of

from portes.errors import SettingsError
from portes.tables import (
    NoRow,
    PricedLoad,
    RateTable,
    Tariff,
    TariffPricer,
    ValueNeededError,
    WriteOptions,
    write_table,
)

FEW = settings(max_examples=max(1, settings().max_examples // 12))
ASKED = 60
PRICER = TariffPricer(Tariff())
MAPPING = b"""
weight_unit = "g"
decimal = ","
[columns]
"Servico" = "service"
"De" = "postal_from"
"Ate" = "postal_to"
"Sai de" = "origin_from"
"Sai ate" = "origin_to"
"Inicio" = "weight_from"
"Fim" = "weight_to"
"Base" = "price"
"Excedente" = "excess_weight"
"A partir de" = "extra_from"
"Seguro" = { fee = "ad_valorem", percent = true }
"Seguro min" = { fee = "ad_valorem", least = true }
"Despacho" = { fee = "dispatch" }
"GRIS" = { fee = "risk_management", percent = true }
"Minimo" = "minimum"
"Imposto" = "tax"
"Cubagem" = "max_volume"
"Dias" = "days_max"
"""
UNPRICED = {NoRow.ON_REQUEST, NoRow.REFUSED}
NONE = {NoRow.SERVICE, NoRow.ORIGIN, NoRow.RANGE, NoRow.BELOW, NoRow.HOLE, NoRow.ABOVE}
HEAVIEST = 999_000
"""What the marketplace Via takes, in grams."""


def told(table: RateTable, asked: Asked, service: str) -> Any:
    """What a table says of a shipment: its cost and days, or that it has no price; rows without one may be left out."""
    found = table.find(service, asked.code, asked.measure(table.axis), asked.origin)
    if isinstance(found, NoRow):
        return "none" if found in NONE | UNPRICED else found
    terms = found.terms
    if terms.max_volume and asked.cm3 * 1000 > terms.max_volume:
        return "too large"
    try:
        cost = PRICER.charge(found, PricedLoad(asked.grams * 1000, asked.value, 1, asked.units)).cost
    except ValueNeededError:
        return "without a value"
    return cost, (terms.days_min, terms.days_max)


def is_of_a_narrow_hole(cause: str) -> bool:
    """Whether a problem is that a hole is as narrow as a printed gap, or ends between two decimals."""
    return "has a hole of" in cause or "above a hole a single number" in cause or "hundredth of a kg" in cause


def drawn_table(name: str, data: st.DataObject) -> tuple[RateTable, Any, Holds]:
    """A random table in a format, as it is read."""
    writer = WRITERS[name]
    drawn = data.draw(random_tables(writer.holds))
    file = data.draw(files(writer.grid(drawn)))
    options = {"defaults": {}, **file.options, "beside": file.beside}
    return table_of(file.source, name, writer.holds.country, **options), drawn, writer.holds


def check_the_same(table: RateTable, drawn: Any, holds: Holds, name: str, seed: int, **options: Any) -> None:
    """Write the table's rows in a format, read each file, and ask both about the same shipments."""
    given_options = {key: value for key, value in options.items() if key in {"beside", "weight_unit", "decimal"}}
    files = write_table(table.rows(), name, WriteOptions(holds.country, "BRL", **given_options))
    read = {"hole": "fail", "zero_price": "free", "defaults": {}, **given_options}
    again = [table_of(file.content, name, holds.country, **read) for file in files]

    for asked in islice(random_shipments(drawn, holds, Random(seed)), ASKED):  # noqa: S311 — no secret
        if name == "via-varejo" and asked.grams > HEAVIEST:
            continue
        for service in table.services:
            own = [one for one in again if service in one.services or len(table.services) == 1]
            others = {told(one, asked, service if service in one.services else "") for one in own} or {"none"}
            assert others == {told(table, asked, service)}, (asked, service)


@pytest.mark.parametrize("unit", ["g", "kg"])
@pytest.mark.parametrize("name", ["plain", "vtex", "via-varejo"])
@FEW
@given(data=st.data(), seed=st.integers(0, 2**32))
def test_a_table_of_a_format_written_in_it_again_prices_the_same(
    name: str, unit: str, data: st.DataObject, seed: int
) -> None:
    table, drawn, holds = drawn_table(name, data)
    assume(any(row.price >= 0 for row in table.rows()))
    try:
        check_the_same(table, drawn, holds, name, seed, weight_unit=unit)
    except SettingsError as error:
        assume(not all(is_of_a_narrow_hole(one.cause) for one in error.problems))
        raise


@FEW
@given(data=st.data(), seed=st.integers(0, 2**32))
def test_a_mapped_table_written_by_its_mapping_prices_the_same(data: st.DataObject, seed: int) -> None:
    writer = WRITERS["mapping"]
    drawn = data.draw(random_tables(writer.holds))
    file = data.draw(files(writer.grid(drawn)))
    options = {"defaults": {}, **file.options, "beside": file.beside}
    table = table_of(file.source, "mapping", **options)
    assume(any(row.price >= 0 for row in table.rows()))
    mapping = {"mapping": file.beside["mapping"]}
    try:
        check_the_same(table, drawn, writer.holds, "mapping", seed, beside=mapping)
    except SettingsError as error:
        assume(not all(is_of_a_narrow_hole(one.cause) for one in error.problems))
        raise


@pytest.mark.parametrize("target", ["plain", "mapping"])
@pytest.mark.parametrize("name", sorted(set(WRITERS) - {"fees"}))
@FEW
@given(data=st.data(), seed=st.integers(0, 2**32))
def test_a_table_of_any_format_is_written_with_the_same_prices_or_a_problem_says_what_cannot_be_said(
    name: str, target: str, data: st.DataObject, seed: int
) -> None:
    table, drawn, holds = drawn_table(name, data)
    assume(table.axis == "weight" or target == "plain")
    options = {"beside": {"mapping": MAPPING}} if target == "mapping" else {}
    unsaid = ""
    try:
        check_the_same(table, drawn, holds, target, seed, **options)
    except SettingsError as error:
        unsaid = str(error)
    assert not unsaid or "cannot say" in unsaid or "no row with a price" in unsaid or is_of_a_narrow_hole(unsaid), (
        unsaid
    )
