"""The installed plugins as tables: what carriers can do, who uses them, and what does not load; it asks no carrier."""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from rich.table import Table

from portes.carrier import Abilities
from portes.cli.render.screen import plain
from portes.registry import CARRIERS, COMMANDS, GROUPS, Broken, Plugin, Registry, StrangeGroup, kind_of

_PRICES: Final = {"live": "live prices", "table": "table prices"}


@dataclass(frozen=True)
class CarrierUse:
    """A carrier of a store: who uses a plugin, and what that instance can do."""

    store: str
    key: str
    plugin: str
    abilities: Abilities | None
    """None for a carrier that is switched off."""


def carriers_table(plugins: Iterable[Plugin[Any]], uses: Sequence[CarrierUse]) -> Table:
    """The carrier plugins, each with its uses, or once where nobody uses it."""
    table = Table("carrier", "distribution", "used by", "services", "abilities", title="Carriers", title_justify="left")
    for plugin in plugins:
        head = (plain(plugin.name), plain(f"{plugin.distribution} {plugin.version}"))
        own = [use for use in uses if use.plugin == plugin.name]
        for use in own:
            table.add_row(*head, plain(f"{use.store}: {use.key}"), plain(_services(use)), plain(_abilities(use)))
        if not own:
            table.add_row(*head, "", "", "")
    return table


def _services(use: CarrierUse) -> str:
    if use.abilities is None:
        return ""
    return ", ".join(f"{service.code} ({service.delivery})" for service in use.abilities.active)


def _abilities(use: CarrierUse) -> str:
    able = use.abilities
    if able is None:
        return "switched off"
    words = ["instant" if able.instant else "asks over the network", f"measures {able.measure}"]
    words += [_PRICES[able.price_source], f"times {able.time_source}"]
    words += [f"{able.batch} shipments a call"] if able.batch > 1 else []
    words += ["dated"] if able.dated else []
    words += [f"to {' '.join(sorted(able.countries))}"] if able.countries is not None else []
    return ", ".join(words)


def other_plugins_table(registry: Registry, unusable: Container[tuple[str, str]]) -> Table:
    """The plugins that are neither carriers nor commands, by kind, without the unusable ones (group, name)."""
    table = Table("kind", "name", "distribution", title="Other plugins", title_justify="left")
    for group in GROUPS:
        for plugin in registry.plugins(group) if group not in {CARRIERS, COMMANDS} else ():
            if (group, plugin.name) not in unusable:
                table.add_row(kind_of(group), plain(plugin.name), plain(plugin.brought_by))
    return table


def broken_plugins_table(broken: Iterable[tuple[str, Broken]]) -> Table:
    """The plugins that do not load, each with its group, cause and fix."""
    title = "Installed, but not usable"
    table = Table("kind", "name", "cause", "fix", title=title, title_justify="left", title_style="bold red")
    for group, each in broken:
        table.add_row(kind_of(group), plain(each.name), plain(each.cause), plain(each.fix))
    return table


def strange_groups_table(groups: Iterable[StrangeGroup]) -> Table:
    """The groups of entry points that are misspelt, so that nobody reads them, each with what was meant."""
    title = "Groups of entry points that nobody reads"
    table = Table("group", "names", "distribution", "fix", title=title, title_justify="left", title_style="bold red")
    for each in groups:
        table.add_row(*map(plain, (each.group, ", ".join(each.names), each.distribution, each.fix)))
    return table
