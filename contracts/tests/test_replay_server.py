"""A cassette on loopback: each answer in its order, and one of them broken."""

from datetime import timedelta

from portes.toolbox import HttpResponse
from portes_testing import Exchange, SentRequest, Tokens
from portes_testing.faults.loopback import Pace
from portes_testing.faults.replay_server import BrokenAnswer, ReplayServer
from portes_testing.faults.table import ELSEWHERE, fault
from portes_testing.recordings.scrubbing import Scrubber

HOST = "https://api.parcelpost.example"
TOKENS = Tokens(path="/token", fields=("token",), lifetime=timedelta(hours=1))
LOGIN = Exchange(SentRequest("POST", f"{HOST}/token"), HttpResponse(201, {}, b'{"token":"abc"}'))
ONE = Exchange(SentRequest("POST", f"{HOST}/quotes", {}, b'{"n":1}'), HttpResponse(200, {}, b'"one"'))
ANOTHER = Exchange(SentRequest("POST", f"{HOST}/quotes", {}, b'{"n":1}'), HttpResponse(200, {}, b'"another"'))


def replay_of(*exchanges: Exchange, broken: BrokenAnswer | None = None) -> ReplayServer:
    return ReplayServer(exchanges, Scrubber({}), broken, TOKENS)


def doing(name: str, position: int, exchange: Exchange) -> BrokenAnswer:
    mutant = fault(name).done_to(exchange.response, ("STD",))
    assert mutant is not None
    return BrokenAnswer(position, fault(name), mutant)


def asked(exchange: Exchange) -> SentRequest:
    return SentRequest(
        exchange.request.method, exchange.request.url.replace(HOST, "http://127.0.0.1:1"), {}, exchange.request.body
    )


def test_answers_come_in_the_recorded_order_and_the_last_again() -> None:
    played = replay_of(ONE, ANOTHER)

    assert [played.respond(asked(ONE)).body for _ in range(3)] == [b'"one"', b'"another"', b'"another"']


def test_a_question_that_was_never_recorded_is_noted() -> None:
    played = replay_of(ONE)

    assert played.respond(asked(LOGIN)).status == 599
    assert played.unknown == ["SentRequest(POST /token, 0 bytes)"]


def test_a_fault_that_happens_once_is_over_then() -> None:
    played = replay_of(ONE, broken=doing("unauthorized_once", 0, ONE))

    assert [played.respond(asked(ONE)).status for _ in range(2)] == [401, 200]


def test_a_fault_that_lasts_does() -> None:
    played = replay_of(ONE, broken=doing("server_error", 0, ONE))

    assert [played.respond(asked(ONE)).status for _ in range(2)] == [500, 500]


def test_only_the_broken_answer_is_broken() -> None:
    played = replay_of(LOGIN, ONE, broken=doing("server_error", 1, ONE))

    assert [played.respond(asked(LOGIN)).status, played.respond(asked(ONE)).status] == [201, 500]


def test_the_answer_before_a_refused_one_is_the_last() -> None:
    played = replay_of(LOGIN, ONE, broken=doing("refused", 1, ONE))

    assert played.respond(asked(LOGIN)).last
    assert played.respond(asked(ONE)).pace is Pace.SHUT


def test_a_token_asked_for_again_is_another_one() -> None:
    played = replay_of(LOGIN)

    assert [played.respond(asked(LOGIN)).body for _ in range(2)] == [b'{"token":"abc"}', b'{"token":"abcA"}']
    assert played.tokens_given == {"abc", "abcA"}


def test_asking_more_often_than_recorded_is_told() -> None:
    played = replay_of(LOGIN, ONE, broken=doing("server_error", 1, ONE))
    for _ in range(2):
        played.respond(asked(ONE))

    assert list(played.too_often()) == ["POST /quotes was asked 2 times, recorded 1"]


def test_a_rejected_token_is_a_reason_to_ask_once_more() -> None:
    played = replay_of(LOGIN, ONE, broken=doing("unauthorized_always", 1, ONE))
    for _ in range(2):
        played.respond(asked(ONE))
    assert list(played.too_often()) == []

    played.respond(asked(ONE))

    assert list(played.too_often()) == ["POST /quotes was asked 3 times, recorded 1"]


def test_each_call_may_find_out_that_there_is_no_token() -> None:
    played = replay_of(LOGIN, ONE, ANOTHER)
    for _ in range(3):
        played.respond(asked(LOGIN))
    assert list(played.too_often()) == []

    played.respond(asked(LOGIN))

    assert list(played.too_often()) == ["POST /token was asked 4 times, recorded 1"]


def test_whoever_follows_a_redirect_is_noticed() -> None:
    played = replay_of(ONE)

    played.respond(SentRequest("GET", f"http://127.0.0.1:1{ELSEWHERE}"))

    assert played.followed
