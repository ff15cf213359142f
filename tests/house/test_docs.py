"""Whatever can be named in a settings file, in a distribution or on a command line stands in the documents."""

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from portes.engine.breaker import Circuit
from portes.registry import CARRIERS, CHANNELS, GROUPS, RULES, Door, Registry
from portes.settings import CarrierSection, OriginSection, ServiceSection, StoreSection

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
SECTIONS: tuple[type[BaseModel], ...] = (CarrierSection, OriginSection, ServiceSection, StoreSection)


@cache
def quoted() -> frozenset[str]:
    """Every word that stands as code in a sentence or a table of the documents."""
    texts = (page.read_text(encoding="utf-8") for page in DOCS.rglob("*.md"))
    return frozenset(
        word for text in texts for code in re.findall(r"`([^`\n]+)`", text) for word in re.findall(r"[\w-]+", code)
    )


def abouts() -> Iterator[tuple[str, dict[str, Any]]]:
    """Each distribution of the workspace that brings plugins, by its name, with its entry points."""
    for about in (ROOT / "core" / "pyproject.toml", *ROOT.glob("plugins/*/pyproject.toml")):
        project = tomllib.loads(about.read_text(encoding="utf-8"))["project"]
        yield project["name"], project.get("entry-points", {})


def named() -> Iterator[str]:
    """Each built-in and each plugin of the workspace, by its entry point."""
    for _, groups in abouts():
        yield from (f"{group} {name}" for group, names in groups.items() if group in GROUPS for name in names)


def models() -> Iterator[type[BaseModel]]:
    """Every model that a part of a store's file is read with; plugins of other tests may be installed beside ours."""
    registry, ours = Registry(), {distribution for distribution, _ in abouts()}
    yield from SECTIONS
    doors: tuple[Door[Any], ...] = (CARRIERS, CHANNELS, RULES)
    for group in doors:
        for plugin in registry.plugins(group):
            if plugin.distribution not in ours:
                continue
            yield plugin.value.Settings
            if group == CARRIERS:
                yield plugin.value.ServiceSettings


def test_every_plugin_is_documented_by_its_name() -> None:
    plugins = [*named()]

    assert plugins != []
    assert [plugin for plugin in plugins if plugin.rpartition(" ")[2] not in quoted()] == []


def test_every_built_in_and_every_plugin_of_the_workspace_loads() -> None:
    registry = Registry()

    assert [broken for group in GROUPS for broken in registry.broken(group)] == []


def test_every_group_of_entry_points_is_documented() -> None:
    pages = [text_of(page) for page in (*DOCS.rglob("*.md"), ROOT / "CONTRIBUTING.md")]

    assert [group for group in GROUPS if not any(group in text for text in pages)] == []


def test_every_setting_is_documented_by_its_key() -> None:
    undocumented = [
        f"{model.__module__}.{model.__name__}: {key}"
        for model in models()
        for name, field in model.model_fields.items()
        if (key := field.alias or name) not in quoted()
    ]

    assert undocumented == []


def test_every_page_is_listed_in_the_index() -> None:
    index = text_of(DOCS / "README.md")

    assert [
        page.name for page in sorted(DOCS.glob("*.md")) if page.name != "README.md" and f"]({page.name})" not in index
    ] == []


def test_every_page_of_how_to_do_something_says_what_you_should_see_then() -> None:
    silent = [
        page.name
        for page in sorted(DOCS.rglob("*.md"))
        if is_how_to(page) and "You should now see" not in text_of(page)
    ]

    assert silent == []


def is_how_to(page: Path) -> bool:
    """It has the reader type something or add something."""
    return re.search(r"^```(sh|bash|console)$|^## (Add|Write|Set up)", text_of(page), re.MULTILINE) is not None


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def test_every_link_to_a_page_leads_somewhere() -> None:
    dead = [
        f"{page.relative_to(ROOT)}: {target}"
        for page in (*sorted(DOCS.rglob("*.md")), *sorted(ROOT.glob("*.md")))
        for target in re.findall(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", text_of(page))
        if not (page.parent / target).exists()
    ]

    assert dead == []


@pytest.mark.parametrize("page", ["cli.md", "service.md"])
def test_the_states_of_a_circuit_are_documented_as_they_are_printed(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")

    assert [state.value for state in Circuit if f"`{state.value}`" not in text] == []
