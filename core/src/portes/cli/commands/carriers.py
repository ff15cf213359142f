"""`portes carriers`: the installed plugins, what they can do and who uses them; it asks no carrier."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from portes.cli.admin_client import admin_option, admin_page
from portes.cli.render.circuits import circuits_table, refused_files
from portes.cli.render.screen import folding, screen
from portes.registry import CARRIERS, Registry

if TYPE_CHECKING:
    from portes.cli.render.carriers import CarrierUse
    from portes.errors import Problem
    from portes.store import Store


@click.command()
@click.argument("stores", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "--live",
    is_flag=True,
    help="Say how a running service's carriers and files stand, and stop.",
)
@admin_option
def carriers(stores: tuple[Path, ...], live: bool, admin: str) -> None:  # noqa: FBT001 — click hands flags over as values
    """List the installed carriers and who uses them.

    With STORES (store files, their folders, or a folder of them) also what each carrier can do there. The other
    plugins follow, and those that do not load, with cause and fix.
    """
    from portes.cli.logs import log_to_stderr
    from portes.cli.render.carriers import (
        broken_plugins_table,
        carriers_table,
        other_plugins_table,
        strange_groups_table,
    )
    from portes.store.plugin_checks import unusable_plugins

    log_to_stderr()
    if live:
        ready = admin_page(admin, "/readyz", "stores")
        screen().print(folding(circuits_table(ready)))
        for line in refused_files(ready):
            click.echo(line)
        return
    registry, (uses, problems), console = Registry(), _uses_in(stores), screen()
    broken = unusable_plugins(registry)
    unusable = {(group, each.name) for group, each in broken}
    whole = [plugin for plugin in registry.plugins(CARRIERS) if (CARRIERS, plugin.name) not in unusable]
    console.print(folding(carriers_table(whole, uses)))
    console.print(folding(other_plugins_table(registry, unusable)))
    if broken:
        console.print(folding(broken_plugins_table(broken)))
    if strange := registry.strange_groups():
        console.print(folding(strange_groups_table(strange)))
    for problem in problems:
        click.echo(problem, err=True)
    if problems:
        click.get_current_context().exit(2)


def _uses_in(stores: Sequence[Path]) -> "tuple[list[CarrierUse], list[Problem]]":
    """The carriers of the stores that open, and the problems of those that do not."""
    from portes.errors import SettingsError
    from portes.settings import find_store_files
    from portes.store import open_store

    uses: list[CarrierUse] = []
    problems: list[Problem] = []
    for file in find_store_files(stores):
        try:
            with open_store(file) as store:
                uses.extend(_uses(store))
        except SettingsError as error:
            problems.extend(error.problems)
    return uses, problems


def _uses(store: "Store") -> "Iterator[CarrierUse]":
    from portes.cli.render.carriers import CarrierUse

    abilities = {member.key: member.abilities for member in (*store.members, *store.fallbacks)}
    for key, section in store.settings.carriers.items():
        yield CarrierUse(store.name, key, section.use, abilities.get(key))
