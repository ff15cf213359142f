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


@pytest.mark.parametrize("name", ["weight_from_kg", "Weight from KG", "weightfromkg"])
def test_a_column_of_another_unit_is_never_proposed(problems: Problems, name: str) -> None:
    assert advice(problems, "weight_from_g", name) == [
        (name, "weight_from_g is in g, not in kg: convert what stands there before you rename it.")
    ]


@pytest.mark.parametrize(
    ("old", "new", "fix"),
    [
        ("weight_from_g", "weight_from", "did you mean weight_from_g, in g?"),
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
    assert advice(problems, "postal_from", "CEP Inicial") == [
        (
            "CEP Inicial",
            "rename it if it stands for postal_from; take it out only if it says nothing of prices, places or days",
        )
    ]


def test_a_column_that_nothing_needs_may_be_taken_out_or_renamed(problems: Problems) -> None:
    ((_, fix),) = advice(problems, "days_max", "days_max,Observação")

    assert fix.startswith("take it out, or rename it if it stands for a column that is not there yet: service, ")


def test_a_file_in_the_layout_of_another_format_is_told_so_once(problems: Problems) -> None:
    (wrong,) = problems(VTEX)

    assert (wrong.where, wrong.cause) == ("header", "is one of the format vtex")
    assert wrong.fix == 'declare format = "vtex" (--format vtex)'


def test_kg_are_not_to_be_called_grams_to_please_the_plain_format(problems: Problems) -> None:
    (wrong,) = problems(f"{HEADER}\n{ROW}\n", weight_unit="kg")

    assert wrong.fix == "write the weights in g, and take it out"


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
