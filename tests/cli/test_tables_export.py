"""`portes tables export`: a table as the files that a portal takes, written whole or not at all."""

from pathlib import Path

import pytest
from terminal import Portes

HEADER = "service,postal_from,postal_to,weight_from_g,weight_to_g,price,days_max\n"
LINES = "".join(
    f"economy,{at:02d}000000,{at:02d}999999,{low},{high},{price},3\n"
    for at in range(10, 20)
    for low, high, price in ((0, 1000, "12.90"), (1000, 30000, "35.50"))
)
STORE = """
[service]
state = "state"
[store]
name = "shop"
country = "BR"
currency = "BRL"
timezone = "America/Sao_Paulo"
calendar = "BR-SP"
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A sound table of ten ranges with two brackets each."""
    file = tmp_path / "carrier.csv"
    file.write_text(HEADER + LINES)
    return file


@pytest.mark.parametrize(
    ("target", "name"), [("vtex", "carrier.xls"), ("via", "carrier.csv"), ("plain", "carrier.csv")]
)
def test_a_file_is_written_for_a_portal_and_its_rows_are_told(
    portes: Portes, table: Path, target: str, name: str
) -> None:
    out = table.parent / "portal"

    told = portes("tables", "export", table, "--for", target, "--out", out)

    assert told.exit_code == 0, told.stdout
    size = (out / name).stat().st_size
    assert told.stdout.startswith(f"Wrote {out / name}: 20 rows, {size} bytes.\n")
    assert portes("tables", "check", out / name).exit_code == 0


def test_limits_split_the_files_between_ranges(portes: Portes, table: Path) -> None:
    out = table.parent / "portal"

    told = portes("tables", "export", table, "--for", "plain", "--out", out, "--most-rows", "7", "--stem", "part")

    assert told.exit_code == 0
    assert [line.split(": ")[1].split(",")[0] for line in told.stdout.splitlines()] == ["6 rows"] * 3 + ["2 rows"]
    assert sorted(path.name for path in out.iterdir()) == [f"part-{number}.csv" for number in range(1, 5)]


def test_a_file_that_is_there_is_not_written_over_unless_that_is_said(portes: Portes, table: Path) -> None:
    before = table.read_text()

    refused = portes("tables", "export", table, "--for", "plain", "--out", table.parent)
    unchanged = table.read_text()
    forced = portes("tables", "export", table, "--for", "plain", "--out", table.parent, "--force")

    assert (refused.exit_code, unchanged) == (2, before)
    assert "is there already" in refused.stdout
    assert forced.exit_code == 0
    assert table.read_text() != before


def test_what_the_portal_cannot_say_is_told_and_nothing_is_written(portes: Portes, table: Path) -> None:
    table.write_text(HEADER.replace("\n", ",minimum\n") + LINES.replace(",3\n", ",3,5.00\n"))
    out = table.parent / "portal"

    told = portes("tables", "export", table, "--for", "vtex", "--out", out)

    assert told.exit_code == 2
    assert "vtex cannot say a minimum of the whole row" in told.stdout
    assert not out.exists()


def test_a_mapping_writes_a_portal_s_own_columns(portes: Portes, table: Path) -> None:
    mapping = table.with_suffix(".toml")
    mapping.write_text(
        'weight_unit = "kg"\ndecimal = ","\n[columns]\n"Faixa" = "postal_range"\n"Obs" = "ignore"\n'
        '"De kg" = "weight_from"\n"Até kg" = "weight_to"\n"Frete" = "price"\n"Dias" = "days_max"\n'
    )
    out = table.parent / "portal"

    told = portes("tables", "export", table, "--for", "mapping", "--mapping", mapping, "--out", out)

    assert told.exit_code == 0, told.stdout
    lines = (out / "carrier.csv").read_text(encoding="utf-8").splitlines()
    assert lines[:2] == ['Faixa;Obs;"De kg";"Até kg";Frete;Dias', '"10000000 a 10999999";;0;1;12,90;3']


def test_a_version_that_a_store_keeps_is_written_too(portes: Portes, table: Path) -> None:
    store = table.parent / "portes.toml"
    store.write_text(STORE)
    kept = portes("tables", "import", table, "--store", store)
    out = table.parent / "portal"

    told = portes("tables", "export", "carrier@1", "--for", "vtex", "--store", store, "--out", out)

    assert kept.exit_code == 0, kept.stdout
    assert told.exit_code == 0, told.stdout
    assert (out / "carrier.xls").exists()
