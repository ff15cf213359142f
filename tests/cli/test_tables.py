"""`portes tables check`: what a rate table holds, or everything that is wrong with it."""

from pathlib import Path

from terminal import Portes

HEADER = "service,postal_from,postal_to,weight_from_g,weight_to_g,price,days_max\n"


def test_a_sound_table_says_what_it_holds(portes: Portes, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text(HEADER + "economy,01000000,05999999,0,1000,12.90,3\neconomy,01000000,05999999,1000,,20.00,3\n")

    told = portes("tables", "check", file)

    assert told.exit_code == 0
    assert told.stdout.startswith(
        f"Nothing to mend in {file}: 2 rows, 1 postal ranges, prices from 12.90 BRL to 20.00 BRL"
    )
    assert "services economy" in told.stdout


def test_every_problem_is_named_with_line_column_and_value(portes: Portes, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text(HEADER + "economy,0100000x,05999999,0,1000,dear,3\neconomy,06000000,09999999,0,1000,1.00,soon\n")

    told = portes("tables", "check", file)

    assert told.exit_code == 2
    lines = told.stdout.splitlines()
    assert [line.removeprefix(f"{file}:").split(": ")[:2] for line in lines] == [
        ["2", "postal_from"],
        ["2", "price"],
        ["3", "days_max"],
    ]


def test_what_the_file_leaves_open_is_declared_with_flags(portes: Portes, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    header = HEADER.replace(",", ";")
    file.write_bytes((header + "económico;01001;52999;0;1000;3,250;3\n").encode("windows-1252"))
    flags = ["--country", "ES", "--currency", "EUR", "--separator", "semicolon", "--decimal", "comma"]

    told = portes("tables", "check", file, *flags, "--encoding", "windows-1252")

    assert "prices from 3.25 EUR to 3.25 EUR" in told.stdout
    assert "services económico" in told.stdout


def test_an_unknown_format_names_the_installed_ones(portes: Portes, tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text(HEADER)

    told = portes("tables", "check", tmp_path / "table.csv", "--format", "excel")

    assert told.exit_code == 2
    assert "plain, vtex" in told.stdout
