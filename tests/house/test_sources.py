"""The house's habits that a syntax tree can see: modules that introduce themselves, small files, small functions."""

import ast
import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import TypeGuard

import pytest

ROOT = Path(__file__).parents[2]
PRODUCT = sorted(
    path for room in ("core/src", "plugins/*/src", "contracts/src") for path in ROOT.glob(f"{room}/**/*.py")
)
TOOLS = sorted(path for room in ("benchmarks", "docs", "examples", "scripts") for path in ROOT.glob(f"{room}/**/*.py"))
COUNTING = [
    path
    for room in ("contract", "packing", "rules", "tables")
    for path in sorted((ROOT / "core/src/portes" / room).glob("*.py"))
    if path.name not in {"cells.py", "durations.py"}
]
LONGEST_FILE = 350

Function = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(node: ast.AST) -> Iterator[Function]:
    yield from (child for child in ast.walk(node) if isinstance(child, Function))


def body_lines(function: Function) -> int:
    """Lines of the body, its docstring not counted."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return body[-1].end_lineno - body[0].lineno + 1 if body and body[-1].end_lineno else 0


@pytest.mark.parametrize("path", PRODUCT + TOOLS, ids=name_of)
def test_a_module_opens_with_one_sentence_of_what_it_is_for(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    sentence = (ast.get_docstring(ast.parse(source)) or "").partition("\n\n")[0]

    assert not source.strip() or (len(sentence) > 20 and sentence.rstrip().endswith((".", ":")))


@pytest.mark.parametrize("path", PRODUCT + TOOLS, ids=name_of)
def test_no_file_is_long(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


def test_functions_are_small() -> None:
    lengths = [body_lines(function) for path in PRODUCT for function in functions(tree(path))]

    assert statistics.median(lengths) < 8
    assert sum(length < 30 for length in lengths) >= 0.9 * len(lengths)


@pytest.mark.parametrize("path", COUNTING, ids=name_of)
def test_no_float_where_money_and_measures_are_counted(path: Path) -> None:
    """A check that refuses floats must name the type; spreadsheets' cells are floats until `cells.py` has read them.

    Seconds of machine time are floats too; `durations.py` reads them.
    """
    parsed = tree(path)
    refusals = {id(part) for call in calls(parsed, "isinstance") for part in ast.walk(call)}
    floats = [node.lineno for node in ast.walk(parsed) if id(node) not in refusals and is_float(node)]

    assert floats == []


def is_float(node: ast.AST) -> TypeGuard[ast.expr]:
    named = isinstance(node, ast.Name) and node.id == "float"
    return named or (isinstance(node, ast.Constant) and isinstance(node.value, float))


def calls(node: ast.AST, name: str) -> Iterator[ast.Call]:
    for call in ast.walk(node):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id == name:
            yield call


def test_an_exception_of_any_kind_is_raised_on_or_stopped_for_a_reason_that_stands_beside_it() -> None:
    unexplained = [
        f"{name_of(path)}:{handler.lineno}"
        for path in PRODUCT
        for handler in handlers(path)
        if is_broad(handler) and not goes_on(handler) and "#" not in text_of(path, handler)
    ]

    assert unexplained == []


def handlers(path: Path) -> list[ast.ExceptHandler]:
    return [node for node in ast.walk(tree(path)) if isinstance(node, ast.ExceptHandler)]


def is_broad(handler: ast.ExceptHandler) -> bool:
    broad = {"Exception", "BaseException"}
    return handler.type is None or (isinstance(handler.type, ast.Name) and handler.type.id in broad)


def goes_on(handler: ast.ExceptHandler) -> bool:
    return isinstance(handler.body[-1], ast.Raise)


def text_of(path: Path, handler: ast.ExceptHandler) -> str:
    lines = path.read_text(encoding="utf-8").splitlines()
    return "\n".join(lines[handler.lineno - 1 : handler.end_lineno])


def test_no_exception_is_swallowed_in_silence() -> None:
    silent = [
        f"{name_of(path)}:{handler.lineno}"
        for path in PRODUCT
        for handler in handlers(path)
        if all(isinstance(part, ast.Pass) for part in handler.body)
    ]

    assert silent == []
