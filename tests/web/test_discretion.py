"""Secrets of settings and of callers, sent down every path of the real service, and looked for wherever it speaks."""

import json
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote as url_quote

import pytest
import requests
from leaky_shop import LEAKY, STORE
from stage import Service, browser, question, service

MOODS = ("crash", "hint", "answer", "log", "library", "call", "token")

OURS = {name: f"canary/{name}+secret 1" for name in ("PASSWORD", "CARD", "BASIC", "APP", "NATIVE", "GOSSIP")}
"""Of the settings. Their signs change shape in an address, in JSON and in a header."""
TOKEN = "canary/token 1+"
"""What the leaky carrier's login gives it."""
THEIRS = "stranger-canary-2"
"""Of a caller, whom nobody knows."""

CHANNELS = """
[channels.gossip]
key = "${{GOSSIP}}"
[channels.native]
keys = "${{NATIVE}}"
[channels.netshoes]
auth = [
    {{ kind = "basic", username = "netshoes", password = "${{BASIC}}" }},
    {{ kind = "app_key", app_key = "${{APP}}", app_token = "${{APP}}" }},
]
"""

QUESTION = ("--to", "01310100", "--item", "a:1:1kg:10x10x10cm")

HOST = """
import logging
import sys

import structlog

from portes import Dimensions, Item, Place, QuoteRequest, open_store

file, between = sys.argv[1:]
item = Item(sku="a", quantity=1, weight=500, size=Dimensions.parse("10x10x25cm"))
home = Place.parse("01512-651", "BR")
for logs in ("left alone", "handed to logging"):
    if logs == "handed to logging":
        logging.basicConfig()
        structlog.configure([structlog.stdlib.render_to_log_kwargs], logger_factory=structlog.stdlib.LoggerFactory())
    with open_store(file) as store:
        request = QuoteRequest(channel="shop", store=store.name, destination=home, lines=(item,), currency="BRL")
        print(store.quote(request).verdict)
    for stream in (sys.stdout, sys.stderr):
        print(between, file=stream, flush=True)
"""


ONE_AFTER_THE_OTHER = """
import json
import sys
from contextlib import suppress

import structlog

from portes.cli import main

for words in json.loads(sys.argv[1]):
    structlog.reset_defaults()
    with suppress(SystemExit):
        main(words)
    print(sys.argv[2], flush=True)
    print(sys.argv[2], file=sys.stderr, flush=True)
"""
"""Commands in one process, each as if it were alone there, with a line between what they say."""
BETWEEN = "-- and the next --"
COMMANDS = (
    ("check", "."),
    ("carriers", "."),
    ("doctor", "crash.toml"),
    ("doctor", "hint.toml"),
    ("doctor", "log.toml", "--json"),
    ("quote", "--store", "crash.toml", *QUESTION),
)


@dataclass
class Heard:
    """Everything the service said to anybody."""

    texts: dict[str, bytes] = field(default_factory=dict)

    def note(self, where: str, answer: requests.Response) -> requests.Response:
        self.texts[where] = repr(dict(answer.headers)).encode() + answer.content
        return answer

    def holding(self, canary: str) -> list[str]:
        """Where a secret stands in any of its shapes."""
        shapes = {
            form for text in (canary, f"netshoes:{canary}") for form in (text, b64(text), url_quote(text, safe=""))
        }
        return [where for where, text in self.texts.items() if any(shape.encode() in text for shape in shapes)]


def b64(text: str) -> str:
    return b64encode(text.encode()).decode().rstrip("=")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("discreet")
    for mood in MOODS:
        (folder / f"{mood}.toml").write_text((STORE + CHANNELS).format(mood=mood))
    (folder / "card").write_text(OURS["CARD"])
    return folder


@pytest.fixture(scope="module")
def heard(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Heard:
    """Ask every store in every way, in truth and in error, and listen everywhere."""
    log = tmp_path_factory.mktemp("log") / "out.jsonl"
    heard = Heard()
    with pytest.MonkeyPatch.context() as patch, browser() as web:
        for name, secret in OURS.items():
            patch.setenv(name, secret)
        with service([folder, "--log-level", "debug"], log, LEAKY) as running:
            for where, answer in conversations(running, web):
                heard.note(where, answer)
    heard.texts["log"] = log.read_bytes()
    for file in (folder / "state").rglob("*"):
        if file.is_file():
            heard.texts[f"state {file.name}"] = file.read_bytes()
    return heard


def conversations(running: Service, web: requests.Session) -> Iterator[tuple[str, requests.Response]]:
    for mood in MOODS:
        url = f"{running.public}/v1/{mood}"
        basic = ("netshoes", OURS["BASIC"])
        yield f"{mood} basic", web.post(f"{url}/netshoes?key={THEIRS}", json=question(), auth=basic)
        app = {"APP_KEY": OURS["APP"], "APP_TOKEN": OURS["APP"]}
        yield f"{mood} app key", web.post(f"{url}/netshoes", json=question(note=THEIRS), headers=app)
        native = {"Authorization": f"Bearer {OURS['NATIVE']}"}
        yield f"{mood} native", web.post(f"{url}/quotes", json={}, headers=native)
        yield f"{mood} gossip", web.post(f"{url}/gossip", data=THEIRS)
        yield f"{mood} stranger", web.post(f"{url}/netshoes", json=question(), auth=("netshoes", THEIRS))
        yield f"{mood} garbage", web.post(f"{url}/netshoes", data=b"{", headers={"Authorization": f"Basic {THEIRS}"})
    yield "nowhere", web.get(f"{running.public}/v1/nobody", headers={"Authorization": THEIRS})
    for page in ("readyz", "metrics", "slo", "openapi.json", "docs"):
        yield page, web.get(f"{running.admin}/{page}")


@pytest.mark.parametrize("canary", OURS)
def test_no_secret_of_the_settings_is_told_to_anybody(heard: Heard, canary: str) -> None:
    assert heard.holding(OURS[canary]) == []


def test_no_token_is_told_to_anybody_but_the_token_cache(heard: Heard) -> None:
    (kept,) = heard.holding(TOKEN)

    assert kept.startswith("state ")
    assert kept.endswith(".token")


def test_what_a_stranger_shows_is_neither_logged_nor_counted_nor_kept(heard: Heard) -> None:
    assert heard.holding(THEIRS) == []


def test_what_happened_is_told_all_the_same(heard: Heard) -> None:
    """Silence would pass the tests above as well."""
    log = heard.texts["log"].decode()

    assert "RuntimeError: •••" in log
    assert "••• and •••" in log
    assert log.count('"event":"replied"') == 6 * len(MOODS)
    assert b"portes_carrier_outcomes_total" in heard.texts["metrics"]
    assert any(where.startswith("state ") for where in heard.texts)


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Programs that this one runs find the leaky plugin and its secrets."""
    monkeypatch.setenv("PYTHONPATH", str(LEAKY))
    monkeypatch.setenv("COLUMNS", "500")  # a secret that is broken over two lines would not be found
    for name, secret in OURS.items():
        monkeypatch.setenv(name, secret)


def ran(*arguments: str | Path) -> Heard:
    """What a program said; that it failed is fine, for so does its carrier."""
    done = subprocess.run([sys.executable, "-c", *arguments], capture_output=True, check=False)
    return Heard({"output": done.stdout, "errors": done.stderr})


def portes(*arguments: str | Path) -> Heard:
    return ran("from portes.cli import main; main()", *arguments)


def spilt(heard: Heard) -> list[str]:
    """Where a secret of the settings stands, whole or in part."""
    return [where for canary in ("canary", *OURS.values()) for where in heard.holding(canary)]


@pytest.mark.usefixtures("alone")
def test_no_command_shows_a_secret(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)

    heard = ran(ONE_AFTER_THE_OTHER, json.dumps(COMMANDS), BETWEEN)

    *each, rest = one_by_one(heard)
    assert spilt(heard) == []
    assert (len(each), rest["output"].strip()) == (len(COMMANDS), b"")
    assert all(said["output"].strip() for said in each)
    assert b"unknown" in each[-1]["output"]
    assert "•••".encode() in each[-1]["output"] + each[-1]["errors"]


def one_by_one(heard: Heard) -> list[dict[str, bytes]]:
    """What each part of a program said, and what came after the last one."""
    outputs, errors = (heard.texts[where].split(BETWEEN.encode()) for where in ("output", "errors"))
    return [{"output": output, "errors": error} for output, error in zip(outputs, errors, strict=True)]


@pytest.mark.exhaustive
@pytest.mark.parametrize("mood", MOODS)
@pytest.mark.usefixtures("alone")
def test_no_command_shows_the_secrets_of_a_carrier_it_asks(folder: Path, mood: str) -> None:
    heard = portes("quote", "--store", folder / f"{mood}.toml", *QUESTION)

    assert spilt(heard) == []
    assert b"unknown" in heard.texts["output"]
    assert mood == "call" or "•••".encode() in heard.texts["output"] + heard.texts["errors"]


@pytest.mark.usefixtures("alone")
def test_a_program_that_opens_a_store_prints_no_secret_of_a_carrier_that_crashes(folder: Path) -> None:
    """Whether the program leaves the log alone or hands it to logging."""
    heard = ran(HOST, folder / "crash.toml", BETWEEN)

    alone, handed, _ = one_by_one(heard)
    assert spilt(heard) == []
    for said in (alone, handed):
        assert "RuntimeError: •••".encode() in said["output"] + said["errors"]
        assert b"unknown" in said["output"]
