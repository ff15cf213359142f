"""Closes the network for a while, loopback servers of the suite excepted."""

import socket
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from errno import ECONNREFUSED
from ipaddress import ip_address
from typing import Any
from unittest import mock

from portes_testing.harness.errors import BrokenContractError

_of_earlier_tests: set[int] = set()
_NAMES_OF_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class Network:
    """What was tried while the network was closed."""

    def __init__(self, open_ports: Collection[int], watch: Callable[[], None] | None = None) -> None:
        self.open_ports = set(open_ports)
        """Ports of loopback that may be reached; more may be opened on the way."""
        self.watch = watch or _nothing
        """The listener to each connection that is let through, in the thread that opens it."""
        self.refused: list[str] = []
        """What was tried and refused."""

    def admit(self, address: Any) -> None:  # noqa: ANN401 — addresses differ by socket family
        """Let a connection through or raise; a socket of another family than IP is nobody's network."""
        if not isinstance(address, tuple):
            return
        host, port = str(address[0]), address[1]
        if host in _NAMES_OF_LOOPBACK and port in self.open_ports:
            self.watch()
        elif host in _NAMES_OF_LOOPBACK and port in _of_earlier_tests:
            raise ConnectionRefusedError(ECONNREFUSED, "the server of an earlier test is gone")  # a straggler's call
        else:
            raise self._refusal(f"a connection to {host}:{port}")

    def admit_name(self, host: str | bytes | None) -> None:
        """Let a name be looked up or raise: asking a name server is network too."""
        name = host.decode() if isinstance(host, bytes) else host
        if name is not None and name not in _NAMES_OF_LOOPBACK and not _is_address(name):
            raise self._refusal(f"looking up {name}")

    def _refusal(self, tried: str) -> BrokenContractError:
        self.refused.append(tried)
        return BrokenContractError(f"{tried} was tried while the network is closed")


def served_again(port: int) -> None:
    """Say that a live server has a port now: one of an earlier test may have had it."""
    _of_earlier_tests.discard(port)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _nothing() -> None:
    """Listen to no connection."""


@contextmanager
def closed_network(*open_ports: int, watch: Callable[[], None] | None = None) -> Iterator[Network]:
    """Refuse every connection and look-up but those to these ports of loopback.

    A refused one raises `BrokenContractError` where it is tried, and again at the end, should somebody have
    swallowed it.
    """
    network = Network(open_ports, watch)
    _of_earlier_tests.difference_update(open_ports)  # ports come round again
    try:
        with _guarded(network, "connect"), _guarded(network, "connect_ex"), _guarded_names(network):
            yield network
    finally:
        _of_earlier_tests.update(network.open_ports)
    if network.refused:
        msg = f"while the network was closed, somebody tried {'; '.join(network.refused)}"
        raise BrokenContractError(msg)


@contextmanager
def _guarded(network: Network, method: str) -> Iterator[None]:
    connect = getattr(socket.socket, method)

    def guarded(self: socket.socket, address: Any) -> Any:  # noqa: ANN401 — handed through untouched
        try:
            network.admit(address)
        except BrokenContractError:
            self.close()  # whoever opened it expects another kind of error
            raise
        return connect(self, address)

    with mock.patch.object(socket.socket, method, guarded):
        yield


@contextmanager
def _guarded_names(network: Network) -> Iterator[None]:
    look_up = socket.getaddrinfo

    def guarded(host: str | bytes | None, *args: Any, **more: Any) -> Any:  # noqa: ANN401 — handed through untouched
        network.admit_name(host)
        return look_up(host, *args, **more)

    with mock.patch.object(socket, "getaddrinfo", guarded):
        yield


__all__ = ["Network", "closed_network", "served_again"]
