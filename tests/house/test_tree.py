"""What the repository holds: no place or host of anybody's machine, and complete distributions."""

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
DISTRIBUTIONS = sorted(
    path.parent for room in ("core", "contracts", "plugins/*") for path in ROOT.glob(f"{room}/pyproject.toml")
)
TRACKED = [
    ROOT / name
    for name in subprocess.run(["git", "ls-files"], cwd=ROOT, check=True, capture_output=True, text=True).stdout.split(
        "\n"
    )
    if name
]
# written in pieces, because this file is tracked as well
FOREIGN = [
    *(f"/{folder}/" for folder in ("home", "work", "root", "Users", "tmp")),
    "127.0.0.1:" + "3128",
    *(".".join(parts) for parts in (("pypi", "org"), ("files", "pythonhosted"), ("npmjs", "org"), ("index", "url"))),
    "--" + "index-url",
    "--" + "extra-index",
]
PIN = re.compile(r"[a-z0-9-]+==[0-9][0-9a-z.+]*")


def text_of(path: Path) -> str:
    return path.read_bytes().decode("utf-8", errors="replace") if path.is_file() else ""


def project(folder: Path) -> dict[str, Any]:
    return tomllib.loads(text_of(folder / "pyproject.toml"))["project"]  # type: ignore[no-any-return]  # TOML is untyped


EACH = pytest.mark.parametrize("folder", DISTRIBUTIONS, ids=lambda folder: folder.name)


def test_no_tracked_file_names_a_place_or_a_host_of_one_machine() -> None:
    naming = [
        f"{path.relative_to(ROOT)}: {word}"
        for path in TRACKED
        for text in [text_of(path)]
        for word in FOREIGN
        if word in text
    ]

    assert naming == []


def test_every_version_is_pinned_and_no_index_is_named() -> None:
    pins = text_of(ROOT / "constraints.txt").splitlines()

    assert pins == sorted(pins, key=lambda pin: pin.partition("==")[0])
    assert [pin for pin in pins if not PIN.fullmatch(pin)] == []


LICENCES = {"core": "MIT AND ODbL-1.0 AND CC-BY-4.0"}
"""Of distributions that carry data under a licence of its own."""


@EACH
def test_every_distribution_is_typed_described_and_licensed(folder: Path) -> None:
    about = project(folder)
    (package,) = (folder / "src").glob("*/py.typed")

    assert package.parent.name == about["name"].replace("-", "_")
    assert (about["readme"], about["license"]) == ("README.md", LICENCES.get(folder.name, "MIT"))
    assert len(text_of(folder / "README.md").splitlines()) > 1
    assert text_of(folder / "LICENSE") == text_of(ROOT / "LICENSE")


@EACH
def test_distributions_are_released_together(folder: Path) -> None:
    core = project(ROOT / "core")["version"]

    assert project(folder)["version"] == core
    if folder.name != "core":
        assert any(re.fullmatch(rf"portes(\[[a-z,]+\])?=={core}", one) for one in project(folder)["dependencies"])


def wanted(folder: Path) -> set[str]:
    """The names of every library that a distribution asks for, extras included."""
    about = project(folder)
    extras = (one for extra in about.get("optional-dependencies", {}).values() for one in extra)
    return {re.split(r"[<>=\[~!; ]", one)[0].lower() for one in (*about["dependencies"], *extras)}


@cache
def owners() -> Mapping[str, Sequence[str]]:
    """The distributions that each importable package comes from."""
    return packages_distributions()


def imported(folder: Path) -> set[str]:
    """The distributions whose modules a distribution's own modules import."""
    nodes = [node for path in folder.glob("src/**/*.py") for node in ast.walk(ast.parse(text_of(path)))]
    modules = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    modules |= {node.module for node in nodes if isinstance(node, ast.ImportFrom) and node.module and not node.level}
    tops = {module.partition(".")[0] for module in modules} - sys.stdlib_module_names
    return {owners().get(top, [top])[0].lower().replace("_", "-") for top in tops}


@EACH
def test_every_library_that_is_imported_is_asked_for(folder: Path) -> None:
    """What the core asks for comes with it; pydantic and its other half are released together."""
    given = wanted(folder) | wanted(ROOT / "core") | {project(folder)["name"], "portes", "pydantic-core"}

    assert imported(folder) - given == set()


@EACH
def test_every_library_a_distribution_needs_is_pinned(folder: Path) -> None:
    pinned = {pin.partition("==")[0] for pin in text_of(ROOT / "constraints.txt").splitlines()}

    assert {name for name in wanted(folder) if not name.startswith("portes")} <= pinned
