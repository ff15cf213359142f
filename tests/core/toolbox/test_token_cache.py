import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from logins import HOUR, KEY, NEVER, HandClock, Login, WatchedDeadline, eventually, many, renewals_ended, value
from pydantic import SecretStr
from shop import FrozenClock
from structlog.testing import capture_logs

from portes.carrier import Deadline
from portes.errors import (
    LateError,
    RejectedCredentialsError,
    ThrottledError,
    UnreachableError,
)
from portes.toolbox import FetchLimit, Token, TokenKey
from portes.toolbox.tokens.cache import PAUSE, TokenCache
from portes.toolbox.tokens.storage import reserved


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
def token_cache(state: Path | None, clock: HandClock) -> TokenCache:
    return TokenCache(state, clock)


# One fetch for all


def crowd(login: Login) -> Iterator[Deadline]:
    """Deadlines of twenty callers, whom the login keeps waiting until each of them waits for it."""
    deadlines = [WatchedDeadline(60) for _ in range(20)]
    login.held = lambda: all(deadline.joined for deadline in deadlines)
    return iter(deadlines)  # no generator: several threads take from it at once


def test_twenty_cold_calls_at_once_fetch_one_token(token_cache: TokenCache, login: Login) -> None:
    deadlines = crowd(login)

    tokens = many(20, lambda: token_cache.token(KEY, login, NEVER, next(deadlines)))

    assert login.asked == 1
    assert {value(token) for token in tokens if isinstance(token, Token)} == {"token-1"}
    assert token_cache.token(KEY, login, NEVER, Deadline(60)).facts == {"contract": "9912"}


def test_a_fetch_that_fails_reaches_all_who_wait_at_once(token_cache: TokenCache, login: Login) -> None:
    login.problem = RejectedCredentialsError("wrong access code", retry_after=7)
    deadlines = crowd(login)

    problems = many(20, lambda: token_cache.token(KEY, login, NEVER, next(deadlines)))

    assert login.asked == 1
    assert [(type(problem), str(problem)) for problem in problems] == [
        (RejectedCredentialsError, "wrong access code")
    ] * 20


def test_after_a_failure_the_next_caller_tries_again(token_cache: TokenCache, login: Login) -> None:
    login.problem = UnreachableError()
    with pytest.raises(UnreachableError):
        token_cache.token(KEY, login, NEVER, Deadline(60))

    login.problem = None

    assert value(token_cache.token(KEY, login, NEVER, Deadline(60))) == "token-2"


def test_nobody_waits_for_anothers_fetch_beyond_his_own_deadline(token_cache: TokenCache, login: Login) -> None:
    release = threading.Event()
    login.held = release.is_set
    fetcher = threading.Thread(target=token_cache.token, args=(KEY, login, NEVER, Deadline(60)))
    fetcher.start()
    assert eventually(lambda: login.asked == 1)

    with pytest.raises(LateError):
        token_cache.token(KEY, login, NEVER, Deadline(0.05))
    release.set()
    fetcher.join()

    assert value(token_cache.token(KEY, login, NEVER, Deadline(60))) == "token-1"


def test_a_caller_who_ran_out_of_time_takes_nobody_with_him(token_cache: TokenCache, login: Login) -> None:
    his_clock, waiting = FrozenClock(), WatchedDeadline(60)

    def runs_out_of_time(deadline: Deadline) -> Token:
        login.asked += 1
        assert eventually(lambda: waiting.joined)
        his_clock.seconds = 30
        deadline.check()
        return login(deadline)

    hasty = threading.Thread(
        target=many, args=(1, lambda: token_cache.token(KEY, runs_out_of_time, NEVER, Deadline(30, his_clock)))
    )
    hasty.start()
    assert eventually(lambda: login.asked == 1)

    assert value(token_cache.token(KEY, login, NEVER, waiting)) == "token-2"
    hasty.join()


def test_a_fetch_that_hangs_blocks_its_process_no_longer_than_its_lease(token_cache: TokenCache, login: Login) -> None:
    began, release = threading.Event(), threading.Event()

    def hangs(deadline: Deadline) -> Token:
        began.set()
        release.wait(60)
        return login(deadline)

    hanging = threading.Thread(target=token_cache.token, args=(KEY, hangs, NEVER, Deadline(0.1, FrozenClock())))
    hanging.start()
    assert began.wait(60)

    assert value(token_cache.token(KEY, login, NEVER, Deadline(30))) == "token-1"

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
    token_cache: TokenCache, login: Login, clock: HandClock, other: TokenKey
) -> None:
    token_cache.token(KEY, login, NEVER, Deadline(60))
    refusing = Login(clock)
    refusing.problem = RejectedCredentialsError()

    with pytest.raises(RejectedCredentialsError):
        token_cache.token(other, refusing, NEVER, Deadline(60))

    assert value(token_cache.token(KEY, login, NEVER, Deadline(60))) == "token-1"


def test_neither_token_nor_key_shows_a_secret() -> None:
    token = Token(SecretStr("canary"), datetime.now(UTC), {"contract": "canary"})

    assert "canary" not in repr(token)
    assert "right-password" not in repr(KEY)


def test_a_token_without_a_time_zone_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Token(SecretStr("x"), datetime(2026, 7, 2, 11, 50, 58))  # noqa: DTZ001 — the mistake itself


# Ends, rejections, renewals


def test_a_token_that_ended_is_fetched_anew(token_cache: TokenCache, login: Login, clock: HandClock) -> None:
    token_cache.token(KEY, login, NEVER, Deadline(60))
    clock.moved = HOUR

    assert value(token_cache.token(KEY, login, NEVER, Deadline(60))) == "token-2"


def test_two_threads_that_reject_the_same_token_cause_one_fetch(token_cache: TokenCache, login: Login) -> None:
    old = token_cache.token(KEY, login, NEVER, Deadline(60))

    def after_a_401() -> Token:
        token_cache.reject(KEY, old)
        return token_cache.token(KEY, login, NEVER, Deadline(60))

    tokens = many(2, after_a_401) + many(10, after_a_401)

    assert login.asked == 2
    assert {value(token) for token in tokens if isinstance(token, Token)} == {"token-2"}


def test_a_token_given_out_again_after_its_rejection_is_used(token_cache: TokenCache, clock: HandClock) -> None:
    same = Token(SecretStr("the-same"), clock.now() + HOUR)
    token_cache.reject(KEY, token_cache.token(KEY, lambda _: same, NEVER, Deadline(60)))
    asked: list[int] = []

    def again(_deadline: Deadline) -> Token:
        asked.append(1)
        return same

    for _ in range(3):
        assert token_cache.token(KEY, again, NEVER, Deadline(60)) == same
    assert asked == [1]


def test_near_its_end_a_token_is_renewed_while_the_old_one_serves(
    token_cache: TokenCache, login: Login, clock: HandClock
) -> None:
    token_cache.token(KEY, login, NEVER, Deadline(60))
    clock.moved = timedelta(minutes=31)
    release = threading.Event()
    login.held = release.is_set

    tokens = many(10, lambda: token_cache.token(KEY, login, HOUR / 2, Deadline(60)))

    assert {value(token) for token in tokens if isinstance(token, Token)} == {"token-1"}
    release.set()
    assert eventually(lambda: value(token_cache.token(KEY, login, HOUR / 2, Deadline(60))) == "token-2")
    assert login.asked == 2


def test_a_token_is_not_renewed_before_its_time(token_cache: TokenCache, login: Login, clock: HandClock) -> None:
    token_cache.token(KEY, login, NEVER, Deadline(60))
    clock.moved = timedelta(minutes=29)

    for wish in (HOUR / 2, 10 * HOUR):
        token_cache.token(KEY, login, wish, Deadline(60))
    renewals_ended()

    assert login.asked == 1


def test_a_renewal_that_fails_leaves_the_old_token_until_its_end(
    token_cache: TokenCache, login: Login, clock: HandClock
) -> None:
    token_cache.token(KEY, login, NEVER, Deadline(60))
    clock.moved = timedelta(minutes=31)
    login.problem = UnreachableError("api.example.com: down")

    with capture_logs() as logged:
        for _ in range(3):
            assert value(token_cache.token(KEY, login, HOUR / 2, Deadline(60))) == "token-1"
            assert eventually(lambda: len(logged) == 1)
    renewals_ended()
    assert login.asked == 2

    clock.moved += timedelta(seconds=PAUSE)
    token_cache.token(KEY, login, HOUR / 2, Deadline(60))
    assert eventually(lambda: login.asked == 3)

    clock.moved = HOUR
    with pytest.raises(UnreachableError):
        token_cache.token(KEY, login, HOUR / 2, Deadline(60))
    assert [(event["kind"], event["hint"]) for event in logged] == [("unreachable", "api.example.com: down")]


def test_a_renewal_that_crashes_is_logged_and_leaves_the_old_token(
    token_cache: TokenCache, login: Login, clock: HandClock
) -> None:
    token_cache.token(KEY, login, NEVER, Deadline(60))
    clock.moved = timedelta(minutes=31)
    login.problem = GeneratorExit()

    with capture_logs() as logged:
        assert value(token_cache.token(KEY, login, HOUR / 2, Deadline(60))) == "token-1"
        renewals_ended()

    assert [event["host"] for event in logged if event["log_level"] == "error"] == [KEY.host]
    assert value(token_cache.token(KEY, login, HOUR / 2, Deadline(60))) == "token-1"


@pytest.mark.parametrize("raised", [GeneratorExit(), asyncio.CancelledError()], ids=repr)
def test_whatever_a_fetch_raises_the_next_caller_fetches_at_once(
    token_cache: TokenCache, login: Login, raised: BaseException
) -> None:
    login.problem = raised
    with pytest.raises(type(raised)):
        token_cache.token(KEY, login, NEVER, Deadline(60))
    login.problem = None

    assert value(token_cache.token(KEY, login, NEVER, Deadline(60))) == "token-2"


def test_a_token_that_comes_with_a_past_date_is_used_for_a_minute(
    token_cache: TokenCache, login: Login, clock: HandClock
) -> None:
    login.life = timedelta(hours=-3)

    for _ in range(5):
        assert value(token_cache.token(KEY, login, NEVER, Deadline(60))) == "token-1"

    clock.moved = timedelta(minutes=2)
    assert value(token_cache.token(KEY, login, NEVER, Deadline(60))) == "token-2"


def test_a_clock_set_back_renews_the_token_and_stops_nobody(
    token_cache: TokenCache, login: Login, clock: HandClock
) -> None:
    token_cache.token(KEY, login, NEVER, Deadline(60))
    clock.moved = timedelta(days=-2)

    assert value(token_cache.token(KEY, login, NEVER, Deadline(60))) == "token-1"
    assert eventually(lambda: login.asked == 2)


# The vendor's limit


def test_within_the_limit_a_fetch_waits_its_turn_when_the_deadline_allows(
    token_cache: TokenCache, login: Login, clock: HandClock
) -> None:
    limit = FetchLimit("api.example.com", times=2, seconds=0.4)
    keys = [TokenKey(KEY.host, str(number), KEY.secret) for number in range(3)]
    began = clock.now()

    for key in keys:
        token_cache.token(key, login, NEVER, Deadline(60), limit)

    assert clock.now() - began >= timedelta(seconds=limit.seconds)
    assert login.asked == 3


def test_over_the_limit_a_fetch_is_not_made_and_says_when(token_cache: TokenCache, login: Login) -> None:
    limit = FetchLimit("api.example.com", times=1, seconds=600)
    token_cache.token(KEY, login, NEVER, Deadline(60), limit)

    with pytest.raises(ThrottledError) as caught:
        token_cache.token(TokenKey(KEY.host, "another", KEY.secret), login, NEVER, Deadline(60), limit)

    assert login.asked == 1
    assert caught.value.retry_after in range(500, 601)
    elsewhere = FetchLimit("test.example.com", times=1, seconds=600)
    token_cache.token(TokenKey("test.example.com", "another", KEY.secret), login, NEVER, Deadline(60), elsewhere)


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
