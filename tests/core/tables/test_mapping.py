"""The format `mapping`: a file that its operator describes column by column."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from found_rows import cents

from portes.errors import Problem
from portes.tables import Fee, FoundRow, NoRow, PricedLoad, RateTable, Tariff, TariffPricer
from portes.tables.formats.mapping.fields import FIELDS

SAMPLES = Path(__file__).parent / "samples"
Opened = Callable[..., RateTable]
Found = Callable[..., tuple[Problem, ...]]

TABLE = "Desde;Hasta;Kg de;Kg a;Tarifa\n01000000;05999999;0;10;12,90\n01000000;05999999;10;20;19,90\n"
MAPPING = """
weight_unit = "kg"
[columns]
"Desde" = "postal_from"
"Hasta" = "postal_to"
"Kg de" = "weight_from"
"Kg a" = "weight_to"
"Tarifa" = "price"
[defaults]
days_max = 5
"""


def beside(mapping: str, **others: str) -> dict[str, Any]:
    """The options that put a mapping, and other files, beside a table."""
    return {"beside": {name: text.encode() for name, text in {"mapping": mapping, **others}.items()}}


def price(table: RateTable, code: str, weight: int) -> int:
    """The base price for a weight in grams, in cents."""
    found = table.find("", code, weight)
    assert isinstance(found, FoundRow)
    return cents(found.price)


def test_a_file_is_read_as_its_mapping_says(opened: Opened) -> None:
    table = opened(TABLE, "mapping", **beside(MAPPING))

    assert [price(table, "01310100", weight) for weight in (10_000, 10_001)] == [1290, 1990]
    found = table.find("", "01310100", 1)
    assert isinstance(found, FoundRow)
    assert (found.terms.days_min, found.terms.days_max) == (5, 5)


def test_a_mapped_proposal_comes_to_what_a_real_transport_document_says(opened: Opened) -> None:
    """165 kg in 1.787544 m³, 357.5088 kg at 200 kg/m³, invoice 8990.00, to Paraná in 2025, cut to cents."""
    mapping = (SAMPLES / "mapped-proposal.toml").read_text(encoding="utf-8")
    table = opened((SAMPLES / "mapped-proposal.csv").read_bytes(), "mapping", **beside(mapping))

    found = table.find("", "86010000", 357_509)
    assert isinstance(found, FoundRow)
    charge = TariffPricer(Tariff(component_rounding="down", rounding="down")).charge(
        found, PricedLoad(357_508_800, 899_000)
    )

    assert {name: charge.parts[name] for name in ("base", "excess_weight", "ad_valorem")} == {
        "base": 86_60,
        "excess_weight": 222_74,
        "ad_valorem": 28_40,
    }


@pytest.mark.parametrize(
    ("border", "prices"), [("upper_inclusive", [1290, 1990, 1990]), ("lower_inclusive", [1990, 1990, None])]
)
def test_the_border_belongs_to_the_bracket_that_the_mapping_says(
    opened: Opened, border: str, prices: list[int | None]
) -> None:
    table = opened(TABLE, "mapping", **beside(f'border = "{border}"\n{MAPPING}'))

    found = [table.find("", "01310100", weight) for weight in (10_000, 10_001, 20_000)]
    assert [cents(row.price) if isinstance(row, FoundRow) else None for row in found] == prices


def test_brackets_in_kg_that_are_printed_apart_touch(opened: Opened) -> None:
    table = opened(TABLE.replace(";10;20;", ";10,01;20;"), "mapping", **beside(MAPPING))

    assert price(table, "01310100", 10_005) == 1990


def test_a_larger_gap_stays_a_hole(problems: Found) -> None:
    (wrong,) = problems(TABLE.replace(";10;20;", ";11;20;"), "mapping", **beside(MAPPING))

    assert wrong.where == "weight bracket"


def test_without_a_lower_border_a_bracket_begins_where_the_one_below_it_ends(opened: Opened) -> None:
    mapping = MAPPING.replace('"Kg de" = "weight_from"', '"Kg de" = "ignore"')
    table = opened(TABLE, "mapping", **beside(mapping))

    assert [price(table, "01310100", weight) for weight in (1, 10_000, 10_001)] == [1290, 1290, 1990]


@pytest.mark.parametrize(
    ("rule", "extra_from"), [("weight_to", 20_000_000), ("weight_from", 10_000_000), ("nothing", 0)]
)
def test_excess_weight_counts_from_where_the_mapping_says(opened: Opened, rule: str, extra_from: int) -> None:
    table = opened(
        TABLE.replace("Tarifa", "Tarifa;Exc").replace("0\n", "0;1,50\n"),
        "mapping",
        **beside(
            f'extra_from = "{rule}"\nextra_step = "started_kg"\n{MAPPING}'.replace(
                "[defaults]", '"Exc" = "excess_weight"\n[defaults]'
            )
        ),
    )

    found = table.find("", "01310100", 20_000)
    assert isinstance(found, FoundRow)
    assert (found.extra_from, found.terms.extra_per_kg, found.terms.extra_step) == (extra_from, 150_000_000, 1_000_000)


def test_columns_may_be_fees_with_an_amount_a_percentage_and_a_least(opened: Opened) -> None:
    lines = [
        '"Ped" = { fee = "toll", per = "started_100_kg" }',
        '"GRIS" = { fee = "risk_management", percent = true }',
        '"GRIS min" = { fee = "risk_management", least = true }',
    ]
    table = opened(
        TABLE.replace("Tarifa", "Tarifa;Ped;GRIS;GRIS min").replace("0\n", "0;6,46;0,30%;1,55\n"),
        "mapping",
        **beside(MAPPING.replace("[defaults]", "\n".join([*lines, "[defaults]"]))),
    )

    found = table.find("", "01310100", 1)
    assert isinstance(found, FoundRow)
    assert found.terms.fees == (
        Fee("toll", 646_000_000, "started_100_kg"),
        Fee("risk_management", percent=300_000, least=155_000_000),
    )


def test_a_column_for_each_bracket_is_priced_where_it_is_not_blank(opened: Opened) -> None:
    mapping = (
        '[columns]\n"CEP" = "postal_range"\n"até 300g" = { field = "price", bracket = "header" }\n'
        '"Faixa 2" = { field = "price", bracket = "0,3 a 1 kg" }\n"acima" = { field = "price", bracket = "> 1 kg" }\n'
        "[defaults]\ndays_max = 2\n"
    )
    text = "CEP;até 300g;Faixa 2;acima\n01310-100;8,49;9,12;10,00\n20040-002;7,00;8,00;\n"
    table = opened(text, "mapping", **beside(mapping))

    assert [price(table, "01310100", weight) for weight in (300, 301, 1000, 90_000)] == [849, 912, 912, 1000]
    assert table.find("", "20040002", 1001) is NoRow.ABOVE


def test_zones_are_joined_with_the_list_of_places(opened: Opened) -> None:
    mapping = MAPPING.replace('"Desde" = "postal_from"\n"Hasta" = "postal_to"', '"Zona" = "zone"')
    text = "Zona;Kg de;Kg a;Tarifa\nZ1;0;10;12,90\n"
    table = opened(text, "mapping", **beside(mapping, places="zone,postal_from,postal_to\nZ1,13000000,13999999\n"))

    assert price(table, "13010000", 1) == 1290


def test_columns_without_a_header_are_called_by_their_letters(opened: Opened) -> None:
    letters = "header = false\nfirst_line = 2\n" + MAPPING
    for name, letter in zip(("Desde", "Hasta", "Kg de", "Kg a", "Tarifa"), "ABcdE", strict=True):
        letters = letters.replace(f'"{name}"', f'"{letter}"')
    table = opened(TABLE, "mapping", **beside(letters))

    assert price(table, "01310100", 10_001) == 1990


def test_a_column_that_the_mapping_does_not_name_is_a_problem(problems: Found) -> None:
    (wrong,) = problems(TABLE.replace("Tarifa", "Tarifa;Taxa").replace("0\n", "0;1\n"), "mapping", **beside(MAPPING))

    assert (wrong.where, wrong.value, wrong.cause) == ("header", "Taxa", "is no column of this format")


def test_a_column_that_the_file_does_not_have_is_a_problem(problems: Found) -> None:
    mapping = MAPPING.replace("[defaults]", '"Pedágio" = { fee = "toll" }\n[defaults]')
    (wrong,) = problems(TABLE, "mapping", **beside(mapping))

    assert (wrong.where, wrong.cause) == ("header", "column Pedágio is missing")


def test_a_table_without_its_mapping_says_how_to_name_one(problems: Found) -> None:
    (wrong,) = problems(TABLE, "mapping")

    assert wrong.cause == "needs a file that says which column is which"
    assert "--beside mapping=FILE" in wrong.fix
    assert "portes tables detect" in wrong.fix


@pytest.mark.parametrize(
    ("old", "new", "where", "cause", "fix"),
    [
        ('"price"', '"prise"', "columns.Tarifa", "is no field of a row", "did you mean price?"),
        ('"price"', '{ feild = "price" }', "columns.Tarifa.feild", "is no key of a mapping", "did you mean field?"),
        ('"price"', '{ field = "price", fee = "toll" }', "columns.Tarifa", "needs a field or a fee, and not both", ""),
        ('"price"', '{ fee = "tax" }', "columns.Tarifa", "is no fee but a field", 'write field = "tax"'),
        ('"price"', '{ field = "price", per = "kg" }', "columns.Tarifa", "is no fee", ""),
        ('"price"', '{ field = "price", bracket = "x" }', "columns", "brackets stand in the headings, and", ""),
        ("days_max = 5", "days_max = -5", "defaults.days_max", "is no number of days from 0 to 999", ""),
        ("days_max = 5", "day_max = 5", "defaults.day_max", "is no field of a row", "did you mean days_max?"),
        ("days_max = 5", "days_max = []", "defaults.days_max", "is neither a text nor a number", ""),
        ('weight_unit = "kg"', "", "weight_unit", "no unit of weights is stated", 'write weight_unit = "kg" or "g"'),
        ('weight_unit = "kg"', 'weight_unit = "lb"', "weight_unit", "cannot be meant here", "write 'g' or 'kg'"),
        ('weight_unit = "kg"', 'weight_unit = "kg"\nsheets = ["x"]', "sheets", "is no sheet of the file", ""),
        ('weight_unit = "kg"', 'weight_unit = "kg"\nheader = false', "columns.Kg de", "is no letter of a column", ""),
        ('"Hasta"', '"DESDE"', "columns.DESDE", "is the same heading as another one", "keep one of them"),
        ('"weight_to"', '"value_to"', "columns", "brackets are of weight and of value", ""),
        ("[columns]", "[columns", "file", "is no TOML", ""),
        ("[columns]", "[column]", "columns", "is missing", ""),
    ],
)
def test_what_is_wrong_with_a_mapping_is_told_with_its_key(
    problems: Found, old: str, new: str, where: str, cause: str, fix: str
) -> None:
    wrong = problems(TABLE, "mapping", **beside(MAPPING.replace(old, new)))

    told = [(each.file, each.where) for each in wrong if each.cause.startswith(cause) and each.fix.startswith(fix)]
    assert ("mapping", where) in told, wrong


def test_a_decimal_sign_that_is_declared_twice_must_agree(problems: Found) -> None:
    (wrong,) = problems(TABLE, "mapping", decimal=".", **beside('decimal = ","\n' + MAPPING))

    assert (wrong.where, wrong.cause) == ("decimal", "the table is declared with .")


def test_a_unit_that_contradicts_the_heading_is_a_problem(problems: Found) -> None:
    mapping = MAPPING.replace('"Kg a" = "weight_to"', '"Peso (kg)" = { field = "weight_to", unit = "g" }')
    wrong = problems(TABLE.replace("Kg a", "Peso (kg)"), "mapping", **beside(mapping))

    assert ("columns.Peso (kg)", "its heading says kg") in [(each.where, each.cause) for each in wrong]


@pytest.mark.parametrize(
    ("words", "cause"),
    [
        ("pesado", "states no weight bracket"),
        ("exc./kg", "speaks of money for each kg"),
        ("até 1.000", "may mean thousands"),
    ],
)
def test_words_that_are_no_bracket_are_a_problem(problems: Found, words: str, cause: str) -> None:
    mapping = MAPPING.replace('"price"', f'{{ field = "price", bracket = "{words}" }}')
    mapping = mapping.replace('"weight_from"', '"ignore"').replace('"weight_to"', '"ignore"')
    (wrong,) = problems(TABLE, "mapping", **beside(mapping))

    assert (wrong.file, wrong.where, wrong.value) == ("mapping", "columns.Tarifa", words)
    assert wrong.cause.startswith(cause)


def test_the_example_of_the_page_is_read(opened: Opened) -> None:
    page = (Path(__file__).parents[3] / "docs" / "tables.md").read_text(encoding="utf-8")
    section = page.partition("### `mapping`")[2]
    (_, mapping), (_, text) = re.findall(r"```(toml|text)\n(.*?)```", section, re.DOTALL)[1:3]
    table = opened(text, "mapping", **beside(mapping))

    found = table.find("", "86010000", 30_000)
    assert isinstance(found, FoundRow)
    assert (cents(found.price), found.extra_from, found.terms.extra_per_kg) == (3849, 20_000_000, 86_500_000)
    assert [fee.name for fee in found.terms.fees] == ["ad_valorem", "risk_management", "toll"]


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_stands_on_the_page(name: str) -> None:
    page = (Path(__file__).parents[3] / "docs" / "tables.md").read_text(encoding="utf-8")

    told = set(re.findall(r"`(\w+)`", page.partition("### `mapping`")[2].partition("\n### ")[0]))
    assert name in told or name.split("_", maxsplit=1)[0] in {"value", "units", "volume"} & told


def test_a_column_that_a_mapping_does_not_name_is_told_to_be_named_there(
    problems: Callable[..., tuple[Problem, ...]],
) -> None:
    held = {"mapping": (SAMPLES / "mapped-proposal.toml").read_bytes()}
    text = (SAMPLES / "mapped-proposal.csv").read_text(encoding="windows-1252").replace("UF;", "Taxa X;UF;", 1)

    fixes = {one.fix for one in problems(text, "mapping", beside=held)}
    assert 'name it under [columns] of the mapping: a field, a fee, or "ignore"' in fixes
