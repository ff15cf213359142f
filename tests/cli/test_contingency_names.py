"""A contingency table of a store whose folder and files have accents and spaces in their names, command by command."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from bulk_shop import STORE
from lane_carrier import LaneSimulator, install_lane_carrier
from logins import full_folder
from terminal import Portes

from portes.simulators.serving import HOST, serving

FLAGS = ("--for", "plain", "--regions", "AC", "--brackets", "0.5,1,3", "--density", "200", "--value", "100.00")


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A store's file whose carrier is asked over HTTP."""
    folder, site = tmp_path / "Loja do São João", tmp_path / "site"
    folder.mkdir()
    site.mkdir()
    install_lane_carrier(site)
    monkeypatch.syspath_prepend(site)
    monkeypatch.delattr(os, "setpriority")  # this process has other tests to run, and could not have its priority back
    with serving(LaneSimulator()) as port:
        parts = {"store": "", "more": "", "carrier": "bulk = { calls_a_minute = 100000 }", "settings": "batch = 50"}
        text = STORE.format(url=f"http://{HOST}:{port}/", **parts)
        file = folder / "mañana é.toml"
        file.write_text(text.replace('state = "state"', 'state = "não é só isto"'), encoding="utf-8")
        yield file


def test_a_store_of_any_name_has_its_table_built_checked_put_in_force_and_exported(
    portes: Portes, file: Path, tmp_path: Path
) -> None:
    out = tmp_path / "para subir à loja"
    copy, kept = out / "cópia da tabela.csv", "contingency-plain@1"
    told = [
        portes("contingency", "build", file, *FLAGS, "--calls", "20", "--out", out),
        portes("contingency", "drift", file, "--fresh", "5"),
        portes("tables", "activate", kept, "--store", file),
        portes("tables", "export", kept, "--for", "plain", "--stem", copy.stem, "--out", out, "--store", file),
        portes("contingency", "drift", file, "--file", copy, "--fresh", "5"),
        portes("tables", "check", copy),
        portes("tables", "detect", copy),
        portes("tables", "audit", copy, "--html", out / "página.html"),
        portes("tables", "import", copy, "--as", "copy", "--store", file),
        portes("tables", "diff", copy, "copy@1", "--store", file),
        portes("tables", "list", "--store", file),
    ]

    assert [each.exit_code for each in told] == [0] * len(told), [each.stderr for each in told]
    assert f"Upload the files in {out}." in told[0].stdout
    assert (file.parent / "não é só isto" / "tables.sqlite").exists()
    assert {path.name for path in out.iterdir()} == {"contingency-plain.csv", copy.name, "página.html"}
    assert told[4].stdout.startswith("cópia da tabela.csv of shop")
    assert "contingency-plain" in told[-1].stdout


def test_a_full_disk_is_one_line_that_names_the_folder_and_what_to_do(portes: Portes, file: Path) -> None:
    with full_folder():
        done = portes("contingency", "build", file, *FLAGS)

    assert (done.exit_code, done.stdout) == (2, "")
    (line,) = done.stderr.splitlines()
    assert line.startswith(f"{file}: service.state: cannot keep what is learnt")
    assert line.endswith("that its disk has room, and build again")
