"""A random table, written in any format as a shop would send it, prices random shipments as it did before."""

from importlib.metadata import entry_points
from itertools import islice
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_tables.drawing import random_shipments, random_tables
from random_tables.dressing import files
from random_tables.nouns import Asked
from random_tables.oracle import Told, price_of
from random_tables.writers import WRITERS

from portes.tables import (
    NoRow,
    PricedLoad,
    RateTable,
    ReadOptions,
    Tariff,
    TariffPricer,
    ValueNeededError,
    open_table,
)

FEW = settings(max_examples=max(1, settings().max_examples // 4))
"""Of each format six where others have twenty-five, for there are many formats."""
ASKED = 60
PRICER = TariffPricer(Tariff())
REASONS = {
    NoRow.SERVICE: "no such service",
    NoRow.ORIGIN: "not from there",
    NoRow.RANGE: "not to there",
    NoRow.BELOW: "below the lowest",
    NoRow.HOLE: "in a hole",
    NoRow.ABOVE: "above the highest",
    NoRow.ON_REQUEST: "on request",
}


def told(table: RateTable, asked: Asked) -> Told:
    """What the product says of a shipment: its cost and days, or why it has none."""
    found = table.find(asked.service, asked.code, asked.measure(table.axis), asked.origin)
    if isinstance(found, NoRow):
        return REASONS[found]
    terms = found.terms
    if terms.max_volume and asked.cm3 * 1000 > terms.max_volume:
        return "too large"
    try:
        cost = PRICER.charge(found, PricedLoad(asked.grams * 1000, asked.value, 1, asked.units)).cost
    except ValueNeededError:
        return "without a value"
    return cost, (terms.days_min, terms.days_max)


def read_back(source: bytes, name: str, options: ReadOptions) -> RateTable:
    with TemporaryDirectory() as folder:
        path = Path(folder, "table")
        path.write_bytes(source)
        return open_table(path, name, options)


@pytest.mark.parametrize("name", WRITERS)
@FEW
@given(data=st.data(), seed=st.integers(0, 2**32))
def test_a_table_written_in_a_format_prices_as_it_did_before(name: str, data: st.DataObject, seed: int) -> None:
    writer = WRITERS[name]
    drawn = data.draw(random_tables(writer.holds))
    file = data.draw(files(writer.grid(drawn)))

    table = read_back(file.source, name, ReadOptions(writer.holds.country, "BRL", **file.options, beside=file.beside))

    for asked in islice(random_shipments(drawn, writer.holds, Random(seed)), ASKED):  # noqa: S311 — no secret
        assert told(table, asked) == price_of(drawn, asked), asked


def test_every_format_of_ours_has_a_writer() -> None:
    ours = [entry for entry in entry_points(group="portes.table_formats") if entry.value.startswith("portes.")]

    assert {entry.name for entry in ours} == set(WRITERS)
