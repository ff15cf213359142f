"""What is remembered of a secret: when it worked, when it was refused, and when the one before it worked."""

import stat
from contextlib import nullcontext
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from logins import HOUR, NEVER, Login, full_folder
from pydantic import SecretStr
from shop import MONDAY_MORNING, FrozenClock
from structlog.testing import capture_logs

from portes.carrier import Deadline
from portes.errors import CarrierError, GarbledError, LateError, RejectedCredentialsError, UnreachableError
from portes.toolbox import SecretHistory, TokenKey
from portes.toolbox.tokens.cache import TokenCache

KEY = TokenKey("api.example.com", "shop/0012345678", SecretStr("right-password"), lineage="shop correios")
LATER = MONDAY_MORNING + timedelta(minutes=25)
LATEST = MONDAY_MORNING + timedelta(hours=2)


@pytest.fixture(params=["memory", "state folder"])
def state(request: pytest.FixtureRequest, tmp_path: Path) -> Path | None:
    return tmp_path / "state" if request.param == "state folder" else None


@pytest.fixture
def clock() -> FrozenClock:
    return FrozenClock()


@pytest.fixture
def login(clock: FrozenClock) -> Login:
    return Login(clock)


@pytest.fixture
def token_cache(state: Path | None, clock: FrozenClock) -> TokenCache:
    return TokenCache(state, clock)


def with_secret(number: int) -> TokenKey:
    return replace(KEY, secret=SecretStr(f"secret-{number}"))


def log_in(token_cache: TokenCache, login: Login, key: TokenKey = KEY, problem: CarrierError | None = None) -> None:
    """Fetch a token and drop it, so that the next one logs in again."""
    login.problem = problem
    with pytest.raises(type(problem)) if problem else nullcontext():
        token_cache.reject(key, token_cache.token(key, login, NEVER, Deadline(60)))


def test_it_is_remembered_when_a_secret_was_first_and_last_accepted(
    token_cache: TokenCache, clock: FrozenClock, login: Login
) -> None:
    assert token_cache.history(KEY) == SecretHistory()

    for clock.moment in (MONDAY_MORNING, LATER, LATEST):
        log_in(token_cache, login)

    assert token_cache.history(KEY) == SecretHistory(MONDAY_MORNING, MONDAY_MORNING, LATEST)


def test_it_is_remembered_since_when_a_secret_is_refused(
    token_cache: TokenCache, clock: FrozenClock, login: Login
) -> None:
    log_in(token_cache, login)
    for clock.moment in (LATER, LATEST):
        log_in(token_cache, login, problem=RejectedCredentialsError("GTW-007"))

    assert token_cache.history(KEY) == SecretHistory(MONDAY_MORNING, MONDAY_MORNING, MONDAY_MORNING, LATER)

    log_in(token_cache, login)
    assert token_cache.history(KEY) == SecretHistory(MONDAY_MORNING, MONDAY_MORNING, LATEST)


def test_a_secret_that_never_worked_is_told_from_one_that_did(
    token_cache: TokenCache, clock: FrozenClock, login: Login
) -> None:
    for clock.moment in (LATER, LATEST):
        log_in(token_cache, login, problem=RejectedCredentialsError("GTW-007"))

    assert token_cache.history(KEY) == SecretHistory(first_tried=LATER, refused_first=LATER)


@pytest.mark.parametrize("problem", [UnreachableError("down"), LateError("late"), GarbledError("a page of HTML")])
def test_another_failure_than_a_refusal_tells_nothing_of_the_secret(
    token_cache: TokenCache, login: Login, problem: CarrierError
) -> None:
    log_in(token_cache, login, problem=problem)

    assert token_cache.history(KEY) == SecretHistory()


def test_a_new_secret_knows_when_the_one_before_it_worked(
    token_cache: TokenCache, clock: FrozenClock, login: Login
) -> None:
    log_in(token_cache, login)
    clock.moment = LATER
    log_in(token_cache, login, with_secret(2), problem=RejectedCredentialsError())

    told = token_cache.history(with_secret(2))

    assert told == SecretHistory(LATER, refused_first=LATER, predecessor_accepted_last=MONDAY_MORNING)


@pytest.mark.parametrize(
    "other",
    [
        replace(KEY, host="test.example.com"),
        replace(KEY, account="shop/0099999999"),
        replace(KEY, lineage="another shop"),
        replace(KEY, lineage=""),
    ],
)
def test_a_secret_of_another_host_account_or_lineage_is_no_predecessor(
    token_cache: TokenCache, login: Login, other: TokenKey
) -> None:
    log_in(token_cache, login)

    assert token_cache.history(replace(other, secret=SecretStr("new"))) == SecretHistory()


def test_a_secret_whose_token_another_store_fetched_worked_at_that_time(
    token_cache: TokenCache, clock: FrozenClock, login: Login
) -> None:
    token_cache.token(KEY, login, NEVER, Deadline(60))
    clock.moment = LATER
    neighbour = replace(KEY, lineage="neighbour correios")
    token_cache.token(neighbour, login, NEVER, Deadline(60))

    assert login.asked == 1
    assert token_cache.history(neighbour) == SecretHistory(MONDAY_MORNING, MONDAY_MORNING, MONDAY_MORNING)


def test_a_few_wrong_secrets_do_not_push_out_the_one_that_worked(token_cache: TokenCache, login: Login) -> None:
    log_in(token_cache, login)
    for number in range(9):
        log_in(token_cache, login, with_secret(number), problem=RejectedCredentialsError())

    assert token_cache.history(with_secret(9)).predecessor_accepted_last == MONDAY_MORNING
    assert token_cache.history(with_secret(0)).first_tried is None


def test_of_many_secrets_that_worked_the_oldest_is_forgotten(
    token_cache: TokenCache, clock: FrozenClock, login: Login
) -> None:
    for number in range(5):
        clock.moment = MONDAY_MORNING + number * HOUR
        log_in(token_cache, login, with_secret(number))

    known = [token_cache.history(with_secret(number)).accepted_last for number in (4, 3, 2, 1, 0)]

    assert known == [*(MONDAY_MORNING + number * HOUR for number in (4, 3, 2, 1)), None]


# In the state folder


def test_the_history_outlives_a_restart_and_the_token(tmp_path: Path, clock: FrozenClock, login: Login) -> None:
    log_in(TokenCache(tmp_path, clock), login)
    clock.moment += timedelta(days=180)
    log_in(TokenCache(tmp_path, clock), login, with_secret(2), problem=RejectedCredentialsError())

    assert TokenCache(tmp_path, clock).history(KEY).accepted_last == MONDAY_MORNING


def test_a_history_that_nothing_was_added_to_for_over_a_year_is_removed(
    tmp_path: Path, clock: FrozenClock, login: Login
) -> None:
    log_in(TokenCache(tmp_path, clock), login)
    clock.moment += timedelta(days=402)
    log_in(TokenCache(tmp_path, clock), login, replace(KEY, account="another"))

    assert TokenCache(tmp_path, clock).history(KEY) == SecretHistory()
    assert len(list(tmp_path.rglob("*.lineage"))) == 1


def test_a_history_holds_no_secret_no_token_and_is_its_owners_alone(
    tmp_path: Path, clock: FrozenClock, login: Login
) -> None:
    log_in(TokenCache(tmp_path, clock), login)
    log_in(TokenCache(tmp_path, clock), login, problem=RejectedCredentialsError("GTW-007"))

    (file,) = tmp_path.rglob("*.lineage")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    told = file.name.encode() + file.read_bytes()
    assert not [known for known in (b"example", b"shop", b"correios", b"right", b"token-", b"GTW") if known in told]


def test_a_token_from_memory_touches_no_file(tmp_path: Path, clock: FrozenClock, login: Login) -> None:
    token_cache = TokenCache(tmp_path / "state", clock)
    token_cache.token(KEY, login, NEVER, Deadline(60))
    (tmp_path / "state").rename(tmp_path / "away")

    token_cache.token(KEY, login, NEVER, Deadline(60))

    assert not (tmp_path / "state").exists()


@pytest.mark.parametrize("content", [b"", b"{}", b"[5]", b'{"secrets": [{"name": "x"}]}', b"\xff"])
def test_an_unreadable_history_is_reported_and_begun_anew(
    tmp_path: Path, clock: FrozenClock, login: Login, content: bytes
) -> None:
    log_in(TokenCache(tmp_path, clock), login)
    (file,) = tmp_path.rglob("*.lineage")
    file.write_bytes(content)
    clock.moment = LATER

    with capture_logs() as logged:
        log_in(TokenCache(tmp_path, clock), login)

    assert "unreadable" in logged[0]["event"]
    assert TokenCache(tmp_path, clock).history(KEY) == SecretHistory(LATER, LATER, LATER)


def test_a_full_state_folder_costs_the_memory_and_nothing_else(
    tmp_path: Path, clock: FrozenClock, login: Login
) -> None:
    token_cache = TokenCache(tmp_path, clock)

    with full_folder():
        token = token_cache.token(KEY, login, NEVER, Deadline(60))
        assert token_cache.token(KEY, login, NEVER, Deadline(60)) == token
        assert token_cache.history(KEY) == SecretHistory()


def test_a_state_folder_that_cannot_be_used_remembers_nothing(tmp_path: Path, clock: FrozenClock) -> None:
    (tmp_path / "state").write_text("a file")

    assert TokenCache(tmp_path / "state", clock).history(KEY) == SecretHistory()
