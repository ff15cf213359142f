"""`portes serve` from its start to its end."""

import json
import signal
import socket
import subprocess
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from stage import Gate, browser, question, service, start, wait_until, write_store

PROPS = Path(__file__).parent / "props"


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return write_store(tmp_path, "shop", {"near": {}})


def ended(process: "subprocess.Popen[str]") -> tuple[int, str]:
    _, said = process.communicate(timeout=60)
    return process.returncode, said


def test_a_call_under_way_is_finished_before_the_service_stops(tmp_path: Path) -> None:
    gate = Gate(tmp_path / "gate")
    auth = 'auth = { kind = "header", value = "${WORDS}" }'
    store = write_store(tmp_path, "slow", {"slow": {"gate": str(gate.file)}}, netshoes=auth)
    body = json.dumps(question()).encode()
    head = b"POST /v1/slow/netshoes HTTP/1.1\r\nHost: x\r\nAuthorization: BASIC word-for-word\r\n"
    with service([store], tmp_path / "log", PROPS) as running:
        where = urlsplit(running.public)
        with socket.create_connection((where.hostname, where.port), timeout=60) as wire:
            wire.sendall(head + b"Content-Length: %d\r\n\r\n" % len(body) + body)
            gate.wait_for_somebody()
            running.process.send_signal(signal.SIGTERM)
            gate.open()
            answer = b"".join(iter(lambda: wire.recv(65536), b""))

        assert answer.startswith(b"HTTP/1.1 200 ")
        assert b'"freightType":"NORMAL"' in answer
        assert running.process.wait(60) == 0


def test_nothing_answers_and_no_counts_are_left_once_it_stopped(
    shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nothing that lies in the current folder was run: workers begin as `python -c`, which looks there first."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(folder))
    monkeypatch.chdir(tmp_path)
    for name in ("multiprocessing", "uvicorn", "portes"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'ran')!r}, 'w'); raise RuntimeError")
    with service([shop], tmp_path / "log", PROPS) as running:
        during = [path.name for path in folder.iterdir()]
        running.process.send_signal(signal.SIGINT)

        assert running.process.wait(60) == 0
        with browser() as web, pytest.raises(requests.ConnectionError):
            web.get(f"{running.public}/healthz")

    assert [name.startswith("portes-metrics-") for name in during] == [True]
    assert list(folder.iterdir()) == []
    assert not (tmp_path / "ran").exists()
    assert running.logged("listening") != []
    assert '"level":"error"' not in running.log.read_text()


def test_workers_end_with_a_parent_that_was_killed(shop: Path, tmp_path: Path) -> None:
    with service([shop], tmp_path / "log", PROPS) as running:
        with browser() as web:
            (worker,) = web.get(f"{running.admin}/readyz").json()["workers"]["answering"]

        running.process.kill()

        wait_until(lambda: not Path(f"/proc/{worker}").exists() or "Z" in state(worker))


def state(process: int) -> str:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(") ")[2][0]
    except FileNotFoundError:
        return "Z"


ONE_AFTER_THE_OTHER = """
import json
import sys

from portes.cli import main

for words in json.loads(sys.argv[1]):
    try:
        main(["serve", "--port", "0", "--admin-port", "0", *words])
    except SystemExit as end:
        print(end.code, file=sys.stderr)
    print("-- and the next --", file=sys.stderr, flush=True)
"""
"""Services in one process, of which each refuses to start; one that starts does not come to an end."""


@dataclass(frozen=True)
class Refused:
    """Services that could not start: what each said, with its exit code in the last line; and the files of stores."""

    broken: Path
    worse: Path
    both_wrong: str
    strict: str
    taken: str
    nowhere: str


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> Refused:
    folder = tmp_path_factory.mktemp("refused")
    shop = str(write_store(folder, "shop", {"near": {}}))
    broken = write_store(folder, "one", {"near": {"prefix": ["0"]}})
    worse = write_store(folder, "two", {"near": {}}, more="[channels.nothing]")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        wrong = [
            [str(broken), str(worse)],
            ["--strict", shop, str(broken)],
            [shop, "--port", port],
            [str(folder / "nowhere")],
        ]
        python = ["-c", ONE_AFTER_THE_OTHER, json.dumps(wrong)]
        _, said = ended(start([], folder / "log", PROPS, python=python))
    *each, rest = said.split("-- and the next --\n")
    assert (len(each), rest) == (4, "")
    return Refused(broken, worse, *each)


def code(said: str) -> str:
    return said.splitlines()[-1]


def test_every_problem_of_every_store_is_told_and_nothing_is_started(refused: Refused) -> None:
    said = refused.both_wrong

    assert code(said) == "2"
    assert f"{refused.broken}: carriers.near.settings.prefix: " in said
    assert f"{refused.worse}: channels.nothing: " in said
    assert "Answering" not in said


def test_a_strict_service_does_not_start_while_one_of_its_stores_is_wrong(refused: Refused) -> None:
    assert (code(refused.strict), "Answering" in refused.strict) == ("2", False)
    assert refused.strict.startswith(f"{refused.broken}: carriers.near.settings.prefix: ")


def test_a_port_that_is_taken_is_told_with_the_way_out(refused: Refused) -> None:
    assert (code(refused.taken), refused.taken.partition(":")[0]) == ("2", "--port")
    assert "choose another" in refused.taken


def test_a_path_that_holds_no_store_is_told(refused: Refused) -> None:
    assert (code(refused.nowhere), "is not there" in refused.nowhere) == ("2", True)
