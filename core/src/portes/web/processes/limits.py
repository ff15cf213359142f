"""What a caller may take of the process, whichever store it asks, and how long the process itself may take."""

import resource
from dataclasses import dataclass, replace
from ipaddress import IPv4Network, IPv6Network
from typing import Final

import structlog

_OTHER_FILES: Final = 256
"""File handles that a worker needs beside its connections: for carriers, databases, tables, its log."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Times and sizes of a connection and of a process. What a store itself limits stands in its settings."""

    header_seconds: float = 10.0
    """From a call's first byte to the end of its headers."""
    header_bytes: int = 32 * 1024
    """How long a call may be up to the end of its headers, its first line included."""
    body_seconds: float = 5.0
    """From the headers to the end of the body."""
    discarded_bytes: int = 256 * 1024
    """How much is thrown away of what a caller sends on once it was told that no more is read."""
    idle_seconds: int = 75
    """How long a connection may wait for a call, longer than the usual proxy keeps one; and how long for a caller to
    take its answers."""
    connections: int = 1000
    """How many may be open at once, in one worker."""
    connections_per_address: int = 100
    """How many of these from one address, loopback and `proxies` apart; 0 for as many as there are."""
    proxies: tuple[IPv4Network | IPv6Network, ...] = ()
    """Whence others' callers come as one."""
    finish_seconds: int = 15
    """How long calls under way may take once the service was told to stop."""
    shutdown_seconds: int = 17
    """From the stop until workers that still run are ended by force."""
    stop_seconds: int = 20
    """From the stop to the end of the service, whatever a worker does or its own parts do."""
    silent_seconds: int = 10
    """How long the event loop of a worker may be held up before another worker takes its place."""
    start_seconds: int = 300
    """How long a worker may take to open its stores."""


def fitted(limits: Limits) -> Limits:
    """The limits, with no more connections than this process may open files; it takes what the system lets it take."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = limits.connections + _OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    if soft in {resource.RLIM_INFINITY, wanted} or soft > wanted:
        return limits
    most = max(soft - _OTHER_FILES, soft // 2)
    fix = f"allow {wanted} open files (LimitNOFILE of the unit, ulimit -n), or ask for fewer with --connections"
    structlog.get_logger(__name__).warning("too few open files", allowed=soft, connections=most, fix=fix)
    return replace(limits, connections=most)
