"""Files of rows: a header of another kind, and days written in one way only."""

from typing import Any

import pytest

from portes.contract import Rate
from portes.errors import Problems, SettingsError
from portes.tables.reading.cells import Cells
from portes.tables.reading.columns import Column
from portes_correos_es.sources import Source

HEADER = "version,valid_from,valid_to,product,mode,zone,over_kg,up_to_kg,net_eur\n"


def test_a_file_of_another_kind_is_refused_at_its_header() -> None:
    problems = Problems("x.csv")

    assert (
        list(Source("x.csv", b"a,b\n1,2\n").lines((Column("a", Cells.text), Column("c", Cells.text)), problems)) == []
    )
    assert [problem.value for problem in problems.all()] == ["b", ""]


@pytest.mark.parametrize(
    "day", ["20261231", "2026-W53-4", "2026-12-3199", "31/12/2026", "46387", "2026-12-31T12:00:00"]
)
def test_a_day_is_written_in_one_way_only(desk: Any, day: str) -> None:
    tariff = desk.write("tariff.csv", f"{HEADER}c,2026-01-01,{day},paq_estandar,home,3,0,30,4.00\n")

    with pytest.raises(SettingsError) as caught:
        desk.carrier(tariff=tariff)

    (problem,) = caught.value.problems
    assert (problem.line, problem.where, problem.cause) == (2, "valid_to", "is no day")
    assert problem.fix == "write it as 2026-12-31"


def test_a_workbooks_day_without_an_hour_is_a_day(desk: Any) -> None:
    row = "c,2026-01-01T00:00:00, 2026-12-31 ,paq_estandar,home,3,0,30,4.00\n"

    assert isinstance(desk.outcome(desk.carrier(tariff=desk.write("tariff.csv", HEADER + row))), Rate)
