import os
import resource
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr
from structlog.testing import capture_logs
from structlog.typing import EventDict

from portes.carrier import Deadline
from portes.errors import (
    CarrierError,
    IncompleteError,
    LateError,
    RejectedCredentialsError,
    ThrottledError,
    UnreachableError,
)
from portes.shelves import reserved
from portes.toolbox import FetchLimit, Token, TokenKey
from portes.vault import PAUSE, Vault

NEVER = timedelta(0)
HOUR = timedelta(hours=1)
KEY = TokenKey("api.example.com", "shop/0012345678", SecretStr("right-password"))


class HandClock:
    """A clock that also moves when a test says so."""

    def __init__(self) -> None:
        self.moved = timedelta(0)

    def now(self) -> datetime:
        return datetime.now(UTC) + self.moved

    def monotonic(self) -> float:
        return time.monotonic() + max(0.0, self.moved.total_seconds())


class Login:
    """Gives out numbered tokens that live an hour, or fails as told; counts how often it was asked."""

    def __init__(self, clock: HandClock, takes: float = 0.0) -> None:
        self.asked = 0
        self.takes = takes
        self.life = HOUR
        self.problem: CarrierError | None = None
        self._clock = clock
        self._lock = threading.Lock()

    def __call__(self, _deadline: Deadline) -> Token:
        with self._lock:
            self.asked += 1
            number = self.asked
        time.sleep(self.takes)
        if self.problem:
            raise self.problem
        return Token(SecretStr(f"token-{number}"), self._clock.now() + self.life, {"contract": "9912"})


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def login(clock: HandClock) -> Login:
    return Login(clock)


@pytest.fixture(params=["memory", "state folder"])
def state(request: pytest.FixtureRequest, tmp_path: Path) -> Path | None:
    return tmp_path / "state" if request.param == "state folder" else None


@pytest.fixture
def vault(state: Path | None, clock: HandClock) -> Vault:
    return Vault(state, clock)


def value(token: Token) -> str:
    return token.value.get_secret_value()


def many(people: int, act: Callable[[], object]) -> list[object]:
    """Let so many threads do the same at once; what each got, errors too."""
    barrier = threading.Barrier(people)

    def one(_: int) -> object:
        barrier.wait(timeout=5)
        try:
            return act()
        except CarrierError as problem:
            return problem

    with ThreadPoolExecutor(people) as pool:
        return list(pool.map(one, range(people)))


def eventually(true: Callable[[], bool]) -> bool:
    until = time.monotonic() + 5
    while not true() and time.monotonic() < until:
        time.sleep(0.01)
    return true()


# One fetch for all


def test_twenty_cold_calls_at_once_fetch_one_token(vault: Vault, login: Login) -> None:
    login.takes = 0.1

    tokens = many(20, lambda: vault.token(KEY, login, NEVER, Deadline(5)))

    assert login.asked == 1
    assert {value(token) for token in tokens if isinstance(token, Token)} == {"token-1"}
    assert vault.token(KEY, login, NEVER, Deadline(5)).facts == {"contract": "9912"}


def test_a_fetch_that_fails_reaches_all_who_wait_at_once(vault: Vault, login: Login) -> None:
    login.takes = 0.2
    login.problem = RejectedCredentialsError("wrong access code", retry_after=7)
    began = time.monotonic()

    problems = many(20, lambda: vault.token(KEY, login, NEVER, Deadline(5)))

    assert login.asked == 1
    assert time.monotonic() - began < 2
    assert [(type(problem), str(problem)) for problem in problems] == [
        (RejectedCredentialsError, "wrong access code")
    ] * 20


def test_after_a_failure_the_next_caller_tries_again(vault: Vault, login: Login) -> None:
    login.problem = UnreachableError()
    with pytest.raises(UnreachableError):
        vault.token(KEY, login, NEVER, Deadline(5))

    login.problem = None

    assert value(vault.token(KEY, login, NEVER, Deadline(5))) == "token-2"


def test_nobody_waits_for_anothers_fetch_beyond_his_own_deadline(vault: Vault, login: Login) -> None:
    login.takes = 0.4
    fetcher = threading.Thread(target=vault.token, args=(KEY, login, NEVER, Deadline(5)))
    fetcher.start()
    assert eventually(lambda: login.asked == 1)

    with pytest.raises(LateError):
        vault.token(KEY, login, NEVER, Deadline(0.05))
    fetcher.join()

    assert value(vault.token(KEY, login, NEVER, Deadline(5))) == "token-1"


def test_a_caller_who_ran_out_of_time_takes_nobody_with_him(vault: Vault, login: Login) -> None:
    def within_its_time(deadline: Deadline) -> Token:
        if deadline.seconds < 1:
            login.asked += 1
            time.sleep(deadline.remaining())
            deadline.check()
        return login(deadline)

    hasty = threading.Thread(target=many, args=(1, lambda: vault.token(KEY, within_its_time, NEVER, Deadline(0.2))))
    hasty.start()
    assert eventually(lambda: login.asked == 1)

    assert value(vault.token(KEY, within_its_time, NEVER, Deadline(5))) == "token-2"
    hasty.join()


def test_a_fetch_that_hangs_blocks_its_process_no_longer_than_its_lease(vault: Vault, login: Login) -> None:
    release = threading.Event()

    def hangs(deadline: Deadline) -> Token:
        release.wait(10)
        return login(deadline)

    hanging = threading.Thread(target=vault.token, args=(KEY, hangs, NEVER, Deadline(0.1)))
    hanging.start()
    began = time.monotonic()

    assert value(vault.token(KEY, login, NEVER, Deadline(5))) == "token-1"
    assert time.monotonic() - began < 2

    release.set()
    hanging.join()


# Whose token


@pytest.mark.parametrize(
    "other",
    [
        TokenKey(KEY.host, KEY.account, SecretStr("wrong-password")),
        TokenKey(KEY.host, "shop/0099999999", KEY.secret),
        TokenKey("test.example.com", KEY.account, KEY.secret),
        TokenKey(KEY.host + KEY.account, "", KEY.secret),
    ],
)
def test_another_secret_account_or_host_never_gets_this_ones_token(
    vault: Vault, login: Login, clock: HandClock, other: TokenKey
) -> None:
    vault.token(KEY, login, NEVER, Deadline(5))
    refusing = Login(clock)
    refusing.problem = RejectedCredentialsError()

    with pytest.raises(RejectedCredentialsError):
        vault.token(other, refusing, NEVER, Deadline(5))

    assert value(vault.token(KEY, login, NEVER, Deadline(5))) == "token-1"


def test_neither_token_nor_key_shows_a_secret() -> None:
    token = Token(SecretStr("canary"), datetime.now(UTC), {"contract": "canary"})

    assert "canary" not in repr(token)
    assert "right-password" not in repr(KEY)


def test_a_token_without_a_time_zone_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Token(SecretStr("x"), datetime(2026, 7, 2, 11, 50, 58))  # noqa: DTZ001 — the mistake itself


# Ends, rejections, renewals


def test_a_token_that_ended_is_fetched_anew(vault: Vault, login: Login, clock: HandClock) -> None:
    vault.token(KEY, login, NEVER, Deadline(5))
    clock.moved = HOUR

    assert value(vault.token(KEY, login, NEVER, Deadline(5))) == "token-2"


def test_two_threads_that_reject_the_same_token_cause_one_fetch(vault: Vault, login: Login) -> None:
    old = vault.token(KEY, login, NEVER, Deadline(5))

    def after_a_401() -> Token:
        vault.reject(KEY, old)
        return vault.token(KEY, login, NEVER, Deadline(5))

    tokens = many(2, after_a_401) + many(10, after_a_401)

    assert login.asked == 2
    assert {value(token) for token in tokens if isinstance(token, Token)} == {"token-2"}


def test_a_token_given_out_again_after_its_rejection_is_used(vault: Vault, clock: HandClock) -> None:
    same = Token(SecretStr("the-same"), clock.now() + HOUR)
    vault.reject(KEY, vault.token(KEY, lambda _: same, NEVER, Deadline(5)))
    asked: list[int] = []

    def again(_deadline: Deadline) -> Token:
        asked.append(1)
        return same

    for _ in range(3):
        assert vault.token(KEY, again, NEVER, Deadline(5)) == same
    assert asked == [1]


def test_near_its_end_a_token_is_renewed_while_the_old_one_serves(vault: Vault, login: Login, clock: HandClock) -> None:
    vault.token(KEY, login, NEVER, Deadline(5))
    clock.moved = timedelta(minutes=31)
    login.takes = 0.6
    began = time.monotonic()

    tokens = many(10, lambda: vault.token(KEY, login, HOUR / 2, Deadline(5)))

    assert {value(token) for token in tokens if isinstance(token, Token)} == {"token-1"}
    assert time.monotonic() - began < 0.5
    assert eventually(lambda: value(vault.token(KEY, login, HOUR / 2, Deadline(5))) == "token-2")
    assert login.asked == 2


def test_a_token_is_not_renewed_before_its_time(vault: Vault, login: Login, clock: HandClock) -> None:
    vault.token(KEY, login, NEVER, Deadline(5))
    clock.moved = timedelta(minutes=29)

    for wish in (HOUR / 2, 10 * HOUR):
        vault.token(KEY, login, wish, Deadline(5))
    time.sleep(0.1)

    assert login.asked == 1


def test_a_renewal_that_fails_leaves_the_old_token_until_its_end(vault: Vault, login: Login, clock: HandClock) -> None:
    vault.token(KEY, login, NEVER, Deadline(5))
    clock.moved = timedelta(minutes=31)
    login.problem = UnreachableError("api.example.com: down")

    with capture_logs() as logged:
        for _ in range(3):
            assert value(vault.token(KEY, login, HOUR / 2, Deadline(5))) == "token-1"
            assert eventually(lambda: len(logged) == 1)
    time.sleep(0.05)  # for a renewal too many to show
    assert login.asked == 2

    clock.moved += timedelta(seconds=PAUSE)
    vault.token(KEY, login, HOUR / 2, Deadline(5))
    assert eventually(lambda: login.asked == 3)

    clock.moved = HOUR
    with pytest.raises(UnreachableError):
        vault.token(KEY, login, HOUR / 2, Deadline(5))
    assert [(event["kind"], event["hint"]) for event in logged] == [("unreachable", "api.example.com: down")]


def test_a_token_that_comes_with_a_past_date_is_used_for_a_minute(vault: Vault, login: Login, clock: HandClock) -> None:
    login.life = timedelta(hours=-3)

    for _ in range(5):
        assert value(vault.token(KEY, login, NEVER, Deadline(5))) == "token-1"

    clock.moved = timedelta(minutes=2)
    assert value(vault.token(KEY, login, NEVER, Deadline(5))) == "token-2"


def test_a_clock_set_back_renews_the_token_and_stops_nobody(vault: Vault, login: Login, clock: HandClock) -> None:
    vault.token(KEY, login, NEVER, Deadline(5))
    clock.moved = timedelta(days=-2)

    assert value(vault.token(KEY, login, NEVER, Deadline(5))) == "token-1"
    assert eventually(lambda: login.asked == 2)


# The vendor's limit


def test_within_the_limit_a_fetch_waits_its_turn_when_the_deadline_allows(vault: Vault, login: Login) -> None:
    limit = FetchLimit("api.example.com", times=2, seconds=0.4)
    keys = [TokenKey(KEY.host, str(number), KEY.secret) for number in range(3)]
    began = time.monotonic()

    for key in keys:
        vault.token(key, login, NEVER, Deadline(5), limit)

    assert 0.4 <= time.monotonic() - began < 2
    assert login.asked == 3


def test_over_the_limit_a_fetch_is_not_made_and_says_when(vault: Vault, login: Login) -> None:
    limit = FetchLimit("api.example.com", times=1, seconds=60)
    vault.token(KEY, login, NEVER, Deadline(5), limit)

    with pytest.raises(ThrottledError) as caught:
        vault.token(TokenKey(KEY.host, "another", KEY.secret), login, NEVER, Deadline(5), limit)

    assert login.asked == 1
    assert caught.value.retry_after in range(50, 61)
    elsewhere = FetchLimit("test.example.com", times=1, seconds=60)
    vault.token(TokenKey("test.example.com", "another", KEY.secret), login, NEVER, Deadline(5), elsewhere)


@given(st.lists(st.integers(0, 30), max_size=60), st.integers(1, 4), st.integers(1, 10))
def test_no_window_ever_holds_more_fetches_than_the_limit(steps: list[int], times: int, seconds: int) -> None:
    limit = FetchLimit("host", times, seconds)
    now = 0.0
    moments: list[float] = []
    made: list[float] = []
    for step in steps:
        now += step
        moments, wait = reserved(moments, limit, now)
        assert 0 <= wait <= seconds
        if not wait:
            made.append(now)

    assert not [first for first, last in zip(made, made[times:], strict=False) if last < first + seconds]


def test_a_moment_in_the_future_counts_as_now_and_then_passes() -> None:
    limit = FetchLimit("host", 1, 60)

    moments, wait = reserved([9999.0], limit, 100.0)

    assert wait == 60
    assert reserved(moments, limit, 160.0) == ([160.0], 0.0)


# The state folder


def test_a_restart_keeps_the_token(tmp_path: Path, clock: HandClock, login: Login) -> None:
    first = Vault(tmp_path, clock).token(KEY, login, NEVER, Deadline(5))

    assert Vault(tmp_path, clock).token(KEY, login, NEVER, Deadline(5)) == first
    assert login.asked == 1


def test_a_restart_keeps_a_rejection(tmp_path: Path, clock: HandClock, login: Login) -> None:
    vault = Vault(tmp_path, clock)
    vault.reject(KEY, vault.token(KEY, login, NEVER, Deadline(5)))

    assert value(Vault(tmp_path, clock).token(KEY, login, NEVER, Deadline(5))) == "token-2"


def test_a_token_another_process_uses_on_is_dropped_by_it_only_if_it_is_still_the_one(
    tmp_path: Path, clock: HandClock, login: Login
) -> None:
    vault, other = Vault(tmp_path, clock), Vault(tmp_path, clock)
    old = vault.token(KEY, login, NEVER, Deadline(5))
    other.token(KEY, login, NEVER, Deadline(5))
    vault.reject(KEY, old)
    new = vault.token(KEY, login, NEVER, Deadline(5))

    other.reject(KEY, old)

    assert other.token(KEY, login, NEVER, Deadline(5)) == new
    assert login.asked == 2


def test_a_rejected_token_that_another_process_got_again_is_not_taken_from_it(
    tmp_path: Path, clock: HandClock, login: Login
) -> None:
    vault, other = Vault(tmp_path, clock), Vault(tmp_path, clock)
    old = vault.token(KEY, login, NEVER, Deadline(5))
    vault.reject(KEY, old)
    other.token(KEY, lambda _: old, NEVER, Deadline(5))

    assert value(vault.token(KEY, login, NEVER, Deadline(5))) == "token-2"


def test_a_restart_keeps_the_limit(tmp_path: Path, clock: HandClock, login: Login) -> None:
    limit = FetchLimit("api.example.com", times=1, seconds=60)
    Vault(tmp_path, clock).token(KEY, login, NEVER, Deadline(5), limit)

    with pytest.raises(ThrottledError):
        Vault(tmp_path, clock).token(TokenKey(KEY.host, "another", KEY.secret), login, NEVER, Deadline(5), limit)

    clock.moved = timedelta(seconds=61)
    Vault(tmp_path, clock).token(TokenKey(KEY.host, "another", KEY.secret), login, NEVER, Deadline(5), limit)


def test_only_the_owner_can_read_the_files_and_no_name_tells_whose_they_are(
    tmp_path: Path, clock: HandClock, login: Login
) -> None:
    state = tmp_path / "state"
    before = os.umask(0)
    try:
        Vault(state, clock).token(KEY, login, NEVER, Deadline(5), FetchLimit(KEY.host, 1, 60))
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

    Vault(tmp_path, clock).token(KEY, login, NEVER, Deadline(5))

    assert stat.S_IMODE((tmp_path / "tokens").stat().st_mode) == 0o700


def test_the_token_of_an_old_password_is_removed_a_day_after_its_end(
    tmp_path: Path, clock: HandClock, login: Login
) -> None:
    Vault(tmp_path, clock).token(KEY, login, NEVER, Deadline(5))
    clock.moved = timedelta(days=2)

    Vault(tmp_path, clock).token(TokenKey(KEY.host, KEY.account, SecretStr("new")), login, NEVER, Deadline(5))

    assert not [path for path in tmp_path.rglob("*") if path.is_file() and b"token-1" in path.read_bytes()]
    assert len(list(tmp_path.rglob("*.token"))) == 1


@pytest.mark.parametrize("content", [b"", b"[]", b'{"turn": 1}', b"\xff", b'{"turn": 1, "kept": 5, "failure": null}'])
def test_an_unreadable_file_is_reported_and_fetched_anew(
    tmp_path: Path, clock: HandClock, login: Login, content: bytes
) -> None:
    Vault(tmp_path, clock).token(KEY, login, NEVER, Deadline(5))
    for path in tmp_path.rglob("*.token"):
        path.write_bytes(content)

    with capture_logs() as logged:
        token = Vault(tmp_path, clock).token(KEY, login, NEVER, Deadline(5))

    assert value(token) == "token-2"
    assert "unreadable" in logged[0]["event"]
    assert value(Vault(tmp_path, clock).token(KEY, login, NEVER, Deadline(5))) == "token-2"


def test_a_state_folder_that_cannot_be_used_is_named(tmp_path: Path, clock: HandClock, login: Login) -> None:
    (tmp_path / "state").write_text("a file")

    with pytest.raises(IncompleteError, match=r"state folder .*state cannot be used"):
        Vault(tmp_path / "state", clock).token(KEY, login, NEVER, Deadline(5))


# A full state folder


@contextmanager
def full() -> Iterator[list[EventDict]]:
    """No file may grow beyond 40 bytes: a secret and a limit still fit, a record does not.

    What is logged meanwhile is given, since it may not be written to a file either.
    """
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (40, before[1]))
    try:
        with capture_logs() as logged:
            yield logged
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("limit", [None, FetchLimit("api.example.com", times=3, seconds=60)])
def test_a_token_that_cannot_be_kept_in_the_state_folder_is_used_by_its_process(
    tmp_path: Path, clock: HandClock, login: Login, limit: FetchLimit | None
) -> None:
    vault = Vault(tmp_path, clock)

    with full():
        tokens = [value(vault.token(KEY, login, NEVER, Deadline(5), limit)) for _ in range(3)]

    assert tokens == ["token-1"] * 3
    assert login.asked == 1


def test_that_tokens_cannot_be_kept_is_logged_once_until_they_can_again(
    tmp_path: Path, clock: HandClock, login: Login
) -> None:
    vault = Vault(tmp_path, clock)

    def anew() -> None:
        vault.reject(KEY, vault.token(KEY, login, NEVER, Deadline(5)))

    with full() as first:
        anew()
        anew()
    anew()
    with full() as second:
        anew()

    for logged in (first, second):
        assert [event["log_level"] for event in logged] == ["warning"]
        assert "state folder" in logged[0]["hint"]
        assert "token-" not in str(logged)


def test_a_failed_login_is_told_as_it_was_when_it_cannot_be_noted(
    tmp_path: Path, clock: HandClock, login: Login
) -> None:
    login.problem = RejectedCredentialsError("wrong access code")

    with full(), pytest.raises(RejectedCredentialsError, match="wrong access code"):
        Vault(tmp_path, clock).token(KEY, login, NEVER, Deadline(5))


def test_a_rejected_token_whose_rejection_cannot_be_noted_is_fetched_anew(
    tmp_path: Path, clock: HandClock, login: Login
) -> None:
    vault = Vault(tmp_path, clock)
    old = vault.token(KEY, login, NEVER, Deadline(5))

    with full():
        vault.reject(KEY, old)
        tokens = [value(vault.token(KEY, login, NEVER, Deadline(5))) for _ in range(3)]

    assert tokens == ["token-2"] * 3


def test_a_fetch_that_cannot_be_counted_against_its_limit_is_not_made(
    tmp_path: Path, clock: HandClock, login: Login
) -> None:
    limit = FetchLimit("api.example.com", times=9, seconds=60)
    vault = Vault(tmp_path, clock)
    for number in range(4):
        vault.token(TokenKey(KEY.host, str(number), KEY.secret), login, NEVER, Deadline(5), limit)

    with full(), pytest.raises(IncompleteError, match="state folder"):
        vault.token(KEY, login, NEVER, Deadline(5), limit)

    assert login.asked == 4


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path, clock: HandClock, login: Login) -> None:
    with full():
        Vault(tmp_path, clock).token(KEY, login, NEVER, Deadline(5))

    assert not list(tmp_path.rglob("*.new"))


def test_a_token_that_could_not_be_kept_is_kept_when_it_is_fetched_anew(
    tmp_path: Path, clock: HandClock, login: Login
) -> None:
    vault = Vault(tmp_path, clock)
    with full():
        vault.reject(KEY, vault.token(KEY, login, NEVER, Deadline(5)))

    vault.token(KEY, login, NEVER, Deadline(5))

    assert value(Vault(tmp_path, clock).token(KEY, login, NEVER, Deadline(5))) == "token-2"


# Other processes

WORKER = """
import sys, threading, time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from pydantic import SecretStr
from portes.carrier import Deadline
from portes.errors import CarrierError, RejectedCredentialsError
from portes.toolbox import Token, TokenKey
from portes.vault import Vault

state, patience, takes, fails = Path(sys.argv[1]), float(sys.argv[2]), float(sys.argv[3]), sys.argv[4] == "fails"
calls = int(sys.argv[5])
vault = Vault(state / "state")
key = TokenKey("api.example.com", "shop/0012345678", SecretStr("right-password"))

def fetch(deadline):
    with (state / "fetches").open("a") as log:
        log.write("fetch\\n")
    time.sleep(takes)
    if fails:
        raise RejectedCredentialsError("no")
    return Token(SecretStr("from-a-worker"), datetime.now(UTC) + timedelta(hours=1))

def ask(_):
    try:
        return vault.token(key, fetch, timedelta(0), Deadline(patience)).value.get_secret_value()
    except CarrierError as problem:
        return f"{problem.kind}: {problem.hint}"

print("ready", flush=True)
sys.stdin.readline()
with ThreadPoolExecutor(calls) as pool:
    print(sorted(set(pool.map(ask, range(calls)))), flush=True)
"""


@contextmanager
def worker(
    folder: Path, patience: float = 10, takes: float = 0, outcome: str = "gives", calls: int = 10
) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", WORKER, str(folder), str(patience), str(takes), outcome, str(calls)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
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
    with worker(tmp_path, takes=1, outcome=outcome) as first, worker(tmp_path, takes=1, outcome=outcome) as second:
        go(first)
        go(second)

        assert (told(first), told(second)) == (said, said)

    assert fetches(tmp_path) == 1


def test_a_fetcher_killed_in_flight_blocks_nobody(tmp_path: Path, clock: HandClock, login: Login) -> None:
    with worker(tmp_path, takes=30) as killed:
        go(killed)
        assert eventually(lambda: fetches(tmp_path) == 1)
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        began = time.monotonic()

        token = Vault(tmp_path / "state", clock).token(KEY, login, NEVER, Deadline(5))

    assert value(token) == "token-1"
    assert time.monotonic() - began < 2


def test_a_fetcher_stopped_in_flight_blocks_nobody_longer_than_its_lease(
    tmp_path: Path, clock: HandClock, login: Login
) -> None:
    vault, other = Vault(tmp_path / "state", clock), Vault(tmp_path / "state", clock)
    login.takes = 0.2
    with worker(tmp_path, patience=0.5, takes=30, calls=1) as stopped:
        go(stopped)
        assert eventually(lambda: fetches(tmp_path) == 1)
        stopped.send_signal(signal.SIGSTOP)
        began = time.monotonic()

        with ThreadPoolExecutor(2) as pool:
            tokens = list(pool.map(lambda each: value(each.token(KEY, login, NEVER, Deadline(5))), (vault, other)))

    assert tokens == ["token-1", "token-1"]
    assert time.monotonic() - began < 4
