"""What a carrier's answer means: statuses as errors, bodies as models, words as hints, and nothing of it leaks."""

import re
from collections.abc import Callable
from typing import Any

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
    check_echo,
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


class Loose(BaseModel):
    """A model that takes whatever JSON can say."""

    days: float
    more: Any = None


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
        assert raised.value.retry_after == (7 if status in {429, 500} else None)
        return raised.value.hint

    assert {hint(status) for status in (401, 403, 429, 500, 404)} == {
        f"Post answers {status}" for status in (401, 403, 429, 500, 404)
    }
    assert hint(403, rejected="no such login", throttled="too many") == "no such login"
    assert hint(429, rejected="no such login", throttled="too many") == "too many"
    assert hint(500, rejected="no such login", throttled="too many") == "Post answers 500"


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        (" 120 ", 120),
        ("0", 0),
        *((odd, None) for odd in ("", "-1", "1.5", "²", "12345678", "9" * 5000, DATE)),
    ],
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


TOO_MUCH = {
    "NaN": "NaN",
    "Infinity": "-Infinity",
    "a float without an end": "1e400",
    "as many digits before the point": "1" + "0" * 400 + ".5",
    "a number of 101 digits": "9" * 101,
    "a number of 5000 digits": "9" * 5000,
    "1,000 lists": "[" * 1000 + "]" * 1000,
    "100,000 lists": "[" * 100_000,
    "1,000 objects": '{"a":' * 1000 + "1" + "}" * 1000,
}


@pytest.mark.parametrize("value", TOO_MUCH.values(), ids=TOO_MUCH)
def test_json_that_nobody_can_count_with_or_walk_through_is_none(value: str) -> None:
    body = said(f'{{"days": 1, "more": [{{"in": {value}}}]}}')

    assert read_json(body) is None
    with pytest.raises(GarbledError, match="no quote"):
        read_model(body, Loose, "no quote")


def test_json_of_ordinary_depth_and_length_is_read() -> None:
    deep = "[" * 150 + "9" * 100 + "]" * 150
    body = said(f'{{"days": 1.5, "more": [{deep}, -3, 1e-400, "NaN", true, null]}}')

    assert read_json(body)["days"] == 1.5
    assert read_model(body, Loose, "no quote").more[1:] == [-3, 0.0, "NaN", True, None]


class Echoed:
    """An answer whose connection notes that it was closed."""

    def __init__(self) -> None:
        self.closed = 0
        self.answer = HttpResponse(200, {}, b"[]", self._close)

    def _close(self) -> None:
        self.closed += 1


def test_an_answer_with_the_numbers_of_its_question_is_its_own() -> None:
    echoed = Echoed()

    check_echo(echoed.answer, ["10017", "10018"], ["10018", "10017", "10017"], "Parcelpost")
    check_echo(echoed.answer, ["10017"], [], "Parcelpost")

    assert not echoed.closed


@pytest.mark.parametrize("came", [["10016"], ["10017", "10018", ""]])
def test_an_answer_to_another_question_is_garbled_and_its_connection_closed(came: list[str]) -> None:
    echoed = Echoed()

    with pytest.raises(GarbledError, match=r"^Parcelpost answers another question than ours$"):
        check_echo(echoed.answer, ["10017", "10018"], came, "Parcelpost")

    assert echoed.closed == 1


def test_what_was_received_shows_neither_headers_nor_body() -> None:
    assert repr(HttpResponse(200, {"Set-Cookie": CANARY}, CANARY.encode())) == "HttpResponse(200, 16 bytes)"
