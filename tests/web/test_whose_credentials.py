"""Credentials open the store whose they are, and no other: every channel that is built here, over HTTP."""

import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from stage import browser, on_loopback

import portes
from portes.channels.protocol import ChannelRequest
from portes.hooks import Watchers
from portes.store import Store, open_store
from portes.web.app import public_app

STORE = Path(portes.__file__).parent / "demo_stores" / "platforms"
OTHERS = """
[channels.native]
keys = "${NATIVE_KEY}"

[channels.netshoes]
auth = { kind = "app_key", app_key = "${NETSHOES_KEY}", app_token = "${NETSHOES_TOKEN}" }
"""
SETTINGS = (STORE / "portes.toml").read_text() + OTHERS
CHANNELS = re.findall(r"^\[channels\.([\w-]+)\]", SETTINGS, re.MULTILINE)


def opened(folder: Path, name: str) -> Store:
    shutil.copytree(STORE, folder / name)
    (folder / name / "portes.toml").write_text(SETTINGS.replace('"demo-platforms"', f'"{name}"'))
    secrets = re.findall(r"\$\{(\w+)\}", SETTINGS)
    return open_store(folder / name, environ={secret: f"canary-of-{name}-{secret.lower()}" for secret in secrets})


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Store, Store]]:
    """Where two stores answer whose credentials differ, and both."""
    folder = tmp_path_factory.mktemp("two")
    ours, theirs = opened(folder, "ours"), opened(folder, "theirs")
    with on_loopback(public_app([ours, theirs], Watchers())) as url:
        yield url, ours, theirs


def status(url: str, call: ChannelRequest) -> int:
    with browser() as web:
        return web.request(call.method, url + call.address, data=call.body, headers=dict(call.headers)).status_code


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_credentials_of_one_store_are_refused_at_the_address_of_another(
    stores: tuple[str, Store, Store], channel: str
) -> None:
    url, ours, theirs = stores
    call = ours.channels[channel].example()

    assert status(url, call) == 200
    assert status(url, replace(call, path=theirs.channels[channel].example().path)) == 401
