"""Who may hold a connection while there are many; it reads nothing of what they say."""

import asyncio
from collections import Counter
from collections.abc import Callable
from ipaddress import ip_address
from time import monotonic
from typing import Final

import structlog

from portes.web.monitoring.metrics import count_closed_connection
from portes.web.processes.limits import Limits

_TELL_SECONDS: Final = 60.0
_log = structlog.get_logger(__name__)


class ConnectionCaps:
    """The connections that one listener of this process holds open, at most so many in all and for one address.

    One too many takes the place of the one that has waited longest without a call, of the same address where the cap
    is the address's own. It is refused when all have a call under way. Used on one event loop alone.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._open: dict[asyncio.Transport, str] = {}
        """All, with the address each counts for; empty for one that no cap of an address concerns."""
        self._waiting: dict[asyncio.Transport, None] = {}
        """Those without a call under way, the longest waiting first."""
        self._addresses: Counter[str] = Counter()
        self._closed: Counter[str] = Counter()
        """What was closed since the log last told of it."""
        self._quiet_until = 0.0

    def admit(self, transport: asyncio.Transport, host: str) -> bool:
        """Whether a new connection may stay; another one may have been given up for it."""
        address = self._counted(host)
        stays = self._make_room(address)
        if stays:
            self._open[transport] = address
            self._addresses[address] += 1
            self._waiting[transport] = None
        return stays

    def begin(self, transport: asyncio.Transport) -> None:
        """Note that it has a call under way."""
        self._waiting.pop(transport, None)

    def wait(self, transport: asyncio.Transport) -> None:
        """Note that its call is answered, and that it waits for the next."""
        if transport in self._open:
            self._waiting.pop(transport, None)
            self._waiting[transport] = None

    def forget(self, transport: asyncio.Transport) -> None:
        """Note that it is closed; also one that never was let in."""
        self._waiting.pop(transport, None)
        address = self._open.pop(transport, None)
        if address is not None:
            self._addresses[address] -= 1
            if not self._addresses[address]:
                del self._addresses[address]

    def _counted(self, host: str) -> str:
        """What the cap of an address counts by: an IPv6 caller has 64 bits to choose from."""
        try:
            address = ip_address(host)
        except ValueError:  # a socket of the file system has none
            return ""
        address = getattr(address, "ipv4_mapped", None) or address
        if address.is_loopback or any(address in network for network in self._limits.proxies):
            return ""
        return str(address) if address.version == 4 else address.exploded[:19]

    def _make_room(self, address: str) -> bool:
        own = self._limits.connections_per_address
        if address and own and self._addresses[address] >= own:
            return self._exchange("address", self._longest_waiting(lambda held: held == address))
        if len(self._open) >= self._limits.connections:
            strangers_first = self._longest_waiting(bool) or self._longest_waiting(lambda _: True)
            return self._exchange("worker", strangers_first)
        return True

    def _longest_waiting(self, wanted: Callable[[str], bool]) -> asyncio.Transport | None:
        return next((transport for transport in self._waiting if wanted(self._open[transport])), None)

    def _exchange(self, cap: str, waiting: asyncio.Transport | None) -> bool:
        """Close the one that waits in favour of the new one, or say that there is none, so that the new one goes."""
        outcome = "refused" if waiting is None else "given_up"
        count_closed_connection(cap, outcome)
        self._closed[f"{outcome}_by_{cap}"] += 1
        self._tell()
        if waiting is None:
            return False
        self.forget(waiting)
        waiting.close()
        return True

    def _tell(self) -> None:
        """Write a line at once, and then at most one a minute."""
        if (now := monotonic()) >= self._quiet_until:
            self._quiet_until = now + _TELL_SECONDS
            most, own = self._limits.connections, self._limits.connections_per_address
            fix = "see docs/service.md, Connections"
            _log.warning("connections closed", **self._closed, most=most, most_per_address=own, fix=fix)
            self._closed.clear()
