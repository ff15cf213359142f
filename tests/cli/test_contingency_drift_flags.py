"""Flags of `portes contingency drift`: each does what it says."""

import json
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from drifting import ALL, ENVIRON, ask, asked, table_text, write_shop
from terminal import Portes

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
