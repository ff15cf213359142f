"""The page for hosts with processes of their own keeps what it shows: its programs run as they stand."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests
from forking_store import forking_store, price_of
from keeping import ids, wait_until

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "embedding.md").read_text(encoding="utf-8")
SERVED, _, FORKED = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
ASKED_ALREADY = "\napplication({'QUERY_STRING': 'postal_code=01099999'}, print)\n"
"""So that the program has a connection, threads and receipts by the time gunicorn forks."""


def test_the_program_for_a_server_answers_what_the_page_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    (shown,) = re.findall(r"```text\n(served\n.*?)```", PAGE, re.DOTALL)
    for variable in re.findall(r"[A-Z_]+=[\w/-]+", PAGE.partition("export ")[2].partition("\n")[0]):
        monkeypatch.setenv(*variable.split("="))
    monkeypatch.chdir(ROOT)
    program: dict[str, Any] = {}
    exec(SERVED, program)  # noqa: S102 — the page's own
    with program["store"]:
        told = program["application"]({"QUERY_STRING": "postal_code=01512-651"}, lambda *_: None)

    assert b"".join(told).decode() == shown


@pytest.mark.exhaustive
def test_the_program_of_multiprocessing_runs_as_it_stands() -> None:
    shown = subprocess.run([sys.executable, "-c", FORKED], cwd=ROOT, capture_output=True, text=True, check=False)

    assert (shown.returncode, shown.stdout) == (0, "True True\n")


@contextmanager
def gunicorn(folder: Path, *options: str) -> Iterator[str]:
    """Serve the page's program with two workers; the address, once they are there."""
    log = folder / "log"
    command = [sys.executable, "-m", "gunicorn", "--bind", "127.0.0.1:0", "--workers", "2", *options]
    environ = {**os.environ, "STORE": str(folder), "PYTHONPATH": str(folder)}
    with log.open("w") as file:
        server = subprocess.Popen([*command, "quotes:application"], cwd=folder, env=environ, stderr=file, stdout=file)
    try:
        wait_until(lambda: log.read_text().count("Booting worker") == 2)
        (address,) = re.findall(r"http://127\.0\.0\.1:\d+", log.read_text())
        yield address
    finally:
        server.terminate()
        server.wait(30)


@pytest.mark.exhaustive
@pytest.mark.parametrize("options", [["--preload"], ["--preload", "--worker-class", "gthread", "--threads", "4"], []])
def test_the_program_for_gunicorn_gives_everybody_his_own_price_and_keeps_every_receipt(
    options: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "quotes.py").write_text(SERVED + ASKED_ALREADY)
    places = [f"0100{number:04d}" for number in range(200)]

    def told(place: str) -> str:
        return requests.get(f"{address}/?postal_code={place}", timeout=30).text

    with forking_store(tmp_path) as (_, server):
        with gunicorn(tmp_path, *options) as address, ThreadPoolExecutor(8) as askers:
            answers = [*askers.map(told, places)]
        pids = list(server.askers.values())

    assert answers == [f"served\nacme {price_of(place)}\n" for place in places]
    assert [askers for askers in pids if len(askers) > 1] == []
    assert len(set().union(*pids)) >= 2
    assert len(ids(tmp_path / "state" / "receipts.sqlite")) == 200 + (1 if "--preload" in options else 2)
