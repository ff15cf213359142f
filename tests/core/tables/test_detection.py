"""Which format a file of unknown layout is in: by the words of its header, never by trying alone."""

import tomllib
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook  # type: ignore[import-untyped]  # it comes without types

from portes.errors import Problem
from portes.tables import ReadOptions, check_table, detect_table

SAMPLES = Path(__file__).parent / "samples"
BRAZIL = ReadOptions(country="BR", currency="BRL")
Write = Callable[..., Path]

PLAIN = "postal_from,postal_to,weight_from_g,weight_to_g,price,days_max\n01000000,05999999,0,1000,12.90,3\n"
COMMON = "CEP Inicial;CEP Final;Peso inicial (kg);Peso final (kg);Valor;Prazo\n01000000;05999999;0;10;12,90;3\n"
VTEX = "ZipCodeStart;ZipCodeEnd;WeightStart;WeightEnd;AbsoluteMoneyCost;TimeCost\n01000000;05999999;0;1000;12,90;3\n"
TOLL = "for each shipment, each started 100 kg, or percent = true?"
STRANGE = "Praça;Kg a;Tarifa;Taxa X\nCapital;10;12,90;1\n"


@pytest.mark.parametrize(
    ("sample", "name", "doubts"),
    [
        ("plain-contract.csv", "plain", []),
        ("plain-by-value.csv", "plain", []),
        ("plain.xls", "plain", []),
        (
            "odd-cells.xls",
            "plain",
            ["line 2: price: is an error of the spreadsheet", "2 more problems; `portes tables"],
        ),
        ("percent.xls", "plain", []),
        ("vtex-template.csv", "vtex", ["line 6: PolygonName: a drawn area cannot be priced"]),
        ("vtex-template-two-sheets.xlsx", "vtex", ["a drawn area cannot be priced"]),
        ("vtex-variant-semicolon-comma.csv", "vtex", []),
        ("mapped-proposal.csv", "proposal", ["Pedágio: does not say whether the toll is for a shipment"]),
        ("mapped-letters.csv", "", []),
        ("nova-oito.csv", "nova-oito", []),
        ("toplojas.csv", "toplojas", []),
        ("via-varejo.csv", "via-varejo", []),
        ("vnda.csv", "", []),
        ("correios-generator.csv", "correios-generator", ["are these kg?"]),
        ("full.csv", "full", []),
        ("minimal.csv", "minimal", []),
        ("frenet.csv", "frenet", ["may be one price for whatever is heavier"]),
        ("proposal.csv", "proposal", ["a part of the state that each carrier draws otherwise"]),
        ("axado-routes.csv", "axado", ["the file of prices for each kg is missing"]),
        ("magento-weight.csv", "magento", ["column days_max is missing"]),
        ("magento-subtotal.csv", "magento", ["column days_max is missing"]),
        ("matrixrate.csv", "matrixrate", ["column days_max is missing"]),
        ("spanish-postal.csv", "spanish", ["column days_max is missing"]),
        ("fees-by-town.csv", "fees", []),
        ("fees-two-tables.csv", "fees", []),
        ("fees-seven-tiers.csv", "fees", []),
        ("southern-zones.csv", "fees", []),
    ],
)
def test_each_sample_is_known_for_what_it_is(sample: str, name: str, doubts: list[str]) -> None:
    found = detect_table(SAMPLES / sample, BRAZIL)

    assert (found.format, len(found.doubts)) == (name, len(doubts)), found.doubts
    assert all(doubt in told for doubt, told in zip(doubts, found.doubts, strict=True))


def test_fees_by_place_are_known_and_told_whose_file_they_are() -> None:
    found = detect_table(SAMPLES / "fees-two-tables.csv", BRAZIL)

    assert "fees by place, which a component of a tariff names as its file" in found.why
    assert found.report is not None
    assert found.report.of_fees
    assert found.report.summary is not None


@pytest.mark.parametrize("column", ["Prazo", "Peso até (kg)"])
def test_what_states_days_or_brackets_of_weight_is_no_file_of_fees(write: Write, column: str) -> None:
    text = f"Filial;Bairro;Cidade;UF;CEP Inicial;CEP Final;Valor;{column}\n1;Sé;São Paulo;SP;01000000;01999999;9,90;3\n"

    assert detect_table(write(text), BRAZIL).format != "fees"


@pytest.mark.parametrize(
    ("sample", "word", "name"),
    [
        ("axado-prices.csv", "prices", "axado"),
        ("axado-places.csv", "places", "plain"),
        ("proposal-places.csv", "places", "proposal"),
    ],
)
def test_a_file_that_belongs_beside_a_table_is_told_how_to_name_it(sample: str, word: str, name: str) -> None:
    found = detect_table(SAMPLES / sample, BRAZIL)

    assert (found.format, found.draft) == ("", "")
    assert f"these are the {word} that belong beside a table, in the format {name} for example" in found.why
    assert f"--beside {word}={SAMPLES / sample}" in found.why


def test_the_words_are_told_by_which_a_format_is_known(write: Write) -> None:
    found = detect_table(write("Tabela de fretes\n\n" + VTEX), BRAZIL)

    assert found.format == "vtex"
    assert found.why == ("line 3 has ZipCodeStart, ZipCodeEnd, WeightStart, WeightEnd, AbsoluteMoneyCost, TimeCost")


def test_names_that_everybody_uses_are_the_plain_format(write: Write) -> None:
    found = detect_table(write(COMMON), BRAZIL)

    assert (found.format, found.doubts) == ("plain", ())
    assert found.why.startswith("line 1 has names that everybody uses: CEP Inicial (postal_from), ")


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        (COMMON.replace(" (kg)", ""), "does not say its unit"),
        (COMMON.replace(";Prazo", "").replace(";3", ""), "column days_max is missing"),
    ],
)
def test_common_names_that_lack_only_what_can_be_declared_are_the_plain_format(
    write: Write, text: str, cause: str
) -> None:
    found = detect_table(write(text), BRAZIL)

    assert found.format == "plain"
    assert all(cause in doubt and "declare" in doubt for doubt in found.doubts)
    assert found.doubts


def test_columns_below_groups_are_known_by_both_names(write: Write) -> None:
    text = "CEP;;Peso (kg);;Valor;Prazo\nDe;Até;De;Até;;\n01000-000;05999-999;0;10;12,90;3\n"
    found = detect_table(write(text), BRAZIL)

    assert (found.format, found.doubts) == ("plain", ())
    assert "CEP De (postal_from)" in found.why


def test_a_few_words_among_many_others_are_no_format(write: Write) -> None:
    text = "canto;country;cota;until;price\n28;ES;0;1;4.50\n"

    assert detect_table(write(text), BRAZIL).format == ""


def test_a_column_that_is_not_understood_is_a_doubt_with_its_line(write: Write) -> None:
    found = detect_table(write(PLAIN.replace("days_max", "days_max,Taxa X").replace(",3\n", ",3,1\n")), BRAZIL)

    assert found.format == "plain"
    (doubt,) = found.doubts
    assert doubt.startswith("line 1: header: is no column of this format (got 'Taxa X')")


def test_a_unit_that_is_not_told_is_a_doubt(write: Write) -> None:
    (doubt,) = detect_table(write(VTEX.replace(";1000;", ";30;")), BRAZIL).doubts

    assert "are these kg?" in doubt


def test_a_number_that_may_mean_two_things_is_a_doubt(write: Write) -> None:
    (doubt,) = detect_table(write(VTEX.replace("12,90", "1.290")), BRAZIL).doubts

    assert doubt.startswith("line 2: AbsoluteMoneyCost: may mean")


TWIN = """
class First:
    version = 1
    marks = ("Praça", "Kg a", "Tarifa", "Taxa X")

    def read(self, source, options, problems):
        problems.add("Tarifa", "?", "is only a test", "take it out", 2)
        return ()

class Second(First):
    pass
"""


def test_two_formats_that_fit_are_told(write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    site = tmp_path / "site"
    info = site / "twins-1.0.dist-info"
    info.mkdir(parents=True)
    (site / "twin_formats.py").write_text(TWIN)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: twins\nVersion: 1.0\n")
    points = "[portes.table_formats]\nfirst = twin_formats:First\nsecond = twin_formats:Second\n"
    (info / "entry_points.txt").write_text(points)
    monkeypatch.syspath_prepend(site)

    found = detect_table(write(STRANGE), BRAZIL)

    assert found.format == "first"
    assert found.doubts[0] == "it fits second as well"


def test_a_mapping_beside_the_file_is_its_format(write: Write) -> None:
    held = {"mapping": (SAMPLES / "mapped-letters.toml").read_bytes()}
    found = detect_table(SAMPLES / "mapped-letters.csv", ReadOptions("BR", "BRL", beside=held))

    assert (found.format, found.doubts) == ("mapping", ())


@pytest.mark.parametrize(("declared", "text", "name"), [("plain", VTEX, "vtex"), ("vtex", COMMON, "plain")])
def test_a_file_under_another_formats_name_is_told_its_own(
    problems: Callable[..., tuple[Problem, ...]], declared: str, text: str, name: str
) -> None:
    (wrong,) = problems(text, declared)

    assert (wrong.cause, wrong.fix) == (f"is one of the format {name}", f'declare format = "{name}" (--format {name})')


def draft_of(path: Path) -> str:
    """The mapping that is written for a file."""
    return detect_table(path, BRAZIL).draft


def test_a_draft_has_what_is_understood_and_comments_the_rest_out(write: Write) -> None:
    text = (
        "UF;CEP de;CEP até;até 5kg;acima de 5kg;GRIS;ADV mín;Pedágio;Prazo;Taxa X\n"
        "SP;01000000;05999999;8,49;9,00;0,30%;1,00;6,46;2;7\n"
    )

    assert draft_of(write(text)).splitlines()[3:] == [
        "[columns]",
        '"UF" = "ignore"',
        '"CEP de" = "postal_from"',
        '"CEP até" = "postal_to"',
        '"até 5kg" = { field = "price", bracket = "header" }',
        '# "acima de 5kg" = { field = "price", bracket = "header" } # a price, or excess_weight, for each kg?: 9,00',
        '"GRIS" = { fee = "risk_management", percent = true }',
        '"ADV mín" = { fee = "ad_valorem", least = true }',
        f'# "Pedágio" = {{ fee = "toll", per = "started_100_kg" }} # {TOLL}: 6,46',
        '"Prazo" = "days_max"',
        '# "Taxa X" = "ignore" # not understood: 7',
        "",
        "[defaults]",
    ]


def test_a_draft_asks_for_the_unit_of_weights_and_for_days(write: Write) -> None:
    lines = draft_of(write("CEP;Peso de;Peso até;Preço\n01310-100;0;10;12,90\n")).splitlines()

    assert '# weight_unit = "kg" # or "g": no heading says it' in lines
    assert lines[-1] == "# days_max = 5"


def test_a_draft_of_a_file_without_a_header_has_letters() -> None:
    lines = draft_of(SAMPLES / "mapped-letters.csv").splitlines()

    assert "header = false" in lines
    assert any(line.startswith('# C = "ignore" # ') for line in lines)


def test_a_draft_of_headings_that_stand_there_twice_has_letters(write: Write) -> None:
    draft = draft_of(write("CEP de;CEP até;Valor;Valor;Prazo\n01000000;05999999;12,90;1;2\n"))

    meant = tomllib.loads(draft)
    assert (meant["header"], meant["first_line"]) == (False, 2)
    assert meant["columns"] == {"A": "postal_from", "B": "postal_to", "C": "price", "E": "days_max"}


def test_a_draft_can_be_checked_at_once(write: Write) -> None:
    path = write("CEP de;CEP até;até 5kg;5 a 10kg;Prazo\n01000000;05999999;8,49;9,00;2\n")
    held = {"mapping": draft_of(path).encode()}

    assert check_table(path, "mapping", ReadOptions("BR", "BRL", beside=held)).problems == ()


def of_any_file(path: Path, source: bytes) -> None:
    """Detection of anything raises nothing, and its draft is a mapping that reads the file or tells why not."""
    path.write_bytes(source)
    found = detect_table(path, BRAZIL)
    if not found.draft:
        return
    tomllib.loads(found.draft)
    report = check_table(path, "mapping", ReadOptions("BR", "BRL", beside={"mapping": found.draft.encode()}))
    assert report.problems or report.summary
    wrong = [problem for problem in report.problems if "TOML" in problem.cause or "is no key" in problem.cause]
    assert wrong == []


ONE_FILE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
WORDS = st.sampled_from(
    [
        "CEP", "CEP de", "CEP até", "até 300g", "até 10", "10 a 20 kg", "acima de 30kg", "exc./kg", "GRIS %", "Pedágio",
        "Prazo", "Valor", "Peso de", "Peso até (kg)", "UF", "Região", "Cidade", "", "price", "ZipCodeStart", "TimeCost",
        "weight_from_g", 'Taxa "X"', "#", "a\tb", "12,90", "01310-100", "3", "é\x7f", "\u202e", "sep=;", "A", "-",
    ]
)  # fmt: skip
CELLS = st.one_of(WORDS, st.text(max_size=8))


@ONE_FILE
@given(source=st.binary(max_size=200))
def test_any_bytes_are_no_crash(tmp_path: Path, source: bytes) -> None:
    of_any_file(tmp_path / "any", source)


@ONE_FILE
@given(lines=st.lists(st.lists(CELLS, min_size=1, max_size=8), min_size=1, max_size=5), sign=st.sampled_from(",;\t"))
def test_any_headers_are_no_crash(tmp_path: Path, lines: list[list[str]], sign: str) -> None:
    text = "\n".join(sign.join('"' + cell.replace('"', '""') + '"' for cell in line) for line in lines)
    of_any_file(tmp_path / "any.csv", text.encode("utf-8", "replace"))


@pytest.mark.exhaustive
@ONE_FILE
@given(
    lines=st.lists(
        st.lists(st.one_of(WORDS, st.integers(-1, 10**9), st.floats(0, 1000)), min_size=1, max_size=6), max_size=4
    )
)
def test_any_workbook_is_no_crash(tmp_path: Path, lines: list[list[str | float]]) -> None:
    book, held = Workbook(), BytesIO()
    sheet = book.active
    assert sheet is not None
    for line in lines:
        sheet.append([str(cell).replace("\x7f", "") if isinstance(cell, str) else cell for cell in line])
    book.save(held)
    of_any_file(tmp_path / "any.xlsx", held.getvalue())
