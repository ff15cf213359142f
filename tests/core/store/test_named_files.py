"""The files that a store's file names: regular ones, in its folder, and none that a check would write."""

import os
from pathlib import Path
from typing import Any

import pytest
from shop import FrozenClock
from terminal import run

from portes.hooks import Watchers
from portes.store import check_store, open_store

TABLE = """service,postal_from,postal_to,weight_from_g,weight_to_g,price,days_min,days_max
n,01000000,19999999,0,30000,10.00,2,3
"""
STORE = """
[service]
state = "state"
keep_cache = true
{service}
[store]
country = "BR"
currency = "BRL"
timezone = "America/Sao_Paulo"
calendar = "BR-SP"
catalogue = "catalogue.csv"
[[origins]]
id = 1
postal_code = "01001000"
[carriers.table]
use = "table"
id = 1
[carriers.table.settings]
file = "table.csv"
[[carriers.table.services]]
code = "n"
delivery = "normal"
[channels.native]
keys = "file:key"
"""
AROUND: dict[str, Any] = {"environ": {}, "clock": FrozenClock(), "watchers": Watchers()}
FILES = {"table.csv": TABLE, "catalogue.csv": "sku\na\n", "key": "canary-4711-canary-4711"}


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """A store's file, and beside it the files that it names."""
    folder = tmp_path / "shop"
    folder.mkdir()
    for name, content in FILES.items():
        (folder / name).write_text(content)
    (folder / "portes.toml").write_text(STORE.format(service=""))
    return folder / "portes.toml"


def problems(file: Path) -> list[str]:
    return [f"{problem.where or Path(problem.file).name}: {problem.cause}" for problem in check_store(file, **AROUND)]


@pytest.mark.parametrize("kind", ["pipe", "link"])
def test_whatever_the_settings_name_is_a_regular_file_of_the_store_s_folder(store: Path, kind: str) -> None:
    for name in FILES:
        path = store.parent / name
        path.rename(store.parent.parent / name)
        os.mkfifo(path) if kind == "pipe" else path.symlink_to(store.parent.parent / name)

    cause = "is a pipe, not a file" if kind == "pipe" else "is a link that leads out of the store's folder"

    assert sorted(problems(store)) == [
        f"carriers.table.settings.file: cannot be read: {cause}",
        f"catalogue.csv: cannot be read ({cause})",
        f"channels.native.keys: the secret file {cause}",
    ]


def test_a_setting_lets_links_lead_out_of_the_folder(store: Path) -> None:
    for name in FILES:
        path = store.parent / name
        path.rename(store.parent.parent / name)
        path.symlink_to(store.parent.parent / name)
    store.write_text(STORE.format(service="follow_links = true"))

    assert problems(store) == []


def test_settings_that_are_a_pipe_or_too_large_are_told_and_not_waited_for(store: Path) -> None:
    pipe = store.parent / "pipe.toml"
    os.mkfifo(pipe)
    with store.open("r+b") as file:
        file.truncate(5 << 20)

    told = run("check", str(pipe)), run("check", str(store))

    assert [one.exit_code for one in told] == [2, 2]
    assert "pipe.toml: is no file" in told[0].output
    assert "portes.toml: cannot be read (holds more than 4 MiB)" in told[1].output


def test_a_check_writes_nothing_and_clears_nothing_away(store: Path) -> None:
    kept = store.parent / "state" / "tables"
    with open_store(store, **AROUND):
        pass
    (kept / "old.rates").write_bytes(b"")
    os.utime(kept / "old.rates", (0, 0))
    (store.parent / "table.csv").write_text(TABLE.replace("10.00", "11.00"))
    before = listing(store.parent)

    checked = run("check", str(store))

    assert checked.exit_code == 0, checked.output
    assert listing(store.parent) == before


def listing(folder: Path) -> list[tuple[str, int, int]]:
    return sorted((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in folder.rglob("*"))
