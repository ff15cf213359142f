"""Errors are sorted by who can mend them, and each names the place, the value and the fix."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portes import errors
from portes.errors import (
    CarrierError,
    PortesError,
    Problem,
    Problems,
    RequestError,
    SettingsError,
    ThrottledError,
    TooMuchError,
    UnauthorizedError,
    escaped,
    escaped_json,
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


def test_a_problem_is_one_line_that_can_be_printed_whatever_its_parts_hold() -> None:
    problem = Problem("lines.\u202e", "", "is \x1b[2J wrong\n", "write \u200bit", file="a\x9b.toml")

    assert str(problem) == r"a\x9b.toml: lines.\u202e: is \x1b[2J wrong\n; write \u200bit"


@given(st.text(st.characters()))
def test_an_escaped_text_can_be_printed_and_escaped_json_says_the_same(text: str) -> None:
    given = json.dumps({"said": text}, ensure_ascii=False)

    assert escaped(text).isprintable()
    assert escaped_json(given).isprintable()
    assert json.loads(escaped_json(given)) == {"said": text}


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


@pytest.mark.parametrize(
    ("value", "text"),
    [("a\nb", "a\\nb"), ("x" * 81, "x" * 79 + "…"), (4, "4"), (None, ""), ("", ""), ("a\\nb", "a\\nb")],
)
def test_a_problem_escapes_and_shortens_the_value_by_itself(value: object, text: str) -> None:
    assert Problem("store.name", value, "is no name").value == text


def test_a_path_is_shown_whole_because_its_end_names_the_file() -> None:
    path = Path("tables") / ("x" * 100) / "rates\n2026.csv"

    problem = Problem("file", path, "cannot be read")

    assert problem.value == f"tables/{'x' * 100}/rates\\n2026.csv"
    assert problem.below("carriers.table", "shop.toml").value == problem.value


@given(st.text())
def test_a_problem_made_of_another_one_s_value_shows_the_same(value: str) -> None:
    once = Problem("", value, "is no name")

    assert Problem("", once.value, "is no name") == once


def test_a_problem_of_a_table_is_placed_in_its_file_and_one_of_another_file_stays() -> None:
    assert Problem("code", "1", "is wrong").below("rules.0", "shop.toml").where == "rules.0.code"
    assert Problem("", "1", "is wrong").below("rules.0", "shop.toml") == Problem(
        "rules.0", "1", "is wrong", file="shop.toml"
    )
    foreign = Problem("price", "1", "is wrong", file="tariff.csv", line=3)
    assert foreign.below("carriers.road", "shop.toml") is foreign


def test_problems_are_told_at_once_each_of_them_once_in_the_order_found() -> None:
    problems = Problems("shop.toml")
    problems.add("store.name", "a b", "is no name", "write ab")
    problems.include(
        [Problem("rules.0", "", "is missing"), Problem("store.name", "a b", "is no name", "write ab", "shop.toml")]
    )

    with pytest.raises(SettingsError) as raised:
        problems.check()

    assert raised.value.problems == problems.all()
    assert [(problem.where, problem.file) for problem in problems.all()] == [
        ("store.name", "shop.toml"),
        ("rules.0", ""),
    ]
    assert problems.count == 2


def test_without_a_problem_there_is_nothing_to_raise() -> None:
    problems = Problems()
    problems.check()

    assert problems.all() == ()


def test_of_one_file_a_hundred_problems_are_named_and_the_rest_counted() -> None:
    problems, whole = Problems("table.csv"), Problems("shop.toml", most=None)
    for line in range(103):
        problems.add("price", line, "is wrong", line=line)
        whole.add("price", line, "is wrong", line=line)

    *named, last = problems.all()
    assert [problem.line for problem in named] == list(range(100))
    assert (last.cause, last.file) == ("3 more problems of this file are not shown", "table.csv")
    assert len(whole.all()) == 103


def test_an_attempt_gives_what_was_made_or_notes_why_not() -> None:
    def fail() -> int:
        raise SettingsError([LATE_TIMEOUT])

    problems = Problems()

    assert problems.attempt(lambda: 4) == 4
    assert problems.attempt(fail) is None
    assert problems.all() == (LATE_TIMEOUT,)
