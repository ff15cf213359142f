"""The services that the load is put on, each a process on loopback: stores with a table or far carriers, and karrio."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event, Thread
from typing import Final
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, build_opener

from benchmarks.http import SECRET, STORE, stopping, write_store

ROOT: Final = Path(__file__).parents[1]
DELAY: Final = "0.15"
"""Seconds that a healthy far carrier takes."""
LIVE: Final = 'cache = { fresh = "0s", stale_while_revalidate = "0s", stale_if_error = "0s", refusals = "0s" }'
"""Every question is asked anew."""
ROOMY: Final = "threads = 96\nqueue = 64"
"""Enough for 400 questions a second at 150 ms each."""
PACKAGES: Final = ("karrio", "starlette", "uvicorn", "uvloop", "httptools")

_KILOBYTES: Final = os.sysconf("SC_PAGE_SIZE") // 1024
_TICKS: Final = os.sysconf("SC_CLK_TCK")
_open = build_opener(ProxyHandler({})).open


@dataclass(frozen=True)
class Served:
    """A process that answers."""

    port: int
    process: int
    """Its process id."""

    def cpu(self) -> float:
        """Seconds of processor time that it took so far."""
        user, system = self._stat()[11:13]
        return (int(user) + int(system)) / _TICKS

    def megabytes(self) -> float:
        """Its resident memory."""
        return int(self._stat()[21]) * _KILOBYTES / 1024

    def _stat(self) -> list[str]:
        return Path(f"/proc/{self.process}/stat").read_text(encoding="ascii").rpartition(") ")[2].split()


@dataclass
class Memory:
    """Resident memory, looked at after each of some equal parts of a run."""

    served: Served
    parts: int = 4
    megabytes: list[float] = field(default_factory=list)

    @contextmanager
    def watched(self, seconds: float) -> Iterator[None]:
        """Look at the start and after every part, while the block runs."""
        over = Event()
        thread = Thread(target=self._watch, args=(seconds / self.parts, over), daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()

    def _watch(self, part: float, over: Event) -> None:
        for _ in range(self.parts + 1):
            self.megabytes.append(self.served.megabytes())
            if over.wait(part):
                return


def write_table_store(folder: Path) -> Path:
    """A store of one table."""
    folder.mkdir()
    write_store(folder)
    return folder


def write_far_store(folder: Path, ports: list[int], *, more: str = LIVE) -> Path:
    """A store of far carriers, each of which answers on a port."""
    folder.mkdir()
    head, carriers, channel = STORE.partition("\n[carriers.example]")[0], "", STORE[STORE.index("\n[channels.") :]
    for number, port in enumerate(ports):
        carriers += (
            f'\n[carriers.far{number}]\nuse = "remote"\nid = {number}\n{ROOMY}\n{more}\n'
            f'settings = {{ url = "http://127.0.0.1:{port}/" }}\n'
            f'[[carriers.far{number}.services]]\ncode = "n"\ndelivery = "normal"\n'
        )
    roomy = head.replace("[store]", "[store]\ncalls_at_once = 1024")
    (folder / "portes.toml").write_text(f"{roomy}{carriers}{channel}", encoding="utf-8")
    return folder


@contextmanager
def serving(folder: Path) -> Iterator[Served]:
    """Run `portes serve` with one worker."""
    command = [sys.executable, "-c", "from portes.cli import main; main()", "serve", str(folder)]
    environ = {**os.environ, "SECRET": SECRET, "PYTHONPATH": str(ROOT / "benchmarks" / "remote")}
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [*command, "--port", "0", "--admin-port", "0"], env=environ, stdout=log, stderr=subprocess.PIPE, text=True
        )
    with stopping(process):
        assert process.stderr is not None
        said = process.stderr.readline()
        words = said.replace(",", " ").split()
        yield Served(urlsplit(words[2]).port or 0, _worker(words[6].rstrip(".")))


def _worker(admin: str) -> int:
    with _open(f"{admin}/readyz") as answer:
        (worker,) = json.load(answer)["workers"]["answering"]
    return int(worker)


@contextmanager
def far(seconds: str = DELAY) -> Iterator[int]:
    """Run a far carrier; its port."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.load_far", seconds], stdout=subprocess.PIPE, text=True
    )
    with stopping(process):
        assert process.stdout is not None
        yield int(process.stdout.readline())


def karrio_environment(folder: Path) -> Path | str:
    """Make an environment with karrio; its Python, or the line that says why there is none."""
    python = folder / "karrio" / "bin" / "python"
    commands: list[list[str | Path]] = [
        [sys.executable, "-m", "venv", folder / "karrio"],
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *PACKAGES],
    ]
    for command in commands:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            return (done.stderr.strip().splitlines() or ["no word"])[-1]
    return python


@contextmanager
def serving_karrio(python: Path, ports: list[int], port: int) -> Iterator[Served]:
    """Run karrio's SDK behind an endpoint, asking far carriers on these ports."""
    urls = [f"http://127.0.0.1:{each}/" for each in ports]
    # -P: the script's folder has modules named like those of the standard library
    script = ROOT / "benchmarks" / "load_karrio_server.py"
    process = subprocess.Popen([python, "-P", script, str(port), *urls])
    with stopping(process):
        _wait_for(port)
        yield Served(port, process.pid)


def _wait_for(port: int) -> None:
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise TimeoutError
