"""A store made from its file, ready to be asked: the only room where all meet; it decides nothing itself."""

from portes.store.opening import Opener, check_store, open_store, open_stores, refuse_namesake
from portes.store.runtime import Overrides, installed_watchers
from portes.store.store import Store

__all__ = [
    "Opener",
    "Overrides",
    "Store",
    "check_store",
    "installed_watchers",
    "open_store",
    "open_stores",
    "refuse_namesake",
]
