"""`portes carriers`: the installed plugins, what they can do and who uses them; it asks no carrier."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from portes.cli.admin_client import admin_option, admin_page
from portes.cli.render.circuits import circuits_table
from portes.cli.render.screen import folding, screen
from portes.registry import CARRIERS, COMMANDS, GROUPS, Broken, Plugin, Registry, kind_of

if TYPE_CHECKING:
    from rich.table import Table

    from portes.carrier import Abilities
    from portes.errors import Problem
    from portes.store import Store

_PRICES: Final = {"live": "live prices", "table": "table prices"}


@dataclass(frozen=True)
class _Use:
    """A carrier of a store: who uses a plugin, and what that instance can do."""

    store: str
    key: str
    plugin: str
    abilities: "Abilities | None"
    """None for a carrier that is switched off."""


@dataclass(frozen=True)
class _Looked:
    """What the stores that were named say."""

    uses: list[_Use] = field(default_factory=list)
    problems: list["Problem"] = field(default_factory=list)


@click.command()
@click.argument("stores", nargs=-1, type=click.Path(path_type=Path))
@click.option("--live", is_flag=True, help="Ask a running service how its carriers' circuits stand, and stop.")
@admin_option
def carriers(stores: tuple[Path, ...], live: bool, admin: str) -> None:  # noqa: FBT001 — click hands flags over as values
    """List the installed carriers and who uses them.

    With STORES (store files, their folders, or a folder of them) also what each carrier can do there. The other
    plugins follow, and those that do not load, with cause and fix.
    """
    from portes.cli.logs import log_to_stderr

    log_to_stderr()
    if live:
        screen().print(folding(circuits_table(admin_page(admin, "/readyz", "stores"))))
        return
    registry, found, console = Registry(), _look_into(stores), screen()
    console.print(folding(_carriers(registry.plugins(CARRIERS), found.uses)))
    console.print(folding(_others(registry)))
    broken = [(group, each) for group in GROUPS for each in registry.broken(group)]
    if broken:
        console.print(folding(_broken(broken)))
    for problem in found.problems:
        click.echo(problem, err=True)
    if found.problems:
        click.get_current_context().exit(2)


def _look_into(stores: Sequence[Path]) -> _Looked:
    from portes.errors import SettingsError
    from portes.settings import find_store_files
    from portes.store import open_store

    found = _Looked()
    for file in find_store_files(stores):
        try:
            with open_store(file) as store:
                found.uses.extend(_uses(store))
        except SettingsError as error:
            found.problems.extend(error.problems)
    return found


def _uses(store: "Store") -> Iterator[_Use]:
    abilities = {member.key: member.abilities for member in (*store.members, *store.fallbacks)}
    for key, section in store.settings.carriers.items():
        yield _Use(store.name, key, section.use, abilities.get(key))


def _carriers(plugins: Iterable[Plugin[Any]], uses: Sequence[_Use]) -> "Table":
    from rich.table import Table
    from rich.text import Text

    table = Table("carrier", "distribution", "used by", "services", "abilities", title="Carriers", title_justify="left")
    for plugin in plugins:
        head = (Text(plugin.name), Text(f"{plugin.distribution} {plugin.version}"))
        own = [use for use in uses if use.plugin == plugin.name]
        for use in own:
            table.add_row(*head, Text(f"{use.store}: {use.key}"), Text(_services(use)), Text(_abilities(use)))
        if not own:
            table.add_row(*head, "", "", "")
    return table


def _services(use: _Use) -> str:
    if use.abilities is None:
        return ""
    return ", ".join(f"{service.code} ({service.delivery})" for service in use.abilities.active)


def _abilities(use: _Use) -> str:
    able = use.abilities
    if able is None:
        return "switched off"
    words = ["instant" if able.instant else "asks over the network", f"measures {able.measure}"]
    words += [_PRICES[able.price_source], f"times {able.time_source}"]
    words += [f"{able.batch} shipments a call"] if able.batch > 1 else []
    words += ["dated"] if able.dated else []
    words += [f"to {' '.join(sorted(able.countries))}"] if able.countries is not None else []
    return ", ".join(words)


def _others(registry: Registry) -> "Table":
    from rich.table import Table
    from rich.text import Text

    table = Table("kind", "name", "distribution", title="Other plugins", title_justify="left")
    for group in GROUPS:
        for plugin in registry.plugins(group) if group not in {CARRIERS, COMMANDS} else ():
            table.add_row(kind_of(group), Text(plugin.name), Text(f"{plugin.distribution} {plugin.version}"))
    return table


def _broken(broken: Iterable[tuple[str, Broken]]) -> "Table":
    from rich.table import Table
    from rich.text import Text

    title = "Installed, but not usable"
    table = Table("kind", "name", "cause", "fix", title=title, title_justify="left", title_style="bold red")
    for group, each in broken:
        table.add_row(kind_of(group), Text(each.name), Text(each.cause), Text(each.fix))
    return table
