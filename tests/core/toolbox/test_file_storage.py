"""Tokens in the state folder: over restarts, and shared with other processes."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import logins
import pytest
from logins import KEY, NEVER, HandClock, Login, eventually, value
from pydantic import SecretStr
from structlog.testing import capture_logs

from portes.carrier import Deadline
from portes.errors import (
    ThrottledError,
)
from portes.toolbox import FetchLimit, TokenKey
from portes.toolbox.tokens.cache import TokenCache


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def login(clock: HandClock) -> Login:
    return Login(clock)


def test_a_restart_keeps_the_token(tmp_path: Path, clock: HandClock, login: Login) -> None:
    first = TokenCache(tmp_path, clock).token(KEY, login, NEVER, Deadline(60))

    assert TokenCache(tmp_path, clock).token(KEY, login, NEVER, Deadline(60)) == first
    assert login.asked == 1


def test_a_restart_keeps_a_rejection(tmp_path: Path, clock: HandClock, login: Login) -> None:
    token_cache = TokenCache(tmp_path, clock)
    token_cache.reject(KEY, token_cache.token(KEY, login, NEVER, Deadline(60)))

    assert value(TokenCache(tmp_path, clock).token(KEY, login, NEVER, Deadline(60))) == "token-2"


def test_a_token_another_process_uses_on_is_dropped_by_it_only_if_it_is_still_the_one(
    tmp_path: Path, clock: HandClock, login: Login
) -> None:
    token_cache, other = TokenCache(tmp_path, clock), TokenCache(tmp_path, clock)
    old = token_cache.token(KEY, login, NEVER, Deadline(60))
    other.token(KEY, login, NEVER, Deadline(60))
    token_cache.reject(KEY, old)
    new = token_cache.token(KEY, login, NEVER, Deadline(60))

    other.reject(KEY, old)

    assert other.token(KEY, login, NEVER, Deadline(60)) == new
    assert login.asked == 2


def test_a_rejected_token_that_another_process_got_again_is_not_taken_from_it(
    tmp_path: Path, clock: HandClock, login: Login
) -> None:
    token_cache, other = TokenCache(tmp_path, clock), TokenCache(tmp_path, clock)
    old = token_cache.token(KEY, login, NEVER, Deadline(60))
    token_cache.reject(KEY, old)
    other.token(KEY, lambda _: old, NEVER, Deadline(60))

    assert value(token_cache.token(KEY, login, NEVER, Deadline(60))) == "token-2"


def test_a_restart_keeps_the_limit(tmp_path: Path, clock: HandClock, login: Login) -> None:
    limit = FetchLimit("api.example.com", times=1, seconds=600)
    TokenCache(tmp_path, clock).token(KEY, login, NEVER, Deadline(60), limit)

    with pytest.raises(ThrottledError):
        TokenCache(tmp_path, clock).token(TokenKey(KEY.host, "another", KEY.secret), login, NEVER, Deadline(60), limit)

    clock.moved = timedelta(seconds=601)
    TokenCache(tmp_path, clock).token(TokenKey(KEY.host, "another", KEY.secret), login, NEVER, Deadline(60), limit)


def test_only_the_owner_can_read_the_files_and_no_name_tells_whose_they_are(
    tmp_path: Path, clock: HandClock, login: Login
) -> None:
    state = tmp_path / "state"
    before = os.umask(0)
    try:
        TokenCache(state, clock).token(KEY, login, NEVER, Deadline(60), FetchLimit(KEY.host, 1, 600))
    finally:
        os.umask(before)

    files = [path for path in state.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} == {"", ".token", ".lease", ".limit"}
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in (state, state / "tokens")} == {0o700}
    told = [text for path in files for text in (path.name.encode(), path.read_bytes())]
    assert not [text for text in told for known in (b"example", b"shop", b"right-password") if known in text]


def test_a_folder_open_to_others_is_closed(tmp_path: Path, clock: HandClock, login: Login) -> None:
    (tmp_path / "tokens").mkdir(mode=0o755)

    TokenCache(tmp_path, clock).token(KEY, login, NEVER, Deadline(60))

    assert stat.S_IMODE((tmp_path / "tokens").stat().st_mode) == 0o700


def test_the_token_of_an_old_password_is_removed_a_day_after_its_end(
    tmp_path: Path, clock: HandClock, login: Login
) -> None:
    TokenCache(tmp_path, clock).token(KEY, login, NEVER, Deadline(60))
    clock.moved = timedelta(days=2)

    TokenCache(tmp_path, clock).token(TokenKey(KEY.host, KEY.account, SecretStr("new")), login, NEVER, Deadline(60))

    assert not [path for path in tmp_path.rglob("*") if path.is_file() and b"token-1" in path.read_bytes()]
    assert len(list(tmp_path.rglob("*.token"))) == 1


@pytest.mark.parametrize("content", [b"", b"[]", b'{"turn": 1}', b"\xff", b'{"turn": 1, "kept": 5, "failure": null}'])
def test_an_unreadable_file_is_reported_and_fetched_anew(
    tmp_path: Path, clock: HandClock, login: Login, content: bytes
) -> None:
    TokenCache(tmp_path, clock).token(KEY, login, NEVER, Deadline(60))
    for path in tmp_path.rglob("*.token"):
        path.write_bytes(content)

    with capture_logs() as logged:
        token = TokenCache(tmp_path, clock).token(KEY, login, NEVER, Deadline(60))

    assert value(token) == "token-2"
    assert "unreadable" in logged[0]["event"]
    assert value(TokenCache(tmp_path, clock).token(KEY, login, NEVER, Deadline(60))) == "token-2"


# Other processes

WORKER = """
import os, sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

from logins import KEY, WatchedDeadline, eventually
from pydantic import SecretStr
from shop import FrozenClock

from portes.errors import CarrierError, RejectedCredentialsError
from portes.toolbox import Token
from portes.toolbox.tokens.cache import TokenCache

state, timeout, ends, fails = Path(sys.argv[1]), float(sys.argv[2]), sys.argv[3], sys.argv[4] == "fails"
calls = int(sys.argv[5])
token_cache = TokenCache(state / "state")

class Waiting(WatchedDeadline):
    def remaining(self):
        left = super().remaining()
        if all(deadline.joined for deadline in deadlines):
            (state / f"joined-{os.getpid()}").touch()
        if self.looked > 9 and len(list(state.glob("joined-*"))) == 2:
            (state / "waiting").touch()  # who waits for another process's lease looks again and again
        return left

def fetch(deadline):
    with (state / "fetches").open("a") as log:
        log.write("fetch\\n")
    eventually((state / ends).exists)
    if fails:
        raise RejectedCredentialsError("no")
    return Token(SecretStr("from-a-worker"), datetime.now(UTC) + timedelta(hours=1))

deadlines = [Waiting(timeout, FrozenClock()) for _ in range(calls)]  # nobody here runs out of time before he began

def ask(deadline):
    try:
        return token_cache.token(KEY, fetch, timedelta(0), deadline).value.get_secret_value()
    except CarrierError as problem:
        return f"{problem.kind}: {problem.hint}"

print("ready", flush=True)
sys.stdin.readline()
with ThreadPoolExecutor(calls) as pool:
    print(sorted(set(pool.map(ask, deadlines))), flush=True)
"""


@contextmanager
def worker(
    folder: Path, timeout: float = 60, ends: str = "never", outcome: str = "gives", calls: int = 10
) -> Iterator[subprocess.Popen[str]]:
    """A process whose fetch ends when a file of this name is there."""
    command = [sys.executable, "-c", WORKER, str(folder), str(timeout), ends, outcome, str(calls)]
    environ = {**os.environ, "PYTHONPATH": str(Path(logins.__file__).parent)}
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environ)
    with process:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
        try:
            yield process
        finally:
            process.kill()


def go(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    process.stdin.write("go\n")
    process.stdin.flush()


def told(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def fetches(folder: Path) -> int:
    log = folder / "fetches"
    return len(log.read_text().splitlines()) if log.exists() else 0


@pytest.mark.parametrize(
    ("outcome", "said"), [("gives", "['from-a-worker']"), ("fails", "['rejected_credentials: no']")]
)
def test_two_processes_with_ten_cold_calls_each_fetch_once(tmp_path: Path, outcome: str, said: str) -> None:
    with (
        worker(tmp_path, ends="waiting", outcome=outcome) as first,
        worker(tmp_path, ends="waiting", outcome=outcome) as second,
    ):
        go(first)
        go(second)

        assert (told(first), told(second)) == (said, said)

    assert fetches(tmp_path) == 1


def test_a_fetcher_killed_in_flight_blocks_nobody(tmp_path: Path, clock: HandClock, login: Login) -> None:
    """Its lease would go on for a minute more than is waited for here."""
    with worker(tmp_path, timeout=90) as killed:
        go(killed)
        assert eventually(lambda: fetches(tmp_path) == 1)
        killed.send_signal(signal.SIGKILL)
        killed.wait()

        token = TokenCache(tmp_path / "state", clock).token(KEY, login, NEVER, Deadline(30))

    assert value(token) == "token-1"


def test_a_fetcher_stopped_in_flight_blocks_nobody_longer_than_its_lease(
    tmp_path: Path, clock: HandClock, login: Login
) -> None:
    caches = TokenCache(tmp_path / "state", clock), TokenCache(tmp_path / "state", clock)
    with worker(tmp_path, timeout=0.5, calls=1) as stopped:
        go(stopped)
        assert eventually(lambda: fetches(tmp_path) == 1)
        stopped.send_signal(signal.SIGSTOP)

        with ThreadPoolExecutor(2) as pool:
            tokens = list(pool.map(lambda each: value(each.token(KEY, login, NEVER, Deadline(60))), caches))

    assert tokens == ["token-1", "token-1"]
