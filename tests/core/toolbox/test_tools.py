import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import requests
import structlog
from pydantic import SecretStr
from pytest_httpserver import HTTPServer
from shop import FrozenClock
from structlog.testing import capture_logs

from portes.calendars import calendar_in
from portes.carrier import Deadline
from portes.errors import Problem, SettingsError
from portes.toolbox import MASK, Redactor, StoreFacts, Tools, tools_for


@pytest.fixture
def facts(tmp_path: Path) -> StoreFacts:
    return StoreFacts("loja", "BR", "BRL", ZoneInfo("America/Sao_Paulo"), "BR-SP", tmp_path, tmp_path / "state")


@pytest.fixture
def tools(facts: StoreFacts) -> Iterator[Tools]:
    tools = tools_for(facts, "correios", redactor=Redactor(["hush"]))
    yield tools
    tools.close()


def test_a_carrier_that_answers_without_asking_anybody_loads_no_http_library_and_starts_no_thread() -> None:
    script = (
        "import sys, threading\n"
        "from pathlib import Path\n"
        "from zoneinfo import ZoneInfo\n"
        "from portes.toolbox import StoreFacts, tools_for\n"
        "facts = StoreFacts('s', 'BR', 'BRL', ZoneInfo('UTC'), 'BR', Path('.'), Path('never-made'))\n"
        "tools_for(facts, 'table').close()\n"
        "print(sorted({'requests', 'urllib3'} & set(sys.modules)), threading.active_count())\n"
        "print(Path('never-made').exists())\n"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, timeout=120, check=True)

    assert told.stdout == "[] 1\nFalse\n"


def test_a_carrier_has_one_session_whatever_thread_asks(tools: Tools) -> None:
    sessions: list[requests.Session] = []
    threads = [threading.Thread(target=lambda: sessions.append(tools.http)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(set(map(id, sessions))) == 1
    assert isinstance(sessions[0], requests.Session)


def test_what_a_carrier_logs_names_store_and_carrier_and_hides_secrets(tools: Tools) -> None:
    with capture_logs() as logged:
        tools.log.warning("it said hush", text={"body": ["hush"]})

    assert logged == [
        {
            "event": f"it said {MASK}",
            "text": {"body": [MASK]},
            "store": "loja",
            "carrier": "correios",
            "log_level": "warning",
        }
    ]


def test_a_traceback_a_carrier_logs_hides_secrets(tools: Tools, capsys: pytest.CaptureFixture[str]) -> None:
    structlog.reset_defaults()  # whatever a service in this process has configured before
    structlog.configure(processors=[structlog.processors.format_exc_info, structlog.processors.JSONRenderer()])
    try:
        int("hush")
    except ValueError:
        tools.log.exception("cannot count")
    finally:
        structlog.reset_defaults()

    printed = capsys.readouterr().out
    assert MASK.encode("ascii", "backslashreplace").decode() in printed or MASK in printed
    assert "hush" not in printed.replace('int("hush")', "")


def test_an_exception_a_carrier_logs_comes_masked_and_without_frames_that_would_tell_more(tools: Tools) -> None:
    with capture_logs() as logged:
        try:
            int("hush")
        except ValueError:
            tools.log.exception("cannot count")

    told = logged[0]["exc_info"]
    assert f"ValueError: invalid literal for int() with base 10: '{MASK}'" in str(told)
    assert "hush" not in str(told)
    assert told.__traceback__ is None


def test_carriers_that_share_no_token_cache_keep_their_tokens_in_the_state_folder(facts: StoreFacts) -> None:
    first, second = tools_for(facts, "one"), tools_for(facts, "two")

    assert first.tokens is not second.tokens
    assert tools_for(facts, "three", tokens=first.tokens).tokens is first.tokens


@pytest.mark.parametrize(("moment", "day"), [("2026-11-24T02:59", 23), ("2026-11-24T03:00", 24)])
def test_today_is_the_day_where_the_store_is(facts: StoreFacts, moment: str, day: int) -> None:
    tools = tools_for(facts, "one", clock=FrozenClock(datetime.fromisoformat(f"{moment}+00:00")))

    assert tools.today() == date(2026, 11, day)


def test_a_store_of_another_currency_is_told_what_the_carrier_counts_in(facts: StoreFacts) -> None:
    facts.require_currency("BRL", "unused", "unused")

    with pytest.raises(SettingsError) as refused:
        facts.require_currency("EUR", "Post counts in EUR", 'write currency = "EUR"')
    assert refused.value.problems == (Problem("store.currency", "BRL", "Post counts in EUR", 'write currency = "EUR"'),)


def test_closing_tools_twice_is_harmless(tools: Tools) -> None:
    assert tools.gather([lambda: 1, lambda: 2], Deadline(60)) == [1, 2]
    assert tools.http.trust_env is False

    tools.close()
    tools.close()


def test_the_page_about_the_toolbox_shows_what_its_examples_print() -> None:
    """The examples run one after the other in one process, as a reader would who goes on where the last one ended."""
    page = (Path(__file__).parents[3] / "docs" / "toolbox.md").read_text(encoding="utf-8")
    examples = re.findall(r"^```python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    shown = re.findall(r"^```text\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)

    told = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", "\nprint(end='\\0')\n".join(examples)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=True,
    )

    assert len(examples) > 5
    assert told.stdout.split("\0") == shown


@pytest.mark.parametrize(("name", "fix"), [("MG", "write BR-MG"), ("SP", "write BR-SP"), ("BR-XX", "write one of BR-")])
def test_a_calendar_of_another_country_or_of_none_is_refused_with_the_region_that_is_meant(
    facts: StoreFacts, name: str, fix: str
) -> None:
    with pytest.raises(SettingsError, match=fix):
        facts.require_calendar(name)


def test_the_calendar_that_a_name_means_is_looked_for_in_the_stores_country() -> None:
    assert [calendar_in("BR", name) for name in ("BR", "BR-SP", "MG", "ES-MD")] == ["BR", "BR-SP", "BR-MG", "BR"]


def test_a_token_that_an_answer_echoes_is_masked_where_the_settings_hold_no_secret(
    facts: StoreFacts, httpserver: HTTPServer
) -> None:
    httpserver.expect_request("/").respond_with_data("you are canary-4711-0815")
    with closing(tools_for(facts, "open")) as tools:
        tools.tokens.redactor.hold("login", "canary-4711-0815")
        sent = SecretStr("canary-4711-0815")
        told = tools.http.call("GET", httpserver.url_for("/"), deadline=Deadline(60), bearer=sent)

    assert told.body == f"you are {MASK}".encode()


def test_what_is_odd_is_logged_once(tools: Tools) -> None:
    with capture_logs() as logged:
        for _ in range(3):
            tools.log_once("a quote's number is no text")

    assert [entry["event"] for entry in logged] == ["a quote's number is no text"]
