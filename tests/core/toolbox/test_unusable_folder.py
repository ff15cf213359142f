"""Tokens where the state folder is full, cannot be used, is damaged or is not ours alone."""

import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from logins import KEY, NEVER, HandClock, Login, full_folder, value
from structlog.testing import capture_logs

from portes.carrier import Deadline
from portes.errors import (
    RejectedCredentialsError,
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


def test_a_state_folder_that_cannot_be_used_is_named_and_done_without(
    tmp_path: Path, clock: HandClock, login: Login
) -> None:
    (tmp_path / "state").write_text("a file")

    with capture_logs() as logged:
        token = TokenCache(tmp_path / "state", clock).token(KEY, login, NEVER, Deadline(60))

    assert value(token) == "token-1"
    assert f"state folder {tmp_path / 'state'} cannot be used" in logged[0]["hint"]


@pytest.mark.parametrize("limit", [None, FetchLimit("api.example.com", times=3, seconds=600)])
def test_a_token_that_cannot_be_kept_in_the_state_folder_is_used_by_its_process(
    tmp_path: Path, clock: HandClock, login: Login, limit: FetchLimit | None
) -> None:
    token_cache = TokenCache(tmp_path, clock)

    with full_folder():
        tokens = [value(token_cache.token(KEY, login, NEVER, Deadline(60), limit)) for _ in range(3)]

    assert tokens == ["token-1"] * 3
    assert login.asked == 1


def test_that_tokens_cannot_be_kept_is_logged_once_until_they_can_again(
    tmp_path: Path, clock: HandClock, login: Login
) -> None:
    token_cache = TokenCache(tmp_path, clock)

    def anew() -> None:
        token_cache.reject(KEY, token_cache.token(KEY, login, NEVER, Deadline(60)))

    with full_folder() as first:
        anew()
        anew()
    anew()
    with full_folder() as second:
        anew()

    for logged in (first, second):
        assert [event["log_level"] for event in logged] == ["warning"]
        assert "state folder" in logged[0]["hint"]
        assert "token-" not in str(logged)


def test_a_failed_login_is_told_as_it_was_when_it_cannot_be_noted(
    tmp_path: Path, clock: HandClock, login: Login
) -> None:
    login.problem = RejectedCredentialsError("wrong access code")

    with full_folder(), pytest.raises(RejectedCredentialsError, match="wrong access code"):
        TokenCache(tmp_path, clock).token(KEY, login, NEVER, Deadline(60))


def test_a_rejected_token_whose_rejection_cannot_be_noted_is_fetched_anew(
    tmp_path: Path, clock: HandClock, login: Login
) -> None:
    token_cache = TokenCache(tmp_path, clock)
    old = token_cache.token(KEY, login, NEVER, Deadline(60))

    with full_folder():
        token_cache.reject(KEY, old)
        tokens = [value(token_cache.token(KEY, login, NEVER, Deadline(60))) for _ in range(3)]

    assert tokens == ["token-2"] * 3


def test_a_fetch_that_the_folder_cannot_count_is_counted_in_the_process_and_in_the_folder_once_it_can(
    tmp_path: Path, clock: HandClock, login: Login
) -> None:
    limit, keys = FetchLimit("api.example.com", times=6, seconds=600), iter(range(99))
    token_cache = TokenCache(tmp_path, clock)

    def fetch(cache: TokenCache) -> None:
        cache.token(TokenKey(KEY.host, str(next(keys)), KEY.secret), login, NEVER, Deadline(60), limit)

    for _ in range(4):
        fetch(token_cache)
    with full_folder():
        fetch(token_cache)
        fetch(token_cache)
        with pytest.raises(ThrottledError):
            fetch(token_cache)
    with pytest.raises(ThrottledError):
        fetch(token_cache)
    with pytest.raises(ThrottledError):
        fetch(TokenCache(tmp_path, clock))


def test_a_folder_that_can_only_be_read_gives_its_tokens_and_takes_none(
    tmp_path: Path, clock: HandClock, login: Login
) -> None:
    limit = FetchLimit("api.example.com", times=9, seconds=600)
    kept = TokenCache(tmp_path, clock).token(KEY, login, NEVER, Deadline(60), limit)
    for path in (tmp_path / "tokens").iterdir():
        if path.name == "lock" or path.suffix in {".lease", ".limit"}:
            path.unlink()
            path.mkdir()  # what is opened to be written to fails, for root too

    with capture_logs() as logged:
        again = TokenCache(tmp_path, clock).token(KEY, login, NEVER, Deadline(60), limit)
        other = replace(KEY, account="another")
        anew = [TokenCache(tmp_path, clock).token(other, login, NEVER, Deadline(60), limit) for _ in range(2)]

    assert again == kept
    assert [value(token) for token in anew] == ["token-2", "token-3"]
    assert {event["event"] for event in logged} == {"tokens cannot be kept and serve one process only"}


def test_what_others_keep_beside_the_tokens_stays(tmp_path: Path, clock: HandClock, login: Login) -> None:
    folder = tmp_path / "tokens"
    folder.mkdir()
    for name in ("jamef.password", f"{'0' * 40}.token", f"{'0' * 40}.token.abcd1234.new"):
        (folder / name).write_text("hunter2")
        os.utime(folder / name, (0, 0))

    TokenCache(tmp_path, clock).token(KEY, login, NEVER, Deadline(60))

    assert [path.name for path in folder.iterdir() if path.read_bytes() == b"hunter2"] == ["jamef.password"]


def test_a_linked_folder_is_left_as_it_is_and_its_tokens_are_none_of_ours(
    tmp_path: Path, clock: HandClock, login: Login
) -> None:
    theirs = tmp_path / "theirs"
    TokenCache(theirs, clock).token(KEY, login, NEVER, Deadline(60))
    (theirs / "tokens").chmod(0o755)
    (tmp_path / "tokens").symlink_to(theirs / "tokens")

    with capture_logs() as logged:
        token = TokenCache(tmp_path, clock).token(KEY, login, NEVER, Deadline(60))

    assert (value(token), stat.S_IMODE((theirs / "tokens").stat().st_mode)) == ("token-2", 0o755)
    assert "is a link" in logged[-1]["hint"]


@pytest.mark.parametrize("suffix", ["lineage", "limit", "token"])
@pytest.mark.parametrize("content", ["[" * 100_000, "1e999", '{"secrets": [[]]}', '[null, 1e999, "x"]', '{"kept": 1}'])
def test_whatever_stands_in_a_file_of_ours_it_is_made_anew(
    tmp_path: Path, clock: HandClock, login: Login, suffix: str, content: str
) -> None:
    key, limit = replace(KEY, lineage="shop"), FetchLimit("api.example.com", times=9, seconds=600)
    TokenCache(tmp_path, clock).token(key, login, NEVER, Deadline(60), limit)
    (path,) = (tmp_path / "tokens").glob(f"*.{suffix}")
    path.write_text(content)
    token_cache = TokenCache(tmp_path, clock)

    token_cache.reject(key, token_cache.token(key, login, NEVER, Deadline(60), limit))
    token_cache.token(key, login, NEVER, Deadline(60), limit)

    assert path.read_text() != content


def test_what_cannot_be_written_leaves_nothing_behind(tmp_path: Path, clock: HandClock, login: Login) -> None:
    with full_folder():
        TokenCache(tmp_path, clock).token(KEY, login, NEVER, Deadline(60))

    assert not list(tmp_path.rglob("*.new"))


def test_a_token_that_could_not_be_kept_is_kept_when_it_is_fetched_anew(
    tmp_path: Path, clock: HandClock, login: Login
) -> None:
    token_cache = TokenCache(tmp_path, clock)
    with full_folder():
        token_cache.reject(KEY, token_cache.token(KEY, login, NEVER, Deadline(60)))

    token_cache.token(KEY, login, NEVER, Deadline(60))

    assert value(TokenCache(tmp_path, clock).token(KEY, login, NEVER, Deadline(60))) == "token-2"
