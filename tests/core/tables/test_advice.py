"""What is advised about headers and numbers: it never changes what a table means."""

from collections.abc import Callable

import pytest

from portes.errors import Problem

Problems = Callable[..., tuple[Problem, ...]]

HEADER = "postal_from,postal_to,weight_from_g,weight_to_g,price,days_max"
ROW = "01000000,05999999,0,1000,12.90,3"
VTEX = "ZipCodeStart;ZipCodeEnd;WeightStart;WeightEnd;AbsoluteMoneyCost;TimeCost\n01000000;05999999;0;1000;12,90;3\n"


def advice(problems: Problems, old: str, new: str) -> list[tuple[str, str]]:
    """What is advised about each unknown column, when one column has another name."""
    found = problems(f"{HEADER.replace(old, new)}\n{ROW}\n")
    return [(problem.value, problem.fix) for problem in found if problem.cause == "is no column of this format"]


@pytest.mark.parametrize("name", ["weight_from_lb", "Peso inicial (lb)"])
def test_a_unit_that_is_not_read_is_named(problems: Problems, name: str) -> None:
    (wrong,) = problems(f"{HEADER}\n{ROW}\n".replace("weight_from_g", name).replace("weight_to_g", "weight_to_kg"))

    assert (wrong.value, wrong.cause) == (name, "is in lb")


@pytest.mark.parametrize("name", ["weight_from", "Peso inicial"])
def test_a_weight_column_that_does_not_say_its_unit_is_not_taken_for_grams(problems: Problems, name: str) -> None:
    header = HEADER.replace("weight_from_g", name).replace("weight_to_g", "weight_to")

    wrong = problems(f"{header}\n{ROW}\n")

    assert [(problem.value, problem.cause) for problem in wrong] == [
        (name, "does not say its unit"),
        ("weight_to", "does not say its unit"),
    ]
    assert wrong[0].fix == ('write weight_from_g or weight_from_kg, or declare weight_unit = "kg" (--weight-unit kg)')


@pytest.mark.parametrize(
    ("old", "new", "fix"),
    [
        ("weight_from_g", "wieght_from_g", "did you mean weight_from_g?"),
        ("price", "pirce", "did you mean price?"),
    ],
)
def test_a_misspelt_column_is_told_the_near_one_with_its_unit(problems: Problems, old: str, new: str, fix: str) -> None:
    assert advice(problems, old, new) == [(new, fix)]


def test_a_column_of_another_quantity_is_never_proposed(problems: Problems) -> None:
    ((_, fix),) = advice(problems, "weight_from_g", "height_from_g")

    assert "mean" not in fix


def test_a_column_under_a_strangers_name_is_not_to_be_taken_out(problems: Problems) -> None:
    assert advice(problems, "postal_from", "Praça") == [
        ("Praça", "rename it if it stands for postal_from; otherwise say in a mapping what it is")
    ]


@pytest.mark.parametrize(
    ("name", "fix"),
    [
        (
            "GRIS %",
            "it looks like risk_management, for which this format has no column: choose one that has, or a mapping",
        ),
        ("Desconto", "it seems to change the price: choose a format that has it, or say in a mapping what it is"),
        ("Praça", "rename it if it stands for one of service, extra_from_g, "),
    ],
)
def test_a_column_that_nothing_needs_is_never_only_to_be_taken_out(problems: Problems, name: str, fix: str) -> None:
    ((_, told),) = advice(problems, "days_max", f"days_max,{name}")

    assert told.startswith(fix)
    assert "take it out" not in told


def test_a_file_in_the_layout_of_another_format_is_told_so_once(problems: Problems) -> None:
    (wrong,) = problems(VTEX)

    assert (wrong.where, wrong.cause) == ("header", "is one of the format vtex")
    assert wrong.fix == 'declare format = "vtex" (--format vtex)'


def test_a_table_in_grams_that_is_declared_in_kg_is_a_problem(problems: Problems) -> None:
    (wrong,) = problems(f"{HEADER}\n{ROW}\n", weight_unit="kg")

    assert (wrong.value, wrong.cause) == ("weight_to_g", "is in g, and the table is declared in kg")
    assert wrong.fix == "declare no weight_unit, or convert the weights"


@pytest.mark.parametrize(
    ("currency", "fix"),
    [
        ("BRL", "write an amount of BRL with at most 8 decimals, such as 12.90"),
        ("CLP", "write an amount of CLP with at most 6 decimals, such as 1290"),
    ],
)
def test_a_price_is_asked_for_with_the_decimals_of_its_currency(problems: Problems, currency: str, fix: str) -> None:
    (wrong,) = problems(f"{HEADER}\n{ROW}\n".replace("12.90", "dear"), currency=currency)

    assert wrong.fix == fix
