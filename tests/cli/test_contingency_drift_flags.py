"""Flags of `portes contingency drift`: each does what it says."""

import json
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from itertools import count
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

import pytest
from bulk_shop import STORE, HandWoundClock
from drifting import ALL, ENVIRON, ask, asked, table_text, write_shop
from lane_carrier import LaneSimulator, install_lane_carrier
from terminal import Portes

from portes.cli.render import progress
from portes.contingency import pace
from portes.simulators.serving import HOST, serving

DAY = 86_400


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with four receipts, and a table that is 1.5 % too cheap."""
    folder = tmp_path_factory.mktemp("flags") / "shop"
    folder.mkdir()
    write_shop(folder, [("normal", *ALL, 0, 30_000, "20,00")])
    ask(folder, *[asked(to="01310100")] * 3, asked(to="20040002"))
    (folder / "uploaded.csv").write_text(table_text([("normal", *ALL, 0, 30_000, "19,70")]))
    return folder


def report(portes: Portes, shop: Path, *flags: str) -> Mapping[str, Any]:
    told = portes("contingency", "drift", shop, "--file", shop / "uploaded.csv", "--json", *flags)
    found: Mapping[str, Any] = json.loads(told.stdout)
    return found


@pytest.mark.parametrize(("flags", "cheaper"), [((), 4), (("--tolerance", "2"), 0), (("--tolerance", "1.5"), 0)])
def test_the_tolerance_is_that_of_the_flag_and_one_percent_without(
    portes: Portes, shop: Path, flags: tuple[str, ...], cheaper: int
) -> None:
    assert report(portes, shop, *flags)["against_receipts"]["total"]["cheaper"] == cheaper


@pytest.mark.parametrize(("flags", "days"), [((), 7), (("--days", "3"), 3)])
def test_receipts_are_read_back_to_so_many_days(portes: Portes, shop: Path, flags: tuple[str, ...], days: int) -> None:
    told = portes("contingency", "drift", shop, "--file", shop / "uploaded.csv", *flags).stdout

    assert f"held against 4 receipts of {days} days." in told


def test_so_many_questions_are_asked_again_as_the_flag_says(portes: Portes, shop: Path) -> None:
    assert report(portes, shop, "--fresh", "3")["against_fresh"]["total"]["compared"] == 3


def test_a_threshold_that_is_passed_is_an_exit_code_of_1_in_json_too(portes: Portes, shop: Path) -> None:
    flags = ("--file", shop / "uploaded.csv", "--json", "--most-cheaper", "0")

    told = portes("contingency", "drift", shop, *flags)

    assert told.exit_code == 1
    assert json.loads(told.stdout)["over"] == ["by receipts, 100 % of the lanes are too cheap, above 0 %"]


@pytest.fixture
def admin() -> Iterator[str]:
    """A service's admin address, whose history covers a day and a month."""
    windows = [
        {"name": name, "seconds": seconds, "answers": answers, "discarded": {"late": late}}
        for name, seconds, answers, late in (("24h", DAY, 100, 10), ("30d", 30 * DAY, 1000, 50))
    ]
    page = json.dumps({"channels": [{"store": "shop", "channel": "netshoes", "windows": windows}]}).encode()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(page)))
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("days", "answers", "taken"), [("1", 100, 10), ("7", 1000, 50)])
def test_a_running_service_says_how_much_was_taken_from_the_table(
    portes: Portes, shop: Path, admin: str, days: str, answers: int, taken: int
) -> None:
    told = report(portes, shop, "--admin", admin, "--days", days)

    assert told["taken_from"] == "service"
    assert [(one["channel"], one["answers"], one["taken"]) for one in told["taken"]] == [("netshoes", answers, taken)]


def test_only_what_the_named_channel_asked_is_compared(portes: Portes, tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    file = write_shop(folder, [("normal", *ALL, 0, 30_000, "20,00")])
    ask(file, asked(), asked(channel="other"))
    (folder / "uploaded.csv").write_text(table_text([("normal", *ALL, 0, 30_000, "20,00")]))

    both, one = (report(portes, folder, *flags)["against_receipts"] for flags in ((), ("--channel", "netshoes")))

    assert (both["total"]["compared"], both["left_out"]) == (2, {})
    assert (one["total"]["compared"], one["left_out"]) == (1, {"asked by another channel": 1})


@pytest.mark.parametrize("named", [("pac=normal", "sedex=normal"), ("pac=normal", "pac=express")])
def test_a_service_or_a_delivery_type_that_is_named_twice_is_refused(
    portes: Portes, shop: Path, named: tuple[str, str]
) -> None:
    flags = [part for one in named for part in ("--service", one)]

    told = portes("contingency", "drift", shop, "--file", shop / "uploaded.csv", *flags)

    assert told.exit_code == 2
    assert f"{named[1]} is no NAME=TYPE of its own" in told.stderr


def test_the_share_of_the_questions_that_were_answered_is_shown(
    portes: Portes, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticks = count(step=100)
    monkeypatch.setattr(progress, "time", SimpleNamespace(monotonic=lambda: float(next(ticks))))

    told = portes("contingency", "drift", shop, "--file", shop / "uploaded.csv", "--fresh", "4")

    assert [line for line in told.stderr.splitlines() if line.startswith("questions")] == [
        "questions: 25 %",
        "questions: 50 %",
        "questions: 75 %",
    ]


class WoundByHand(HandWoundClock):
    """A clock for a command, at midnight in São Paulo, whose waits cost nothing."""

    def stop(self) -> None:
        """Wake nobody: nobody waits."""


@pytest.mark.parametrize(("flags", "hours"), [((), 6), (("--now",), 0)])
def test_questions_wait_for_the_end_of_busy_hours_unless_they_are_to_be_asked_now(
    portes: Portes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flags: tuple[str, ...], hours: int
) -> None:
    folder, clock = tmp_path / "shop", WoundByHand()
    folder.mkdir()
    install_lane_carrier(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(pace, "StoppableClock", lambda: clock)
    (folder / "uploaded.csv").write_text(table_text([("normal", *ALL, 0, 30_000, "20,00")]))
    with serving(LaneSimulator()) as port:
        bulk = 'bulk = { calls_a_minute = 60, busy = ["00:00-06:00"] }'
        text = STORE.format(url=f"http://{HOST}:{port}/", carrier=bulk, store="", settings="", more="")
        (folder / "portes.toml").write_text(text)

        told = portes("contingency", "drift", folder, "--file", folder / "uploaded.csv", "--fresh", "2", *flags)

    assert told.exit_code == 0
    assert int(clock.seconds // 3600) == hours
    assert [line for line in told.stderr.splitlines() if "busy" in line] == [
        "lanes is busy: on at 06:00 (--now asks all the same)"
    ] * bool(hours)
