"""The toolbox that a carrier is made with: everything impure it may use; no HTTP session is built unasked."""

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from structlog.typing import FilteringBoundLogger

from portes.calendars import calendar_fault
from portes.clock import Clock, SystemClock
from portes.contract import Origin
from portes.errors import Problem, SettingsError
from portes.forks.children import in_children, in_each_process
from portes.redaction import Redactor, masked_logger
from portes.settings import CarrierSection
from portes.toolbox.background import Background
from portes.toolbox.numbers import Numbers
from portes.toolbox.parallel import Gather
from portes.toolbox.tokens.cache import TokenCache

if TYPE_CHECKING:
    from portes.toolbox.http import Session

THREADS: Final[int] = CarrierSection.model_fields["threads"].default
"""How many calls of one carrier run at once unless the settings say otherwise."""


MOST_ODDITIES: Final = 100
"""Texts that one carrier may log once each; more would be no oddities."""


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
    origins: tuple[Origin, ...] = ()
    """Every place its parcels leave from."""
    links_within: Path | None = None
    """The folder that links in it may not lead out of; None where `[service] follow_links` lets them."""
    stored: Path | None = None
    """The state folder to look tables up in, also where nothing may be written, as while a store is only checked."""

    def require_currency(self, currency: str, cause: str, fix: str, where: str = "store.currency") -> None:
        """Refuse to work for a store of another currency than the carrier's own. Raises `SettingsError`."""
        if self.currency != currency:
            raise SettingsError(Problem(where, self.currency, cause, fix))

    def require_origin(self, number: int, where: str) -> None:
        """Refuse the number of an origin that the store does not have. Raises `SettingsError`.

        Where no origins are told, as by a host without a store's file, every number is taken.
        """
        known = sorted(origin.id for origin in self.origins)
        if known and number not in known:
            fix = f"write one of {', '.join(map(str, known))}, or leave it out"
            raise SettingsError(Problem(where, number, "is no origin of this store", fix))

    def require_calendar(self, calendar: str, where: str = "calendar") -> None:
        """Refuse what is no calendar of the store's country: `MG` is Madagascar. Raises `SettingsError`."""
        fault = calendar_fault(calendar, self.country)
        if fault:
            raise SettingsError(Problem(where, calendar, *fault))


@dataclass(frozen=True)
class Tools:
    """The toolbox of one carrier of one store."""

    store: StoreFacts
    clock: Clock
    log: FilteringBoundLogger
    """Bound to the store's and the carrier's names; it masks secrets and tokens in whatever is logged."""
    gather: Gather
    background: Background
    """For what a later quote shall know; the only tool with which an instant carrier may cause a call."""
    tokens: TokenCache
    redactor: Redactor
    """Knows the carrier's secrets and those tokens; for texts of its own that go into a hint or a finding."""
    open_http: Callable[[], "Session"] = field(repr=False)
    """How `http` is made, for hosts and tests to replace; a carrier uses `http`."""
    numbers: Callable[[int], Sequence[str]] = field(default_factory=Numbers)
    """Takes a count and gives as many numbers that no other call goes by, for a carrier that echoes them."""
    carrier: str = ""
    """The carrier's key in the store's file: `correios` of `[carriers.correios]`."""
    _logged: set[str] = field(default_factory=set, init=False, repr=False, compare=False)
    _sessions: "list[Session]" = field(default_factory=list, init=False, repr=False, compare=False)
    """The carrier's one session, once it is made."""

    def __post_init__(self) -> None:
        in_each_process(self._begin)
        in_children(self.redactor.unlock)

    def _begin(self) -> None:
        vars(self)["_opening"] = threading.Lock()

    @property
    def http(self) -> "Session":
        """The carrier's one session, made when it is first asked for: an instant carrier never loads `requests`."""
        if not self._sessions:
            with vars(self)["_opening"]:
                self._sessions[:] = self._sessions or [self.open_http()]
        return self._sessions[0]

    @property
    def lineage(self) -> str:
        """Whose secrets the carrier's are, over restarts and changes of settings: this store's and this carrier's."""
        return f"{self.store.name} {self.carrier}"

    def today(self) -> date:
        """The day that it is where the store is."""
        return self.clock.now().astimezone(self.store.timezone).date()

    def log_once(self, event: str) -> None:
        """Log what is odd and harms nothing, such as the unknown shape of a note: each text once, a hundred at most."""
        if event not in self._logged and len(self._logged) < MOST_ODDITIES:
            self._logged.add(event)
            self.log.warning(event)

    def prepare(self) -> None:
        """Make the session now, for hosts: loading what it needs takes longer than the first question may wait."""
        _ = self.http

    def close(self) -> None:
        """Close idle connections and take no more calls, gathered or in the background; hosts do so at the end."""
        self.gather.close()
        self.background.close()
        for session in self._sessions:
            session.close()


def tools_for(
    store: StoreFacts,
    carrier: str,
    *,
    clock: Clock | None = None,
    tokens: TokenCache | None = None,
    threads: int = THREADS,
    redactor: Redactor | None = None,
) -> Tools:
    """Make the toolbox of the carrier with this settings key. Nothing is opened, no thread started.

    All carriers of a process that share a state folder, or have none, should share `tokens`: so a limit on fetching
    tokens holds for all of them. `threads` is how many calls the engine makes to this carrier at once; as many more
    may run side by side through `gather`. `redactor` knows the secrets of the carrier's settings.
    """
    clock, redactor = clock or SystemClock(), redactor or Redactor()
    tokens = tokens or TokenCache(store.state, clock)
    redactor.join(tokens.redactor)

    def open_http() -> "Session":
        from portes.toolbox.http import Session

        return Session(connections=2 * threads, redactor=redactor)

    log = masked_logger(redactor, "portes.carrier", store=store.name, carrier=carrier)
    return Tools(
        store=store,
        clock=clock,
        log=log,
        gather=Gather(threads, carrier),
        background=Background(carrier, log),
        tokens=tokens,
        redactor=redactor,
        open_http=open_http,
        carrier=carrier,
    )
