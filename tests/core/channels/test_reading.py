"""Reading: JSON numbers into whole units, wrong fields into problems."""

import json
from decimal import ROUND_CEILING, Decimal
from typing import Annotated

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, RootModel

from portes.channels.reading import SentCode, SentId, decimal_up, understand, whole_up
from portes.errors import RequestError, TooMuchError


class Box(BaseModel):
    weight: float = Field(strict=True, gt=0)
    name: str


class Boxes(BaseModel):
    boxes: list[Box] = Field(max_length=1000)


class Sent(BaseModel):
    zip: SentCode


class Named(BaseModel):
    id: SentId | None = None


@pytest.mark.parametrize(
    ("kilograms", "grams"),
    [(0.5, 500), (0.3, 300), (0.29, 290), (1.1, 1100), (0.0575, 58), (0.0001, 1), (2.3456, 2346), (0, 0), (30, 30_000)],
)
def test_kilograms_become_grams_rounded_up(kilograms: float, grams: int) -> None:
    assert whole_up(kilograms, 1000) == grams


@pytest.mark.parametrize(
    ("centimetres", "millimetres"), [(10.1, 101), (25.0, 250), (0.57, 6), (33.33, 334), (11.11, 112)]
)
def test_centimetres_become_millimetres_rounded_up(centimetres: float, millimetres: int) -> None:
    assert whole_up(centimetres, 10) == millimetres


def test_the_float_noise_of_a_caller_does_not_round_up() -> None:
    assert whole_up(0.1 + 0.2, 1000) == 300
    assert whole_up(3 * 1.1, 10) == 33


def test_something_is_never_nothing() -> None:
    assert whole_up(1e-9, 1000) == 1


@given(st.decimals(min_value=0, max_value=10**9, places=3), st.sampled_from([1, 10, 1000]))
def test_a_thousandth_of_the_smaller_unit_still_rounds_up(units: Decimal, factor: int) -> None:
    assert whole_up(float(units / factor), factor) == units.to_integral_value(ROUND_CEILING)


def test_every_wrong_field_is_named_with_its_value_and_the_fix() -> None:
    with pytest.raises(RequestError) as refused:
        understand(Boxes, b'{"boxes": [{"weight": -1}, {"weight": "3", "name": "\\n"}]}', {"weight": "write kilograms"})

    told = [(found.where, found.value, found.cause, found.fix) for found in refused.value.problems]
    assert told == [
        ("boxes.0.weight", "-1", "input should be greater than 0", "write kilograms"),
        ("boxes.0.name", "", "is missing", ""),
        ("boxes.1.weight", "3", "input should be a valid number", "write kilograms"),
    ]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"boxes=1", b"[" * 5000])
def test_what_is_no_json_is_refused_as_a_whole(body: bytes) -> None:
    with pytest.raises(RequestError) as refused:
        understand(Boxes, body, {})

    assert [(found.where, found.value) for found in refused.value.problems] == [("body", "")]
    assert refused.value.problems[0].cause.startswith("invalid JSON")


def test_a_large_wrong_value_is_told_by_its_kind() -> None:
    with pytest.raises(RequestError) as refused:
        understand(Boxes, b'{"boxes": {"a": 1}}', {})

    assert refused.value.problems[0].value == "an object"


def test_only_the_first_fifty_problems_are_told_and_the_rest_counted() -> None:
    with pytest.raises(RequestError) as refused:
        understand(Boxes, b'{"boxes": [' + b"{}," * 99 + b"{}]}", {})

    assert len(refused.value.problems) == 51
    assert refused.value.problems[-1].cause == "has 150 more problems"


def test_a_list_longer_than_is_read_is_too_much() -> None:
    with pytest.raises(TooMuchError):
        understand(Boxes, b'{"boxes": [' + b"{}," * 1000 + b"{}]}", {})


@pytest.mark.parametrize(
    ("amount", "factor", "units", "whole"),
    [
        ("1.2", "453.6", 1, 545),
        ("0.30000000000000004", "1000", 1, 300),
        ("10", "1000", 3, 3334),
        ("0.0000001", "1", 1, 1),
        ("0", "1", 1, 0),
    ],
)
def test_exact_amounts_become_whole_smaller_units_of_one_thing_rounded_up(
    amount: str, factor: str, units: int, whole: int
) -> None:
    assert decimal_up(Decimal(amount), Decimal(factor), units) == whole


@pytest.mark.parametrize("code", [1310100, "01310-100"])
def test_a_postal_code_comes_as_text_or_as_a_whole_number(code: object) -> None:
    assert understand(Sent, json.dumps({"zip": code}).encode(), {}).zip == code


@pytest.mark.parametrize("code", [None, True, 1.5, "1" * 21, [1]])
def test_what_is_no_postal_code_is_told_once_at_its_field(code: object) -> None:
    with pytest.raises(RequestError) as refused:
        understand(Sent, json.dumps({"zip": code}).encode(), {})

    assert [(found.where, found.cause) for found in refused.value.problems] == [("zip", "is no postal code")]


@pytest.mark.parametrize("told", [7, "MLB7", "", None])
def test_an_id_comes_as_text_or_as_a_whole_number(told: object) -> None:
    assert understand(Named, json.dumps({"id": told}).encode(), {}).id == told


@pytest.mark.parametrize("told", [True, 1.5, "x" * 201, {}])
def test_what_is_no_id_is_told_once_at_its_field(told: object) -> None:
    with pytest.raises(RequestError) as refused:
        understand(Named, json.dumps({"id": told}).encode(), {})

    assert [found.where for found in refused.value.problems] == ["id"]


def test_an_array_that_is_empty_where_it_must_not_be_is_told_as_the_whole_body() -> None:
    with pytest.raises(RequestError) as refused:
        understand(RootModel[Annotated[list[Sent], Field(min_length=1)]], b"[]", {})

    assert [found.where for found in refused.value.problems] == ["body"]
