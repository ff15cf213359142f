"""What a carrier's answer means: statuses as errors, bodies as models, words as hints, and nothing of it leaks."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from portes.errors import (
    CarrierError,
    GarbledError,
    RejectedCredentialsError,
    RejectedRequestError,
    ThrottledError,
    UnreachableError,
)
from portes.toolbox import (
    FIELDS,
    HttpResponse,
    check_status,
    discreet,
    read_json,
    read_model,
    status_error,
    validated,
)

CANARY = "canary-4711-0815"
DATE = "Wed, 21 Oct 2026 07:28:00 GMT"


class Days(BaseModel):
    days: int


class Quotes(BaseModel):
    quotes: list[Days]
    total: int


def said(body: str, status: int = 200, **headers: str) -> HttpResponse:
    return HttpResponse(status, {name.replace("_", "-"): value for name, value in headers.items()}, body.encode())


@pytest.mark.parametrize(
    ("statuses", "error"),
    [
        ((401, 403), RejectedCredentialsError),
        ((429,), ThrottledError),
        ((300, 302, 304, 399, 500, 503, 599), UnreachableError),
        ((400, 402, 404, 418, 422, 499), RejectedRequestError),
        ((100, 200, 201, 204, 299), type(None)),
    ],
)
def test_a_status_stands_for_one_error_wherever_it_comes_from(
    statuses: tuple[int, ...], error: type[CarrierError]
) -> None:
    assert {type(status_error(status, "a hint")) for status in statuses} == {error}


def test_an_error_of_a_status_names_carrier_and_status_unless_the_plugin_knows_better() -> None:
    def hint(status: int, **words: str) -> str:
        with pytest.raises(CarrierError) as raised:
            check_status(said("", status, Retry_After="7"), "Post", **words)
        assert raised.value.retry_after == (7 if status == 429 else None)
        return raised.value.hint

    assert {hint(status) for status in (401, 403, 429, 500, 404)} == {
        f"Post answers {status}" for status in (401, 403, 429, 500, 404)
    }
    assert hint(403, rejected="no such login", throttled="too many") == "no such login"
    assert hint(429, rejected="no such login", throttled="too many") == "too many"
    assert hint(500, rejected="no such login", throttled="too many") == "Post answers 500"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7), (" 120 ", 120), ("0", 0), *((odd, None) for odd in ("", "-1", "1.5", "²", "12345678", DATE))],
)
def test_a_retry_after_is_believed_when_it_is_a_number_of_seconds(header: str, seconds: int | None) -> None:
    assert said("", 429, Retry_After=header).retry_after == seconds
    assert said("", 429).retry_after is None


@pytest.mark.parametrize(("body", "value"), [('{"a": [1, "é"]}', {"a": [1, "é"]}), ("[]", []), ("null", None)])
def test_json_is_read_whatever_it_holds(body: str, value: object) -> None:
    assert read_json(said(body)) == value


@pytest.mark.parametrize("body", ["", "<html>", '{"a": 1', '{"a": NaN}', "Infinity", "\x00"])
def test_what_is_no_json_is_none(body: str) -> None:
    assert read_json(said(body)) is None


def test_a_body_of_the_right_shape_is_read_as_its_model() -> None:
    whole = {"quotes": [{"days": 2, "more": "ignored"}], "total": 5}

    assert read_model(said('{"quotes": [{"days": 2, "more": "ignored"}], "total": 5}'), Quotes, "") == validated(
        whole, Quotes, ""
    )


@pytest.mark.parametrize(
    "read",
    [
        lambda hint: read_model(said(f'{{"quotes": [{{"days": "{CANARY}"}}]}}'), Quotes, hint),
        lambda hint: validated({"quotes": [{"days": CANARY}]}, Quotes, hint),
    ],
)
def test_a_body_of_another_shape_is_garbled_and_only_its_fields_are_named(read: Callable[[str], object]) -> None:
    with pytest.raises(GarbledError, match=r"^another shape: days, total \(id 7\)$") as garbled:
        read(f"another shape{FIELDS} (id 7)")
    with pytest.raises(GarbledError, match=r"^another shape$"):
        read("another shape")

    assert garbled.value.__context__ is None
    assert garbled.value.__cause__ is None


def test_a_body_that_is_no_json_names_no_field() -> None:
    with pytest.raises(GarbledError, match=r"^another shape$"):
        read_model(said("<html>"), Quotes, f"another shape{FIELDS}")


@given(st.text(max_size=400), st.integers(1, 300))
def test_a_carriers_words_become_one_short_line_that_can_be_printed(text: str, most: int) -> None:
    told = discreet(text, most)

    assert told.isprintable()
    assert len(told) <= most
    assert discreet(told, most) == told.strip() or "\\" in told


def test_words_are_tidied_and_kept() -> None:
    assert discreet("  CEP\n inexistente.\t(não há) ") == "CEP inexistente. (não há)"
    assert discreet("a bell \x07 and \u202e a turn") == r"a bell \x07 and \u202e a turn"
    assert re.fullmatch("x{299}…", discreet("x" * 1000))
