"""A test that asserts nothing proves nothing, and one that mocks proves the mock."""

import ast
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOMS = ("tests", "plugins/*/tests", "contracts/tests")
TESTS = sorted(path for room in ROOMS for path in ROOT.glob(f"{room}/**/test_*.py"))
SUPPORT = sorted(path for room in ROOMS for path in ROOT.glob(f"{room}/**/*.py"))
CHECKS = {"raises", "warns", "fail", "validate", "check_schema", "call_and_validate", "assert_type"}

Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def functions(path: Path) -> Sequence[Function]:
    return [node for node in ast.walk(tree(path)) if isinstance(node, Function)]


@cache
def collected(path: Path) -> Sequence[Function]:
    """What pytest would collect: functions of the module and of its test classes, none inside another function."""
    module = tree(path).body
    classes = [node for node in module if isinstance(node, ast.ClassDef) and node.name.startswith("Test")]
    nodes = [*module, *(node for each in classes for node in each.body)]
    return [node for node in nodes if isinstance(node, Function) and node.name.startswith("test_")]


def called(function: Function) -> set[str]:
    """The last names of everything it calls, in any way of calling."""
    names = {node.attr for node in ast.walk(function) if isinstance(node, ast.Attribute)}
    return names | {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}


def asserts(function: Function) -> bool:
    return any(isinstance(node, ast.Assert) for node in ast.walk(function))


def asserting() -> frozenset[str]:
    """Helpers of the tests that assert something themselves."""
    return frozenset(
        function.name
        for path in SUPPORT
        for function in functions(path)
        if not function.name.startswith("test_") and asserts(function)
    )


def test_every_test_can_fail() -> None:
    checks = CHECKS | asserting()
    toothless = [
        f"{name_of(path)}::{function.name}"
        for path in TESTS
        for function in collected(path)
        if not asserts(function) and not called(function) & checks
    ]

    assert toothless == []


def test_the_name_of_every_test_is_a_sentence() -> None:
    """Three words at least: something, and what it does."""
    curt = [
        f"{name_of(path)}::{function.name}"
        for path in TESTS
        for function in collected(path)
        if function.name.count("_") < 3
    ]

    assert curt == []


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield str(node.module)


def test_nothing_is_mocked_in_the_tests() -> None:
    mocks = {"mock", "unittest.mock", "pytest_mock"}

    assert [name_of(path) for path in SUPPORT if mocks.intersection(imported(path))] == []
