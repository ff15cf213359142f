"""Errors are sorted by who can mend them, and each names the place, the value and the fix."""

import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portes import errors
from portes.errors import (
    CarrierError,
    PortesError,
    Problem,
    RequestError,
    SettingsError,
    ThrottledError,
    TooMuchError,
    UnauthorizedError,
    shown,
)

LATE_TIMEOUT = Problem(
    "carriers.correios.timeout", "4", "is not a duration", 'write "4s"', file="stores/demo.toml", line=12
)


def children(error: type[BaseException]) -> Iterator[type[BaseException]]:
    """Its subclasses in the order of the module; those behind a private one count as its own."""
    for child in error.__subclasses__():
        if child.__module__ == errors.__name__:
            yield from children(child) if child.__name__.startswith("_") else [child]


def tree(error: type[BaseException]) -> list[str]:
    return [error.__name__, *(line for child in children(error) for line in tree(child))]


def test_the_tree_at_the_top_of_the_module_is_the_tree_of_the_classes() -> None:
    drawn = re.findall(r"\w+Error", errors.__doc__ or "")

    assert drawn == tree(PortesError)


def test_a_problem_reads_as_one_line_with_place_cause_value_and_fix() -> None:
    assert str(LATE_TIMEOUT) == (
        "stores/demo.toml:12: carriers.correios.timeout: is not a duration (got '4'); write \"4s\""
    )


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        (Problem("lines.0.sku", "", "is missing"), "lines.0.sku: is missing"),
        (Problem("", "", "is empty", file="table.csv"), "table.csv: is empty"),
        (Problem("", "", "is empty"), "is empty"),
    ],
)
def test_a_problem_leaves_out_what_nobody_knows(problem: Problem, line: str) -> None:
    assert str(problem) == line


def test_an_error_holds_every_problem_and_says_each_on_a_line_of_its_own() -> None:
    both = SettingsError([LATE_TIMEOUT, Problem("store.currency", "reais", "is not a currency")])

    assert [problem.where for problem in both.problems] == ["carriers.correios.timeout", "store.currency"]
    assert str(both).splitlines() == [str(problem) for problem in both.problems]


def test_one_problem_alone_need_not_stand_in_a_list() -> None:
    assert RequestError(LATE_TIMEOUT).problems == (LATE_TIMEOUT,)


def test_bad_credentials_and_too_much_are_for_the_asker_to_mend() -> None:
    assert issubclass(UnauthorizedError, RequestError)
    assert issubclass(TooMuchError, RequestError)
    assert not issubclass(SettingsError, RequestError)


@given(st.text() | st.binary() | st.integers() | st.lists(st.text()))
def test_a_foreign_value_is_shown_short_and_printable(value: object) -> None:
    text = shown(value)

    assert len(text) <= 80
    assert text.isprintable()


@given(st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), max_size=80))
def test_a_short_printable_value_is_shown_as_it_stands(text: str) -> None:
    assert shown(text) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("São Paulo", "São Paulo"),
        ("a\nb\x1b[31m", "a\\nb\\x1b[31m"),
        ("\N{RIGHT-TO-LEFT OVERRIDE}x", "\\u202ex"),
        (None, "None"),
        ("x" * 81, "x" * 79 + "…"),
    ],
)
def test_what_could_disturb_a_terminal_or_a_log_is_escaped(value: object, text: str) -> None:
    assert shown(value) == text


def test_a_carrier_error_names_its_kind_a_hint_and_when_to_try_again() -> None:
    trouble = ThrottledError("one token a minute", retry_after=60)

    assert (trouble.kind, trouble.hint, trouble.retry_after) == ("throttled", "one token a minute", 60)
    assert str(trouble) == "one token a minute"


def test_no_two_carrier_errors_share_a_kind() -> None:
    kinds = [vars(error)["kind"] for error in children(CarrierError)]

    assert len(set(kinds)) == len(kinds)
