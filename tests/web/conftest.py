"""A store on loopback, served as a worker serves it, its plugins installed as distributions of their own."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from stage import ENVIRON, EXPRESS, NORMAL, on_loopback, write_store

from portes.registry import Registry
from portes.store import installed_watchers, open_stores
from portes.web.app import public_app

PROPS = Path(__file__).parent / "props"
SHOUTING = Path(__file__).parent / "shouting"

_AUTHS = """auth = [
    { kind = "basic", username = "netshoes", password = "${SECRET}" },
    { kind = "app_key", app_key = "${APP_KEY}", app_token = "${SECRET}" },
    { kind = "header", value = "${WORDS}" },
]"""


@pytest.fixture(scope="session", autouse=True)
def props() -> Iterator[None]:
    """Install the stage props for this process."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(PROPS)
        patch.setattr(sys, "dont_write_bytecode", True)
        yield


def write_stores(folder: Path) -> list[Path]:
    """A sound store, one whose only carrier crashes, one with a second carrier beside it, and a late one.

    The second takes no weight and no side of zero.
    """
    light_express = {**EXPRESS, "most_grams": 1000, "cents": 3000}
    return [
        write_store(
            folder,
            "shop",
            {"near": {"prefixes": ["0"]}},
            services={"near": [NORMAL, light_express]},
            netshoes=_AUTHS,
            more="[channels.trapdoor]",
        ),
        write_store(folder, "crashing", {"crash": {"crashes": True}}, zeros=False),
        write_store(folder, "limping", {"crash": {"crashes": True}, "near": {"prefixes": ["0"]}}),
        write_store(folder, "late", {"slow": {"seconds": 0.9}}, limit=None),
    ]


@pytest.fixture(scope="session")
def stores(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The files of those stores."""
    return write_stores(tmp_path_factory.mktemp("stores"))


@pytest.fixture(scope="session")
def address(stores: list[Path]) -> Iterator[str]:
    """Those stores, answering over HTTP."""
    registry = Registry()
    watchers = installed_watchers(registry)
    opened = open_stores(stores, registry=registry, watchers=watchers, environ=ENVIRON)
    with on_loopback(public_app(tuple(opened.values()), watchers)) as url:
        yield url
