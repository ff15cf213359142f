"""A PostgreSQL server for tests: the newest that is installed, with a data folder of its own, on a socket."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

PLACES = ("/usr/lib/postgresql/*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/opt/postgresql*/bin")
USER = "postgres"
"""Who runs the server where the tests run as root, which no PostgreSQL server does."""


@dataclass(frozen=True)
class Server:
    """A server that runs."""

    folder: Path
    """Of its socket."""

    @property
    def url(self) -> str:
        """Its address, as SQLAlchemy has it."""
        return f"postgresql+psycopg://{USER}@/{USER}?host={self.folder}"

    def run(self, statement: str, values: Sequence[object] = ()) -> None:
        """Run one statement."""
        import psycopg

        with psycopg.connect(host=str(self.folder), user=USER, dbname=USER, autocommit=True) as connection:
            connection.execute(statement.encode(), values or None)


@contextmanager
def running_server() -> Iterator[Server]:
    """A server of its own, stopped and removed in the end. Where none can be had the test is skipped, and says so."""
    programs = _programs()
    if programs is None:
        pytest.skip("no PostgreSQL server is installed: apt-get install postgresql brings one")
    pytest.importorskip("psycopg", reason="psycopg is not installed: pip install 'portes[postgresql]'")
    with tempfile.TemporaryDirectory(prefix="portes-pg-") as name:
        folder = Path(name)
        owner = _owner(folder)
        _run([programs / "initdb", "-D", folder / "data", "-U", USER, "-A", "trust", "-N", "-E", "UTF8"], owner)
        options = f"-F -c listen_addresses='' -c unix_socket_directories='{folder}'"
        control = [programs / "pg_ctl", "-D", folder / "data", "-w"]
        _run([*control, "-l", folder / "log", "-o", options, "start"], owner)
        try:
            yield Server(folder)
        finally:
            _run([*control, "-m", "immediate", "stop"], owner)


def _programs() -> Path | None:
    found = [path for place in PLACES for path in sorted(Path("/").glob(place[1:])) if (path / "initdb").exists()]
    on_path = shutil.which("initdb")
    if on_path and (Path(on_path).resolve().parent / "pg_ctl").exists():
        found.append(Path(on_path).resolve().parent)
    return found[-1] if found else None


def _owner(folder: Path) -> dict[str, Any]:
    """As whom the server runs: as ourselves, or, where we are root, as the user that the server's package made."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam(USER)
    os.chown(folder, user.pw_uid, user.pw_gid)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def _run(command: Sequence[object], owner: dict[str, Any]) -> None:
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, check=False, cwd="/", **owner
    )
    assert done.returncode == 0, done.stdout + done.stderr
