"""Lines of the log: whatever is logged, each is one line of JSON that can be printed, and says the same."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from pydantic import BaseModel, SecretStr

from portes.redaction import LOGGED
from portes.web.logs import REPLIED, configure_logs

STRANGE = "\x1b[2J\x9b31m\x7f\u202e\u2028\ufeff\nforged"


class Keyed(BaseModel):
    """Settings with a secret."""

    key: SecretStr


@pytest.fixture(autouse=True)
def own_logs() -> Iterator[None]:
    handlers = logging.getLogger().handlers[:]
    yield
    structlog.reset_defaults()
    logging.getLogger().handlers[:] = handlers


@pytest.mark.parametrize("said", [STRANGE, f"{STRANGE}\udc80", "São Paulo"], ids=["signs", "no text", "letters"])
def test_a_line_of_the_log_can_be_printed_and_says_the_same(
    said: str, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    configure_logs("info")

    structlog.get_logger("test").warning("it said", said=said)
    logging.getLogger("library").warning("it said %s", said)

    ours, theirs = capfdbinary.readouterr().out.decode().splitlines()
    assert ours.isprintable()
    assert theirs.isprintable()
    assert json.loads(ours)["said"] == said
    assert json.loads(theirs)["event"] == f"it said {said}"


def test_a_stranger_s_event_by_the_name_of_ours_is_masked_as_any_other(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    LOGGED.learn(Keyed(key=SecretStr("canary-4711-0815")))
    configure_logs("info")

    structlog.get_logger("stranger").info("replied", body="the key is canary-4711-0815")
    structlog.get_logger("portes.access").info(REPLIED, store="shop")

    strange, ours = map(json.loads, capfdbinary.readouterr().out.splitlines())
    assert strange["body"] == "the key is •••"
    assert (ours["event"], ours["store"]) == ("replied", "shop")
