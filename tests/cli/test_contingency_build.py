"""`portes contingency build` as a seller runs it: a process of its own, killed, stopped, told what is wrong."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event
from zoneinfo import ZoneInfo

import pytest
from bulk_shop import STORE
from lane_carrier import LaneSimulator, install_lane_carrier
from terminal import run

from portes.simulators.serving import HOST, serving

SUPPORT = Path(__file__).parents[1] / "support"
# a shell that runs the tests in the background has its processes ignore SIGINT
HEARD = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
PORTES = (sys.executable, "-P", "-c", f"{HEARD}; from portes.cli import main; main()")
FLAGS = (
    "--for",
    "plain",
    "--regions",
    "AC",
    "--brackets",
    "0.5,1,3",
    "--density",
    "200",
    "--value",
    "100.00",
    "--calls",
    "150",
)
SECONDS = 60.0


def busy_now() -> str:
    """Busy hours of the store that began before this test, and end long after it."""
    now = datetime.now(ZoneInfo("America/Sao_Paulo"))
    return f'busy = ["{now - timedelta(hours=2):%H:%M}-{now + timedelta(hours=9):%H:%M}"]'


class Seller:
    """A store's folder, and the command run in it."""

    def __init__(self, folder: Path, site: Path, simulator: LaneSimulator, url: str) -> None:
        self.folder, self.simulator, self._site, self._url = folder, simulator, site, url
        self.write()

    def write(self, carrier: str = "bulk = { calls_a_minute = 100000 }", settings: str = "batch = 5") -> None:
        parts = {"store": "", "more": "", "carrier": carrier, "settings": settings}
        (self.folder / "portes.toml").write_text(STORE.format(url=self._url, **parts))

    def start(self, *flags: str) -> "subprocess.Popen[str]":
        path = os.pathsep.join(map(str, (self._site, SUPPORT)))
        environ = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
        command = [*PORTES, "contingency", "build", str(self.folder), *(flags or FLAGS)]
        return subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)

    def run(self, *flags: str) -> "subprocess.CompletedProcess[str]":
        with self.start(*flags) as process:
            output, errors = process.communicate(timeout=SECONDS)
        return subprocess.CompletedProcess(process.args, process.returncode, output, errors)

    @contextmanager
    def at_call(self, number: int) -> Iterator[Event]:
        """An event that is set when the carrier has had so many calls."""
        reached = Event()
        self.simulator.on_call = lambda: reached.set() if self.simulator.calls >= number else None
        yield reached
        self.simulator.on_call = lambda: None


@pytest.fixture
def seller(tmp_path: Path) -> Iterator[Seller]:
    folder, site = tmp_path / "shop", tmp_path / "site"
    folder.mkdir()
    site.mkdir()
    install_lane_carrier(site)
    simulator = LaneSimulator()
    with serving(simulator) as port:
        yield Seller(folder, site, simulator, f"http://{HOST}:{port}/")


def test_it_tells_in_words_what_was_built_and_how_to_go_on(seller: Seller) -> None:
    done = seller.run()

    assert (done.returncode, done.stderr) == (0, "")
    assert "contingency-plain@1" in done.stdout
    assert "200 kg/m³ (--density), worth 100.00 BRL (--value)" in done.stdout
    assert f"Calls: {seller.simulator.calls} to lanes." in done.stdout
    assert f": {len(seller.simulator.questions)} by calling carriers.\n" in done.stdout
    assert "No file was written: the same command with --out FOLDER writes them" in done.stdout
    assert "; portes contingency drift --table contingency-plain checks it.\n" in done.stdout


@pytest.mark.exhaustive
def test_what_a_build_tells_to_do_next_is_true(seller: Seller) -> None:
    seller.run()
    calls, out = seller.simulator.calls, str(seller.folder / "out")
    again = seller.run(*FLAGS, "--out", out)

    assert seller.simulator.calls == calls
    assert " from memory.\nCalls: none.\n" in again.stdout
    assert f"Upload the files in {out}." in again.stdout
    assert [path.name for path in (seller.folder / "out").iterdir()] == ["contingency-plain.csv"]


@pytest.mark.exhaustive
def test_it_tells_the_same_as_json_and_writes_the_files(seller: Seller) -> None:
    done = seller.run(*FLAGS, "--json", "--out", str(seller.folder / "out"), "--margin", "2.5", "--round-to", "0.10")
    report = json.loads(done.stdout)

    assert (report["margin_percent"], report["round_to"]) == ("2.5", 10)
    assert [file["name"] for file in report["files"]] == [path.name for path in (seller.folder / "out").iterdir()]


@pytest.mark.exhaustive
def test_a_build_that_was_killed_goes_on_where_it_was_asking_nothing_twice(seller: Seller, tmp_path: Path) -> None:
    seller.run(*FLAGS, "--out", str(tmp_path / "whole"))
    whole = (tmp_path / "whole" / "contingency-plain.csv").read_bytes()
    asked, calls = len(seller.simulator.questions), seller.simulator.calls
    (seller.folder / "state" / "samples.sqlite").unlink()
    seller.simulator.questions.clear()
    seller.simulator.calls = 0

    with seller.at_call(calls // 2) as reached, seller.start() as process:
        assert reached.wait(SECONDS)
        process.kill()
    done = seller.run(*FLAGS, "--out", str(tmp_path / "again"))

    assert done.returncode == 0, done.stderr
    assert (tmp_path / "again" / "contingency-plain.csv").read_bytes() == whole
    twice = [question for question, times in seller.simulator.questions.items() if times > 1]
    assert len(seller.simulator.questions) == asked
    # a carrier has at most 2 * at_once calls open that are not kept, under way or answered: four, of five lanes each
    assert len(twice) <= 2 * 2 * 5


def test_ctrl_c_ends_with_a_sentence_that_says_how_to_go_on(seller: Seller) -> None:
    seller.write(carrier="bulk = { calls_a_minute = 60 }")
    with seller.at_call(1) as reached, seller.start() as process:
        assert reached.wait(SECONDS)
        priority = os.getpriority(os.PRIO_PROCESS, process.pid)
        process.send_signal(signal.SIGINT)
        _, errors = process.communicate(timeout=SECONDS)

    assert process.returncode == 2
    assert priority == max(10, os.getpriority(os.PRIO_PROCESS, 0))  # live quotes have the machine first
    assert errors.splitlines()[-1].startswith("Stopped. What was learnt is kept: give the same command again")
    assert "Traceback" not in errors


@pytest.mark.exhaustive
def test_credentials_that_are_not_accepted_end_it_with_the_doctor_as_the_remedy(seller: Seller) -> None:
    seller.simulator.statuses = [401] * 100
    done = seller.run()

    assert done.returncode == 2
    assert "portes doctor STORE lanes" in done.stderr


@pytest.mark.exhaustive
def test_busy_hours_are_told_and_ctrl_c_ends_the_wait(seller: Seller) -> None:
    seller.write(carrier=f"bulk = {{ {busy_now()} }}")
    with seller.start() as process:
        assert process.stderr is not None
        told = process.stderr.readline()
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=SECONDS)

    assert told.startswith("lanes is busy: on at ")
    assert "--now" in told
    assert seller.simulator.calls == 0


@pytest.mark.exhaustive
def test_now_asks_in_busy_hours_too(seller: Seller) -> None:
    seller.write(carrier=f"bulk = {{ calls_a_minute = 100000, {busy_now()} }}")

    assert seller.run(*FLAGS, "--now").returncode == 0


@pytest.mark.exhaustive
def test_lanes_that_nobody_could_find_out_are_an_exit_code_of_their_own(seller: Seller) -> None:
    seller.simulator.price = lambda asked: (
        {"failed": "incomplete"} if asked["grams"] > 1_000 else {"cents": 900, "days": 1}
    )
    done = seller.run()

    assert done.returncode == 1
    assert "lanes incomplete" in done.stdout


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (("--density", "a lot"), "--density"),
        (("--density", "0"), "is no number from 1 to 30000"),
        (("--density", "200", "--value", "-5.00"), "--value"),
        (("--brackets", "0.0005"), "whole number of grams"),
        (("--max-age", "30"), "--max-age"),
        (("--regions", ","), "names nothing"),
        (("--for", "nobody"), "--for"),
    ],
)
def test_a_flag_that_makes_no_sense_is_told_by_its_name(tmp_path: Path, flags: tuple[str, ...], told: str) -> None:
    install_lane_carrier(tmp_path)
    (tmp_path / "portes.toml").write_text(
        STORE.format(url="http://127.0.0.1:9/", store="", more="", carrier="", settings="")
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(tmp_path)
        done = run("contingency", "build", tmp_path, "--for", "plain", *flags)

    assert done.exit_code == 2
    assert told in done.stderr


@pytest.mark.exhaustive
def test_a_store_that_tells_nothing_of_its_goods_is_told_what_to_write(seller: Seller) -> None:
    done = seller.run("--for", "plain")

    assert done.returncode == 2
    assert "--density: nobody knows how heavy the goods are" in done.stderr
