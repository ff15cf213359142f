"""The demo store: what a newcomer copies must be sound, and must answer the documented question."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portes.channels.protocol import request_in
from portes.contract import DeliveryType, Verdict
from portes.errors import Problem
from portes.store import Store, check_store, open_store

FOLDER = Path(__file__).parents[2] / "examples" / "demo-store"
ENVIRON = {"NETSHOES_PASSWORD": "canary-4711-0815", "NATIVE_KEY": "canary-0815-4711"}


@pytest.fixture
def store() -> Iterator[Store]:
    with open_store(FOLDER, environ=ENVIRON) as opened:
        yield opened


@pytest.mark.parametrize("channel", ["netshoes", "native"])
def test_the_documented_question_of_each_channel_is_served(store: Store, channel: str) -> None:
    request = request_in(store.channels[channel].read(store.channels[channel].example()))

    answer = store.quote(request)

    assert answer.verdict is Verdict.SERVED
    assert {offer.delivery for offer in answer.lines[0].offers} == {DeliveryType.NORMAL, DeliveryType.EXPRESS}


def test_without_its_secrets_it_asks_for_both_of_them() -> None:
    problems: list[Problem] = check_store(FOLDER, environ={})

    assert {problem.where: problem.cause for problem in problems} == {
        "channels.netshoes.auth.password": "the environment variable NETSHOES_PASSWORD is not set",
        "channels.native.keys": "the environment variable NATIVE_KEY is not set",
    }
