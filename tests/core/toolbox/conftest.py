"""What tests of the session share: hosts on loopback, and a session."""

import ssl
from collections.abc import Callable, Iterator

import pytest
from raw_host import Host, Script

from portes.toolbox.http import Session
from portes.toolbox.transport import tls_context


@pytest.fixture
def host() -> Iterator[Callable[..., Host]]:
    hosts: list[Host] = []

    def start(script: Script, context: ssl.SSLContext | None = None) -> Host:
        hosts.append(Host(script, context))
        return hosts[-1]

    yield start
    for each in hosts:
        each.close()


@pytest.fixture(scope="module")
def tls() -> ssl.SSLContext:
    """The usual authorities; to read them takes longer than most tests."""
    return tls_context()


@pytest.fixture
def session(tls: ssl.SSLContext) -> Iterator[Session]:
    with Session(tls=tls) as session:
        yield session
