"""Durations of the settings: text with a unit in, seconds out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from portes.contract.durations import WRITTEN, Duration, parse_duration, render_duration


class Waiting(BaseModel):
    timeout: Duration = 4.0


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("400ms", 0.4), ("100 ms", 0.1), ("4s", 4.0), ("0.5s", 0.5), ("5m", 300.0), ("1h", 3600.0), ("2d", 172_800.0)],
)
def test_a_duration_is_a_number_and_its_unit(text: str, seconds: float) -> None:
    assert parse_duration(text) == seconds


@pytest.mark.parametrize("text", ["", "4", "s", "-4s", "4 seconds", "1e3s", "4s5ms", "nans", "٤s"])
def test_anything_else_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="such as 400ms"):
        parse_duration(text)


@pytest.mark.parametrize("number", [4, 0.4, True])
def test_a_bare_number_in_the_settings_is_refused_because_its_unit_is_a_guess(number: float) -> None:
    with pytest.raises(ValidationError, match="text with its unit"):
        Waiting.model_validate({"timeout": number}, context=WRITTEN)


def test_code_may_give_seconds_as_a_default_does() -> None:
    assert Waiting(timeout=0.4) == Waiting.model_validate({"timeout": "400ms"}, context=WRITTEN)
    assert type(Waiting(timeout=4).timeout) is float


@pytest.mark.parametrize("value", [True, None, b"4s"])
def test_what_is_neither_text_nor_a_number_is_no_duration_in_code_either(value: object) -> None:
    with pytest.raises(ValidationError, match="text with its unit"):
        Waiting.model_validate({"timeout": value})


def test_the_settings_hold_seconds_and_show_text() -> None:
    timeout = Waiting.model_validate({"timeout": "400ms"})

    assert timeout.timeout == 0.4
    assert timeout.model_dump() == {"timeout": "400ms"}


@given(st.integers(min_value=0, max_value=10**9))
def test_what_is_written_reads_back_as_the_same_span(milliseconds: int) -> None:
    assert parse_duration(render_duration(milliseconds / 1000)) == milliseconds / 1000
