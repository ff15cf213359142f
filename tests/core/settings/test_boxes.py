"""The store's cartons, `[[boxes]]`: what they come to, and every mistake with its field, value and fix."""

from pathlib import Path

import pytest
from store_text import CARRIER, ORIGIN, STORE, problems_of

from portes.contract import Dimensions
from portes.errors import Problem
from portes.packing.protocol import Carton
from portes.settings import draft_store

SMALL = '[[boxes]]\ncode = "small"\ninside = { length = 300, width = 200, height = 100 }\n'


def cartons(folder: Path, text: str) -> tuple[Carton, ...]:
    file = folder / "portes.toml"
    file.write_text(STORE + ORIGIN + text + CARRIER)
    draft = draft_store(file, {})
    assert draft.problems == ()
    return draft.finished().cartons


def only_problem(folder: Path, text: str) -> Problem:
    (problem,) = problems_of(folder, STORE + ORIGIN + text + CARRIER).values()
    return problem


def test_a_carton_has_at_least_a_code_and_an_inside_and_is_told_as_large_as_that(tmp_path: Path) -> None:
    inside = Dimensions(length=300, width=200, height=100)

    assert cartons(tmp_path, SMALL) == (Carton("small", inside, inside),)


def test_a_carton_says_what_it_measures_weighs_bears_and_costs_and_who_has_it(tmp_path: Path) -> None:
    outside = "outside = { length = 310, width = 210, height = 120 }\n"
    (one,) = cartons(tmp_path, f'{SMALL}{outside}weight = 150\nmost_weight = 9000\ncost = "2.50"\norigins = [1]\n')

    assert (one.outside.sides, one.weight, one.most_weight, one.cost) == ((310, 210, 120), 150, 9000, 250)
    assert one.origins == (1,)


@pytest.mark.parametrize(
    ("keys", "where", "value", "words"),
    [
        ("outside = { length = 310, width = 190, height = 100 }", "boxes.0.outside.width", "190", "inside's 200"),
        ("origins = [1, 7]", "boxes.0.origins.1", "7", "is no origin of this store"),
        ('cost = "2.505"', "boxes.0.cost", "2.505", ""),
        ("cost = 2.5", "boxes.0.cost", "2.5", "amount"),
        ('cost = "-1"', "boxes.0.cost", "-1", ""),
        ("weight = -1", "boxes.0.weight", "-1", ""),
        ("most_weight = 0", "boxes.0.most_weight", "0", ""),
        ("colour = 1", "boxes.0.colour", "1", "unknown key"),
    ],
)
def test_a_wrong_value_is_told_with_field_value_and_fix(
    tmp_path: Path, keys: str, where: str, value: str, words: str
) -> None:
    problem = only_problem(tmp_path, f"{SMALL}{keys}\n")

    assert (problem.where, problem.value) == (where, value)
    assert problem.file == str(tmp_path / "portes.toml")
    assert words in problem.cause
    assert problem.fix


def test_a_side_of_zero_has_no_room(tmp_path: Path) -> None:
    problem = only_problem(tmp_path, SMALL.replace("height = 100", "height = 0"))

    assert (problem.where, problem.cause) == ("boxes.0.inside", "has a side of zero")


def test_twin_codes_are_refused(tmp_path: Path) -> None:
    problem = only_problem(tmp_path, SMALL + SMALL)

    assert (problem.where, problem.value) == ("boxes.1.code", "small")
    assert problem.cause == "is already taken by boxes.0.code"


def test_one_bracket_too_few_is_told(tmp_path: Path) -> None:
    problem = only_problem(tmp_path, SMALL.replace("[[boxes]]", "[boxes]"))

    assert (problem.where, problem.fix) == ("boxes", "write [[boxes]] above each")


def test_an_origin_that_cannot_be_read_calls_no_box_wrong(tmp_path: Path) -> None:
    wrong = ORIGIN.replace("id = 1", 'id = "one"')
    told = problems_of(tmp_path, f"{STORE}{wrong}{SMALL}origins = [1]\n{CARRIER}")

    assert list(told) == ["origins.0.id"]
