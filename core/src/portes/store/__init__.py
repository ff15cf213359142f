"""A store made from its file, ready to be asked: the only room where all meet; it decides nothing itself."""

from portes.store.opening import (
    Opener,
    check_store,
    crash_place,
    crash_problem,
    namesake_problem,
    open_store,
    open_stores,
)
from portes.store.rules import BuiltRule, of_phase
from portes.store.runtime import Overrides, installed_watchers
from portes.store.store import Store

__all__ = [
    "BuiltRule",
    "Opener",
    "Overrides",
    "Store",
    "check_store",
    "crash_place",
    "crash_problem",
    "installed_watchers",
    "namesake_problem",
    "of_phase",
    "open_store",
    "open_stores",
]
