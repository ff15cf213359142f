"""Recordings replayed: exactly what was recorded, from many threads, with the network closed."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from portes.carrier import Deadline
from portes.toolbox import HttpResponse
from portes.toolbox.http import Session
from portes_testing import BrokenContractError, Exchange, SentRequest, read_cassette, replayed, write_cassette
from portes_testing.faults.loopback import Reply, loopback
from portes_testing.recordings.scrubbing import Scrubber
from portes_testing.recordings.tapes import recorded

URL = "https://api.parcelpost.example/v2/quotes"
NO_SECRETS = Scrubber({})


def exchange(question: str, answer: str, url: str = URL) -> Exchange:
    return Exchange(SentRequest("POST", url, {}, question.encode()), HttpResponse(200, {}, answer.encode()))


@pytest.fixture
def tape(tmp_path: Path) -> Callable[..., Path]:
    def written(*exchanges: Exchange) -> Path:
        write_cassette(tmp_path / "tape.yaml", exchanges)
        return tmp_path / "tape.yaml"

    return written


def post(question: str, url: str = URL) -> str:
    return Session().call("POST", url, data=question.encode(), deadline=Deadline(20)).body.decode()


def test_a_recorded_question_is_answered(tape: Callable[..., Path]) -> None:
    with replayed(tape(exchange('{"a":1}', "one")), NO_SECRETS):
        assert post('{"a":1}') == "one"


def test_json_is_compared_by_what_it_says(tape: Callable[..., Path]) -> None:
    with replayed(tape(exchange('{"a":1,"b":2}', "one")), NO_SECRETS):
        assert post('{ "b": 2, "a": 1 }') == "one"


@pytest.mark.parametrize(
    ("question", "url"),
    [
        ('{"a":2}', URL),
        ('{"a":1}', "https://api.parcelpost.example/v2/quotes?page=2"),
        ('{"a":1}', "https://api.parcelpost.example/v3/quotes"),
        ('{"a":1}', "https://other.example/v2/quotes"),
    ],
)
def test_another_body_query_path_or_host_is_another_question(
    tape: Callable[..., Path], question: str, url: str
) -> None:
    path = tape(exchange('{"a":1}', "one"))

    with pytest.raises(BrokenContractError, match=r"asked, but never recorded like this"), replayed(path, NO_SECRETS):
        post(question, url)


def test_a_miss_that_was_swallowed_still_breaks_the_test(tape: Callable[..., Path]) -> None:
    def swallows() -> None:
        try:
            post('{"a":2}')
        except Exception:  # noqa: BLE001 — as a careless carrier would
            post('{"a":1}')

    path = tape(exchange('{"a":1}', "one"))
    with pytest.raises(BrokenContractError, match="never recorded"), replayed(path, NO_SECRETS):
        swallows()


def test_a_recorded_question_that_nobody_asks_breaks_the_test(tape: Callable[..., Path]) -> None:
    path = tape(exchange('{"a":1}', "one"), exchange('{"a":2}', "two"))

    with pytest.raises(BrokenContractError, match="no longer asked"), replayed(path, NO_SECRETS):
        post('{"a":1}')


def test_the_same_question_gets_its_answers_in_order_and_no_more(tape: Callable[..., Path]) -> None:
    path = tape(exchange("{}", "one"), exchange("{}", "two"))

    with replayed(path, NO_SECRETS):
        assert [post("{}"), post("{}")] == ["one", "two"]
    with pytest.raises(BrokenContractError, match="never recorded"), replayed(path, NO_SECRETS):
        assert [post("{}") for _ in range(3)]


@pytest.mark.parametrize("count", [100, pytest.param(200, marks=pytest.mark.exhaustive)])
def test_many_threads_with_new_connections_all_get_their_answers(tape: Callable[..., Path], count: int) -> None:
    questions = [f'{{"number":{number}}}' for number in range(count)]
    path = tape(*(exchange(question, question) for question in questions))
    session = Session()

    def ask(question: str) -> str:
        return session.call("POST", URL, data=question.encode(), deadline=Deadline(60)).body.decode()

    with replayed(path, NO_SECRETS), ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(ask, questions))

    assert answers == questions


def test_a_secret_in_a_question_is_compared_by_its_placeholder(tape: Callable[..., Path]) -> None:
    path = tape(exchange('{"key":"SCRUBBED-key-1"}', "one"))

    with replayed(path, Scrubber({"canary-4711": "key"})):
        assert post('{"key":"canary-4711"}') == "one"


def test_an_error_of_the_test_itself_is_not_lost(tape: Callable[..., Path]) -> None:
    with pytest.raises(ZeroDivisionError), replayed(tape(exchange("{}", "one")), NO_SECRETS):
        raise ZeroDivisionError


def test_a_recording_shows_the_public_address_and_no_secret(tmp_path: Path) -> None:
    path = tmp_path / "new.yaml"

    with loopback(lambda _sent: Reply(200, {"Date": "today"}, b'{"token":"tok-12345678"}')) as server:
        scrubber = Scrubber({"canary-4711": "key"}, {"token"})
        here = f"http://127.0.0.1:{server.port}"
        with recorded(path, scrubber, {here: "https://api.parcelpost.example"}):
            assert post('{"key":"canary-4711"}', f"{here}/v2/quotes") == '{"token":"tok-12345678"}'

    (only,) = read_cassette(path)
    assert (only.request.url, only.request.body) == (URL, b'{"key":"SCRUBBED-key-1"}')
    assert (only.response.body, dict(only.response.headers)) == (b'{"token":"SCRUBBED-token-1"}', {})


def test_a_recording_replaces_the_one_before(tmp_path: Path, tape: Callable[..., Path]) -> None:
    path = tape(exchange("{}", "old"))

    with recorded(path, NO_SECRETS, {}):
        pass

    assert read_cassette(path) == ()
    assert tmp_path.exists()


def test_text_in_any_language_and_bytes_come_back_as_they_were(tape: Callable[..., Path]) -> None:
    texts = Exchange(SentRequest("POST", URL, {}, "São Paulo".encode()), HttpResponse(200, {}, b"\xff\xfe"))

    (back,) = read_cassette(tape(texts))

    assert (back.request.body, back.response.body) == ("São Paulo".encode(), b"\xff\xfe")


def test_a_file_of_another_format_is_no_cassette(tmp_path: Path) -> None:
    path = tmp_path / "odd.yaml"
    path.write_text("version: 2\n")

    with pytest.raises(ValueError, match="is no cassette of format 1"):
        read_cassette(path)
