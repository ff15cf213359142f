"""What the stores of a process share, and what may replace the real thing; it makes no store."""

import os
from collections.abc import Mapping
from functools import cache
from typing import TypedDict

import structlog

from portes.clock import Clock, SystemClock
from portes.hooks import Watchers
from portes.receipts.writer import Writer
from portes.registry import HOOKS, Registry
from portes.toolbox.tokens.cache import TokenCache

_log = structlog.get_logger(__name__)


class Overrides(TypedDict, total=False):
    """What a store finds around it; what is left out is the real thing."""

    environ: Mapping[str, str]
    clock: Clock
    registry: Registry
    watchers: Watchers
    keeps_state: bool
    """False for a store that is only looked at: its state folder is neither made nor written to."""


class Runtime:
    """What the stores of a process share: plugins, environment, clock, watchers, tokens, the writer of receipts."""

    def __init__(self, overrides: Overrides) -> None:
        self.environ = overrides.get("environ", os.environ)
        self.clock = overrides.get("clock") or SystemClock()
        self.registry = overrides.get("registry") or Registry()
        self.watchers = overrides.get("watchers") or installed_watchers(self.registry)
        self.keeps_state = overrides.get("keeps_state", True)
        # one token cache a state folder: a limit on fetching tokens holds for all stores that share it
        self.tokens = cache(lambda state: TokenCache(state, self.clock))
        self.receipts = Writer()


def installed_watchers(registry: Registry) -> Watchers:
    """The watchers that installed distributions bring; one that does not load is logged and left out."""
    watchers = Watchers()
    for plugin in registry.plugins(HOOKS):
        watchers.register(plugin.value, plugin.name, plugin.brought_by)
    for broken in registry.broken(HOOKS):
        _log.warning("watcher does not load", watcher=broken.name, distribution=broken.distribution, cause=broken.cause)
    return watchers
