"""Problem bodies: what a refused question is told."""

import json

import pytest

from portes.channels.problems import ChallengedError, problem, refused
from portes.errors import Problem, RequestError, TooMuchError, UnauthorizedError

WEIGHT = Problem("products.0.weight", "-1", "is negative", "write kilograms")


def test_a_problem_body_names_each_field_with_its_cause_and_fix() -> None:
    reply = problem(422, "Unprocessable Entity", "two fields", [WEIGHT])

    assert reply.status == 422
    assert reply.headers == {"content-type": "application/problem+json"}
    assert json.loads(reply.body) == {
        "title": "Unprocessable Entity",
        "status": 422,
        "detail": "two fields",
        "errors": [{"field": "products.0.weight", "value": "-1", "cause": "is negative", "fix": "write kilograms"}],
    }


def test_what_is_empty_is_left_out_and_an_alarm_is_not_sent() -> None:
    reply = problem(503, "Service Unavailable", alarm="look at this", headers={"retry-after": "3"})

    assert json.loads(reply.body) == {"title": "Service Unavailable", "status": 503}
    assert reply.alarm == "look at this"
    assert reply.headers["retry-after"] == "3"


def test_a_status_may_bring_members_of_its_own() -> None:
    assert json.loads(problem(503, "x", members={"quote": {"id": "q"}}).body)["quote"] == {"id": "q"}


@pytest.mark.parametrize(("error", "status"), [(RequestError(WEIGHT), 422), (TooMuchError(WEIGHT), 413)])
def test_what_the_asker_can_mend_is_told_by_field(error: RequestError, status: int) -> None:
    reply = refused(error)

    assert reply.status == status
    assert json.loads(reply.body)["errors"][0]["field"] == "products.0.weight"


def test_bad_credentials_are_challenged_and_no_field_is_told() -> None:
    reply = refused(ChallengedError(Problem("headers", "", "the credentials are wrong"), 'Basic realm="portes"'))

    assert reply.status == 401
    assert reply.headers["www-authenticate"] == 'Basic realm="portes"'
    assert json.loads(reply.body) == {"title": "Unauthorized", "status": 401, "detail": "the credentials are wrong"}


def test_a_channel_without_a_challenge_still_gets_its_401() -> None:
    assert refused(UnauthorizedError(Problem("headers", "", "no"))).status == 401
