"""The shape of the core: few rooms and floors, one meaning for each class name, and no word that was given up."""

import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).parents[2]
CORE = ROOT / "core" / "src" / "portes"
GIVEN_UP = {"standin", "standby", "patience", "vault", "barrier"}
"""The field says fallback, fallback only, timeout, token cache and guard."""


@cache
def nodes(path: Path) -> list[ast.AST]:
    return [*ast.walk(ast.parse(path.read_text(encoding="utf-8")))]


def modules() -> list[Path]:
    return sorted(CORE.rglob("*.py"))


def classes() -> Iterator[str]:
    """The name of every class, private ones and those within functions too."""
    yield from (node.name for path in modules() for node in nodes(path) if isinstance(node, ast.ClassDef))


def names_made(path: Path) -> Iterator[str]:
    """Every name that a module gives: what it only calls by a library's name is none of its own."""
    yield path.stem
    for node in nodes(path):
        match node:
            case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
                yield node.name
            case ast.arg():
                yield node.arg
            case ast.Name(ctx=ast.Store()):
                yield node.id
            case ast.Attribute(ctx=ast.Store()):
                yield node.attr


def words(name: str) -> set[str]:
    """The words of a name, and each two that follow one another as one: `STAND_IN` and `StandIn` hold `standin`."""
    parts = [part.lower() for part in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)]
    return {*parts, *map("".join, pairwise(parts))}


def test_no_two_classes_of_the_core_have_one_name() -> None:
    assert [name for name, times in Counter(classes()).items() if times > 1] == []


def test_at_most_nine_modules_stand_in_no_room() -> None:
    loose = [path.name for path in sorted(CORE.glob("*.py")) if path.name != "__init__.py"]

    assert len(loose) <= 9, loose


def test_the_core_has_at_most_nine_floors() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (layers,) = [each["layers"] for each in settings["tool"]["importlinter"]["contracts"] if each["type"] == "layers"]

    assert len(layers) <= 9


def test_no_name_in_the_core_brings_back_a_word_that_was_given_up() -> None:
    back = {
        f"{path.relative_to(CORE)}: {name}" for path in modules() for name in names_made(path) if words(name) & GIVEN_UP
    }

    assert back == set()
