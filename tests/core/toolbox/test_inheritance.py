"""A new secret is served with the living token of the one before it, until its own login is accepted."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from logins import HOUR, NEVER, HandClock, Login, eventually, full_folder, many, renewals_ended, value
from pydantic import SecretStr
from structlog.testing import capture_logs

from portes.carrier import Deadline
from portes.errors import CarrierError, RejectedCredentialsError, UnreachableError
from portes.redaction import LOGGED, MASK
from portes.toolbox import Token, TokenKey
from portes.toolbox.tokens.cache import PAUSE, PAUSE_AFTER_REFUSAL, TokenCache

OLD = TokenKey("api.example.com", "shop/0012345678", SecretStr("old-code"), lineage="shop correios")
NEW = replace(OLD, secret=SecretStr("new-code"), inherits=True)
REFUSAL = RejectedCredentialsError("GTW-007")


@pytest.fixture(params=["memory", "state folder"])
def state(request: pytest.FixtureRequest, tmp_path: Path) -> Path | None:
    return tmp_path / "state" if request.param == "state folder" else None


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def login(clock: HandClock) -> Login:
    """The new secret's login; it is refused until a test says otherwise."""
    login = Login(clock)
    login.problem = REFUSAL
    return login


@pytest.fixture
def token_cache(state: Path | None, clock: HandClock) -> TokenCache:
    """One that holds `old-token-1`, which lives an hour."""
    token_cache = TokenCache(state, clock)
    give(token_cache, clock, OLD, "old-token-1")
    return token_cache


def give(token_cache: TokenCache, clock: HandClock, key: TokenKey, text: str) -> None:
    token_cache.token(key, lambda _: Token(SecretStr(text), clock.now() + HOUR), NEVER, Deadline(60))


def ask(token_cache: TokenCache, login: Login, key: TokenKey = NEW) -> str:
    """The token that is served, once the renewal behind it has ended."""
    token = token_cache.token(key, login, NEVER, Deadline(60))
    renewals_ended()
    return value(token)


def test_the_old_token_serves_at_once_and_the_new_secrets_first_accepted_login_replaces_it(
    token_cache: TokenCache, login: Login
) -> None:
    login.problem = None
    asked: list[str] = []
    login.held = lambda: asked == ["old-token-1"] * 20

    asked += [value(token_cache.token(NEW, login, NEVER, Deadline(60))) for _ in range(20)]
    renewals_ended()

    assert ask(token_cache, login) == "token-1"
    assert login.asked == 1


def test_while_the_new_secret_is_refused_the_old_token_serves_until_its_end(
    token_cache: TokenCache, login: Login, clock: HandClock
) -> None:
    ends = token_cache.history(NEW).predecessor_serves_until
    served = []
    for minutes in (0, 20, 40, 59):
        clock.moved = timedelta(minutes=minutes)
        served.append(ask(token_cache, login))
        assert token_cache.history(NEW).predecessor_serves_until == ends

    assert served == ["old-token-1"] * 4
    clock.moved = HOUR
    with pytest.raises(RejectedCredentialsError, match="GTW-007"):
        ask(token_cache, login)
    assert token_cache.history(NEW).predecessor_serves_until is None


@pytest.mark.parametrize(("problem", "pause"), [(REFUSAL, PAUSE_AFTER_REFUSAL), (UnreachableError("down"), PAUSE)])
def test_all_processes_together_try_the_new_secret_once_a_pause(
    tmp_path: Path, clock: HandClock, login: Login, problem: CarrierError, pause: float
) -> None:
    give(TokenCache(tmp_path, clock), clock, OLD, "old-token-1")
    processes = [TokenCache(tmp_path, clock) for _ in range(3)]
    login.problem = problem

    for tries in (1, 2, 3):
        for each in processes * 2:
            assert ask(each, login) == "old-token-1"
        assert login.asked == tries
        clock.moved += timedelta(seconds=pause)


def test_a_login_that_one_process_had_accepted_ends_the_old_tokens_service_in_all(
    tmp_path: Path, clock: HandClock, login: Login
) -> None:
    give(TokenCache(tmp_path, clock), clock, OLD, "old-token-1")
    first, second = TokenCache(tmp_path, clock), TokenCache(tmp_path, clock)
    assert [ask(each, login) for each in (first, second)] == ["old-token-1"] * 2
    clock.moved += timedelta(seconds=PAUSE_AFTER_REFUSAL)
    login.problem = None

    assert [ask(each, login) for each in (first, second)] == ["old-token-1"] * 2

    assert [ask(each, login) for each in (first, second, TokenCache(tmp_path, clock))] == ["token-2"] * 3
    assert login.asked == 2


def test_an_inherited_token_that_is_rejected_serves_nobody_again(
    token_cache: TokenCache, state: Path | None, clock: HandClock, login: Login
) -> None:
    inherited = token_cache.token(NEW, login, NEVER, Deadline(60))
    renewals_ended()

    token_cache.reject(NEW, inherited)

    for each in (token_cache, TokenCache(state, clock)):
        with pytest.raises(RejectedCredentialsError):
            ask(each, login)
    login.problem = None
    assert ask(token_cache, login) == "token-4"


def test_a_token_that_was_rejected_before_is_not_inherited(token_cache: TokenCache, login: Login) -> None:
    token_cache.reject(OLD, token_cache.token(OLD, login, NEVER, Deadline(60)))

    with pytest.raises(RejectedCredentialsError):
        ask(token_cache, login)


def test_once_the_new_secret_was_accepted_nothing_is_inherited_when_its_own_token_is_rejected(
    token_cache: TokenCache, state: Path | None, clock: HandClock, login: Login
) -> None:
    login.problem = None
    ask(token_cache, login)
    token_cache.reject(NEW, token_cache.token(NEW, login, NEVER, Deadline(60)))
    login.problem = REFUSAL

    for each in (token_cache, TokenCache(state, clock)):
        assert each.history(NEW).predecessor_serves_until is None
        with pytest.raises(RejectedCredentialsError):
            ask(each, login)


@pytest.mark.parametrize(
    "stranger",
    [
        replace(NEW, lineage="another shop"),
        replace(NEW, account="shop/0099999999"),
        replace(NEW, host="test.example.com"),
        replace(NEW, inherits=False),
        replace(NEW, inherits=False, lineage=""),
    ],
)
def test_whoever_is_no_heir_gets_no_token_of_another_secret(
    token_cache: TokenCache, login: Login, stranger: TokenKey
) -> None:
    assert ask(token_cache, login) == "old-token-1"  # in the same process and of the same new secret

    with pytest.raises(RejectedCredentialsError):
        ask(token_cache, login, stranger)


def test_a_restart_inherits_with_files_alone_and_then_from_memory(
    tmp_path: Path, clock: HandClock, login: Login
) -> None:
    give(TokenCache(tmp_path / "state", clock), clock, OLD, "old-token-1")
    token_cache = TokenCache(tmp_path / "state", clock)
    assert ask(token_cache, login) == "old-token-1"
    (tmp_path / "state").rename(tmp_path / "away")

    assert ask(token_cache, login) == "old-token-1"

    assert not (tmp_path / "state").exists()


def test_an_inherited_token_is_masked_before_anybody_has_it(tmp_path: Path, clock: HandClock, login: Login) -> None:
    folder = tmp_path / "state"
    give(TokenCache(folder, clock), clock, OLD, "from-another-process")
    token_cache = TokenCache(folder, clock)

    ask(token_cache, login)

    assert token_cache.redactor.text("from-another-process") == MASK
    assert LOGGED.text("from-another-process") == MASK


def test_the_token_of_the_secret_accepted_last_is_the_one_that_is_inherited(
    token_cache: TokenCache, clock: HandClock, login: Login
) -> None:
    clock.moved += timedelta(minutes=1)
    give(token_cache, clock, replace(OLD, secret=SecretStr("second-code")), "old-token-2")

    assert ask(token_cache, login) == "old-token-2"


def test_many_cold_heirs_at_once_try_one_login(token_cache: TokenCache, login: Login) -> None:
    served = many(20, lambda: value(token_cache.token(NEW, login, NEVER, Deadline(60))))
    renewals_ended()

    assert served == ["old-token-1"] * 20
    assert login.asked == 1


def test_a_rejection_that_a_full_folder_cannot_note_holds_in_its_process(
    tmp_path: Path, clock: HandClock, login: Login
) -> None:
    token_cache = TokenCache(tmp_path, clock)
    give(token_cache, clock, OLD, "old-token-1")
    inherited = token_cache.token(NEW, login, NEVER, Deadline(60))
    renewals_ended()

    with full_folder():
        token_cache.reject(NEW, inherited)
        with pytest.raises(RejectedCredentialsError):
            ask(token_cache, login)


def test_a_refusal_that_is_shared_is_logged_once_a_pause(token_cache: TokenCache, login: Login) -> None:
    with capture_logs() as logged:
        for _ in range(5):
            ask(token_cache, login)
        assert eventually(lambda: len(logged) > 0)

    assert [(event["event"], event["kind"]) for event in logged] == [
        ("a token was not renewed and serves on", "rejected_credentials")
    ]


def test_a_key_that_inherits_names_its_lineage() -> None:
    with pytest.raises(ValueError, match=r"tools\.lineage"):
        replace(NEW, lineage="")
