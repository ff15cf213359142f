"""`portes tables export`: a table as the files that a portal takes, written whole or not at all."""

import json
from itertools import count
from pathlib import Path
from types import SimpleNamespace

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


def test_what_was_written_is_told_as_json_too(portes: Portes, table: Path) -> None:
    table.write_text(HEADER.replace("days_max", "days_min,days_max") + LINES.replace(",3\n", ",2,3\n"))
    out = table.parent / "portal"

    told = portes("tables", "export", table, "--for", "via", "--out", out, "--json")

    size = (out / "carrier.csv").stat().st_size
    said = json.loads(told.stdout)
    assert (told.exit_code, said["problems"]) == (0, [])
    assert said["files"] == [{"file": str(out / "carrier.csv"), "rows": 20, "bytes": size}]
    assert said["notes"] == ["Tempo transporte is the longest time; the table has no shortest one"]


@pytest.mark.parametrize(
    ("first", "heading"),
    [("0,333,12.90,3\neconomy,20000000,20999999,333,1000", "Peso Final"), ("333,1000", "Peso Inicial")],
)
def test_a_border_that_via_has_no_decimals_for_is_told_once_in_kg_under_its_own_heading(
    portes: Portes, table: Path, first: str, heading: str
) -> None:
    table.write_text(f"{HEADER}economy,20000000,20999999,{first},12.90,3\n")

    told = portes("tables", "export", table, "--for", "via", "--out", table.parent / "portal", "--json")

    (problem,) = json.loads(told.stdout)["problems"]
    assert told.exit_code == 2
    assert (problem["where"], problem["value"]) == (heading, "0.333 kg")
    assert not (table.parent / "portal").exists()


def test_borders_of_three_decimals_that_a_via_table_has_are_read_as_whole_grams(portes: Portes, table: Path) -> None:
    head = "Contrato Logístico;CEP Inicial;CEP Final;Peso Inicial;Peso Final;Valor Mínimo;Tempo transporte\n"
    lines = "eco;10000000;10999999;0,000;0,333;10,00;3\neco;10000000;10999999;0,334;1,000;12,00;3\n"
    table.write_text(head + lines, encoding="utf-8")
    out = table.parent / "portal"

    told = portes("tables", "export", table, "--for", "plain", "--out", out)

    assert told.exit_code == 0, told.stdout
    written = [line.split(",")[5:8] for line in (out / "carrier.csv").read_text().splitlines()[1:]]
    assert written == [["0", "333", "10.00"], ["333", "1000", "12.00"]]


def test_a_long_export_says_how_far_it_is(portes: Portes, table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table.write_text(
        HEADER + "".join(f"economy,{at:08},{at:08},0,1000,1.00,3\n" for at in range(10_000_000, 10_003_000))
    )
    minutes = count(step=60)
    monkeypatch.setattr("portes.cli.render.progress.time", SimpleNamespace(monotonic=lambda: next(minutes)))

    told = portes("tables", "export", table, "--for", "plain", "--out", table.parent / "portal")

    assert told.exit_code == 0, told.stdout
    assert [line for line in told.stderr.splitlines() if line.startswith("written")] == ["written: 100 %"]


def test_what_a_mapping_has_no_column_for_is_told_once_with_an_amount_as_people_write_it(
    portes: Portes, table: Path
) -> None:
    mapping = table.with_name("sheet.toml")
    portes("tables", "detect", table, "--write", mapping)
    table.write_text(
        "service,postal_from,postal_to,weight_from_g,weight_to_g,price,price_per_extra_kg,days_max\n"
        "economy,10000000,10999999,0,1000,12.90,0.81,3\neconomy,11000000,11999999,0,1000,12.90,1.03,3\n"
    )

    told = portes("tables", "export", table, "--for", "mapping", "--mapping", mapping)

    assert told.exit_code == 2
    assert told.stdout.count("the mapping cannot say") == 1
    assert "10000000-10999999: the mapping cannot say excess_weight, such as 0.81; add a column" in told.stdout


def test_a_mapping_that_is_not_named_is_asked_for_by_the_option_that_takes_it(portes: Portes, table: Path) -> None:
    told = portes("tables", "export", table, "--for", "mapping")

    assert (told.exit_code, "--mapping" in told.stdout, "--beside" in told.stdout) == (2, True, False)


@pytest.mark.parametrize("target", ["axado", "nonsense"])
def test_a_format_that_cannot_be_written_is_answered_with_those_that_can(
    portes: Portes, table: Path, target: str
) -> None:
    told = portes("tables", "export", table, "--for", target)

    assert told.exit_code == 2
    assert "choose one of mapping, plain, via-varejo, vtex" in told.stdout
