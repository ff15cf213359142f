"""Lines of the log: whatever is logged, each is one line of JSON that can be printed, and says the same."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from portes.web.logs import configure_logs

STRANGE = "\x1b[2J\x9b31m\x7f\u202e\u2028\ufeff\nforged"


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
