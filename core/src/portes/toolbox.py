"""What a carrier gets at birth: everything impure it may use; it knows no engine and builds no HTTP session unasked."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import structlog
from structlog.typing import FilteringBoundLogger

from portes.clock import Clock, SystemClock
from portes.gather import Gather
from portes.received import Received
from portes.vault import Vault

if TYPE_CHECKING:
    from portes.session import Session

THREADS = 8
"""How many calls of one carrier run at once unless the settings say otherwise."""


@dataclass(frozen=True, slots=True)
class StoreFacts:
    """What a carrier may know of the store it works for."""

    name: str
    country: str
    """ISO 3166 code: `BR`."""
    currency: str
    """ISO 4217 code: `BRL`."""
    timezone: ZoneInfo
    calendar: str
    """The store's own business calendar: `BR-SP`."""
    folder: Path
    """Where the store's file stands; relative paths in a carrier's settings start here."""
    state: Path | None = None
    """The state folder, when the store keeps one."""


@dataclass(frozen=True)
class Tools:
    """The toolbox of one carrier of one store."""

    store: StoreFacts
    clock: Clock
    log: FilteringBoundLogger
    """Bound to the store's and the carrier's names."""
    gather: Gather
    vault: Vault
    open_http: Callable[[], "Session"] = field(repr=False)
    """How `http` is made; a carrier uses `http`."""

    @cached_property
    def http(self) -> "Session":
        """The carrier's one session, made when it is first asked for: an instant carrier never loads `requests`."""
        return self.open_http()

    def close(self) -> None:
        """Close idle connections and take no more gathered calls."""
        self.gather.close()
        if "http" in vars(self):
            self.http.close()


def tools_for(
    store: StoreFacts,
    carrier: str,
    *,
    clock: Clock | None = None,
    vault: Vault | None = None,
    threads: int = THREADS,
) -> Tools:
    """Make the toolbox of the carrier with this settings key. Nothing is opened, no thread started.

    Carriers of one process share a `vault`, so that a limit on fetching tokens holds for all of them.
    """
    clock = clock or SystemClock()

    def open_http() -> "Session":
        from portes.session import Session

        return Session()

    return Tools(
        store=store,
        clock=clock,
        log=structlog.get_logger("portes.carrier").bind(store=store.name, carrier=carrier),
        gather=Gather(threads, carrier),
        vault=vault or Vault(store.state, clock),
        open_http=open_http,
    )


__all__ = ["THREADS", "Received", "StoreFacts", "Tools", "tools_for"]
