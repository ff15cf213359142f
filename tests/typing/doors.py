"""The doors that plugins come through; only type-checked, never run: what comes out is typed by its door."""

from typing import Any, assert_type

import click

from portes.carrier import CarrierPlugin
from portes.catalogue import CatalogueSource
from portes.channels.protocol import Channel
from portes.packing.protocol import Packer
from portes.registry import (
    CARRIERS,
    CATALOGUES,
    CHANNELS,
    COMMANDS,
    GROUPS,
    HOOKS,
    PACKERS,
    RULES,
    SANDBOXES,
    TABLE_FORMATS,
    Plugin,
    Registry,
    SandboxPlugin,
)
from portes.rules.protocol import RulePlugin
from portes.tables import TableFormat

registry = Registry()

assert_type(registry.find(CARRIERS, "table").value, type[CarrierPlugin])
assert_type(registry.find(CHANNELS, "native").value, type[Channel])
assert_type(registry.find(RULES, "cheapest").value, type[RulePlugin])
assert_type(registry.find(CATALOGUES, "sql").value, type[CatalogueSource])
assert_type(registry.find(PACKERS, "single").value, Packer)
assert_type(registry.find(TABLE_FORMATS, "plain").value, type[TableFormat])
assert_type(registry.find(SANDBOXES, "jamef").value, type[SandboxPlugin])
assert_type(registry.find(COMMANDS, "serve").value, click.Command)
assert_type(registry.find(HOOKS, "watcher").value, object)
assert_type(registry.plugins(RULES), list[Plugin[type[RulePlugin]]])
assert_type([plugin for door in GROUPS for plugin in registry.plugins(door)], list[Plugin[Any]])

registry.find("portes.rules", "cheapest")  # type: ignore[arg-type]  # a group's bare name is no door
