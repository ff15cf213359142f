"""`portes tables`: what a rate table holds, everything that is wrong with it, or which format it is in."""

import json
from pathlib import Path

import pytest
from terminal import Portes

HEADER = "service,postal_from,postal_to,weight_from_g,weight_to_g,price,days_max\n"
NOTED = """
from portes.tables import Row, Terms

class Noted:
    version = 1

    def read(self, source, options, problems):
        problems.note("column colour is a decoration")
        problems.note("column colour is a decoration")
        code = options.beside["places"].decode().strip()
        yield Row(1, "", code, code, 0, 10**6, 10**9, 10**6, Terms(1, 1))
"""


def test_a_sound_table_says_what_it_holds(portes: Portes, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text(HEADER + "economy,01000000,05999999,0,1000,12.90,3\neconomy,01000000,05999999,1000,,20.00,3\n")

    told = portes("tables", "check", file, "--format", "plain")

    assert told.exit_code == 0
    assert told.stdout.startswith(
        f"Nothing to mend in {file}: 2 rows, 1 postal ranges, weights from 0 g to 1000 g and above, "
        "prices from 12.90 BRL to 20.00 BRL, 3 to 3 business days"
    )
    assert "services economy" in told.stdout


@pytest.mark.parametrize("border", ["weight_to_kg", "Peso final (kg)"])
def test_weights_are_told_in_the_unit_that_the_header_states(portes: Portes, tmp_path: Path, border: str) -> None:
    file = tmp_path / "table.csv"
    file.write_text(
        HEADER.replace("weight_to_g", border).replace("_g", "_kg") + "economy,01000000,05999999,0,30,12.90,3\n"
    )

    told = portes("tables", "check", file)

    assert "weights from 0 kg to 30 kg" in told.stdout
    assert "Please look" not in told.stdout


def test_every_problem_is_named_with_line_column_and_value(portes: Portes, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text(HEADER + "economy,0100000x,05999999,0,1000,dear,3\neconomy,06000000,09999999,0,1000,1.00,soon\n")

    told = portes("tables", "check", file, "--format", "plain")

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


@pytest.mark.parametrize(
    ("unit", "top", "weights", "question"),
    [
        ("g", "30", "weights from 0 g to 30 g", "the heaviest bracket ends at 30 g: are these kg? If so, "),
        ("g", "30000", "weights from 0 g to 30000 g", ""),
        ("kg", "30.5", "weights from 0 kg to 30.5 kg", ""),
        ("kg", "30000", "weights from 0 kg to 30000 kg", "the heaviest bracket ends at 30000 kg: are these g? If so, "),
    ],
)
def test_the_spans_are_told_and_a_unit_that_is_hardly_meant_is_asked_about(
    portes: Portes, tmp_path: Path, unit: str, top: str, weights: str, question: str
) -> None:
    file = tmp_path / "table.csv"
    file.write_text(
        "ZipCodeStart,ZipCodeEnd,WeightStart,WeightEnd,AbsoluteMoneyCost,PricePercent,TimeCost\n"
        f"01000000,05999999,0,{top},12.90,0.3%,3\n06000000,06999999,0,{top},9.90,0.66%,3\n"
    )

    told = portes("tables", "check", file, "--format", "vtex", "--weight-unit", unit)

    assert told.exit_code == 0
    assert f"{weights}, prices from 9.90 BRL to 12.90 BRL, 0.3 % to 0.66 % of the declared value" in told.stdout
    assert (f"Please look: {question}" in told.stdout) == bool(question)
    assert ("Please look" in told.stdout) == bool(question)


@pytest.mark.parametrize(
    ("flag", "value", "fix"),
    [
        ("--country", "UK", "write GB: UK is no code of ISO 3166-1"),
        ("--country", "br", "write BR"),
        ("--currency", "R$", "write BRL"),
        ("--encoding", "ansi", "write utf-8 or windows-1252"),
        ("--encoding", "hex", "write utf-8 or windows-1252"),
    ],
)
def test_a_flag_that_is_none_is_refused_with_what_is_meant(
    portes: Portes, tmp_path: Path, flag: str, value: str, fix: str
) -> None:
    (tmp_path / "table.csv").write_text(HEADER + "economy,01000000,05999999,0,1000,12.90,3\n")

    told = portes("tables", "check", tmp_path / "table.csv", flag, value)

    assert told.exit_code == 2
    assert fix in " ".join(told.stderr.replace("│", " ").split())


def test_an_unknown_format_names_the_installed_ones(portes: Portes, tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text(HEADER)

    told = portes("tables", "check", tmp_path / "table.csv", "--format", "excel")

    assert told.exit_code == 2
    assert {"plain,", "vtex"} <= set(told.stdout.split())


def test_brackets_of_value_and_exact_prices_are_told_as_they_are(portes: Portes, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text("postal_from,postal_to,value_from,value_to,price,days_max\n01000000,05999999,0,99.90,66.1024,3\n")

    told = portes("tables", "check", file)

    assert "values from 0.00 BRL to 99.90 BRL, prices from 66.1024 BRL to 66.1024 BRL" in told.stdout
    assert "Please look" not in told.stdout


def test_rows_on_request_are_counted(portes: Portes, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text(HEADER + "economy,01000000,05999999,0,1000,sob consulta,3\n")

    assert "1 rows on request" in portes("tables", "check", file).stdout


def test_overlaps_and_holes_are_understood_as_the_flags_say(portes: Portes, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    rows = "a,01000000,05999999,0,1000,1.00,3\na,01000000,05999999,2000,3000,2.00,3\na,01300000,01399999,0,9,3.00,3\n"
    file.write_text(HEADER + rows)

    assert portes("tables", "check", file, "--format", "plain").stdout.count("\n") == 2
    assert portes("tables", "check", file, "--overlap", "narrowest", "--hole", "fail").exit_code == 0


def test_a_note_of_a_format_that_reads_a_file_beside_the_table_is_printed(
    portes: Portes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = tmp_path / "site"
    (site / "noted-1.0.dist-info").mkdir(parents=True)
    (site / "noted_format.py").write_text(NOTED)
    (site / "noted-1.0.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: noted\nVersion: 1.0\n")
    entry = "[portes.table_formats]\nnoted = noted_format:Noted\n"
    (site / "noted-1.0.dist-info" / "entry_points.txt").write_text(entry)
    monkeypatch.syspath_prepend(site)
    file, places = tmp_path / "table.csv", tmp_path / "places.csv"
    file.write_text("x")
    places.write_text("01512651")

    told = portes("tables", "check", file, "--format", "noted", "--beside", f"places={places}")

    assert told.exit_code == 0
    assert told.stdout.splitlines()[1] == "Note: column colour is a decoration."


@pytest.mark.parametrize(("given", "said"), [("places", "NAME=FILE"), ("places=nowhere.csv", "cannot be read")])
def test_a_file_beside_the_table_that_cannot_be_had_is_told(
    portes: Portes, tmp_path: Path, given: str, said: str
) -> None:
    file = tmp_path / "table.csv"
    file.write_text(HEADER + "economy,01000000,05999999,0,1000,12.90,3\n")

    told = portes("tables", "check", file, "--beside", given)

    assert told.exit_code == 2
    assert said in told.stdout + told.stderr


VTEX = "ZipCodeStart;ZipCodeEnd;WeightStart;WeightEnd;AbsoluteMoneyCost;TimeCost\n01000000;05999999;0;1000;12,90;3\n"
MIXED = "CEP de;CEP até;até 5kg;5 a 10kg;Prazo;Taxa X\n01000000;05999999;8,49;9,00;2;1\n"


def test_without_a_format_the_first_line_says_which_one_was_found_out(portes: Portes, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text(VTEX)

    told = portes("tables", "check", file)

    assert told.exit_code == 0
    first, second = told.stdout.splitlines()
    assert first.startswith("Format vtex: line 1 has ZipCodeStart, ")
    assert second.startswith(f"Nothing to mend in {file}: 1 rows")


def test_a_file_in_no_format_is_told_how_to_get_a_mapping(portes: Portes, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text(MIXED)

    told = portes("tables", "check", file)

    assert told.exit_code == 2
    assert f"`portes tables detect {file} --write FILE.toml` writes a mapping" in told.stdout


def test_a_written_mapping_is_edited_and_then_checked(portes: Portes, tmp_path: Path) -> None:
    file, mapping = tmp_path / "table.csv", tmp_path / "table.toml"
    file.write_text(MIXED)

    told = portes("tables", "detect", file, "--write", mapping)
    before = portes("tables", "check", file, "--beside", f"mapping={mapping}")
    mapping.write_text(mapping.read_text(encoding="utf-8").replace('# "Taxa X"', '"Taxa X"'), encoding="utf-8")
    after = portes("tables", "check", file, "--beside", f"mapping={mapping}")

    assert told.exit_code == 0
    assert told.stdout.splitlines()[0].startswith(f"{file} is in no installed format: ")
    assert (before.exit_code, after.exit_code) == (2, 0)
    assert "(got 'Taxa X')" in before.stdout
    assert "2 rows, 1 postal ranges, weights from 0 g to 10000 g" in after.stdout


def test_a_mapping_that_is_there_is_not_written_over(portes: Portes, tmp_path: Path) -> None:
    file, mapping = tmp_path / "table.csv", tmp_path / "table.toml"
    file.write_text(MIXED)
    mapping.write_text("mine")

    told = portes("tables", "detect", file, "--write", mapping)

    assert told.exit_code == 2
    assert mapping.read_text() == "mine"


def test_detect_says_the_format_why_and_what_is_doubtful(portes: Portes, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text(VTEX.replace("12,90", "1.290"))

    told = portes("tables", "detect", file)

    first, second = told.stdout.splitlines()
    assert first.startswith(f"{file} is in the format vtex: line 1 has ZipCodeStart, ")
    assert second.startswith("Doubt: line 2: AbsoluteMoneyCost: may mean")
    assert told.exit_code == 0


def test_what_is_found_out_can_be_had_as_json(portes: Portes, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text(MIXED)

    told = portes("tables", "detect", file, "--json")

    said = json.loads(told.stdout)
    assert (said["format"], said["doubts"], said["written"]) == (None, [], None)
    assert "[columns]" in said["mapping"]
    assert told.exit_code == 2


def test_a_check_can_be_had_as_json(portes: Portes, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text(VTEX)

    sound = json.loads(portes("tables", "check", file, "--json").stdout)
    file.write_text(VTEX.replace("12,90", "dear"))
    broken = json.loads(portes("tables", "check", file, "--json", "--format", "vtex").stdout)

    assert (sound["format"], sound["problems"], sound["summary"]["rows"]) == ("vtex", [], 1)
    assert sound["detected"].startswith("line 1 has ZipCodeStart")
    assert broken["summary"] is None
    assert [(each["line"], each["where"], each["value"]) for each in broken["problems"]] == [
        (2, "AbsoluteMoneyCost", "dear")
    ]


def test_a_file_that_cannot_be_read_is_told_by_detect(portes: Portes, tmp_path: Path) -> None:
    told = portes("tables", "detect", tmp_path / "missing.csv")

    assert told.exit_code == 2
    assert "cannot be read: No such file" in told.stdout


def test_a_fee_table_is_checked_without_brackets_and_days(portes: Portes, tmp_path: Path) -> None:
    file = tmp_path / "access.csv"
    file.write_text("state,town,price\nSC,Blumenau,32.06\nMG,Abaete,50.85\n")

    told = portes("tables", "check", file, "--fees")

    assert (told.exit_code, portes("tables", "check", file).exit_code) == (0, 2)
    assert "prices from 32.06 BRL to 50.85 BRL" in told.stdout
    assert "days" not in told.stdout
    assert "Please look" not in told.stdout


def test_what_the_file_lacks_is_declared_for_all_rows(portes: Portes, tmp_path: Path) -> None:
    file = tmp_path / "table.csv"
    file.write_text("postal_from,postal_to,weight_from_g,weight_to_g,price\n01000000,05999999,0,1000,12.90\n")

    told = portes("tables", "check", file, "--default", "days_max=5")

    assert "5 business days" in told.stdout
    again = portes("tables", "check", file, "--default", "days_max=5", "--default", "days_max=6")
    assert "no COLUMN=VALUE of its own" in again.stderr
