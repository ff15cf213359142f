"""A build beside the running service of the same store: what they share in the state folder, and what they do not."""

import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication

import pytest
from stage import AUTH, ENVIRON, browser, question, service

from portes.contingency.build import build_table
from portes.contingency.goods import Goods
from portes.contingency.goods_sources import GoodsWishes
from portes.contingency.order import BuildOrder
from portes.contingency.pace import StoppableClock
from portes.contingency.portals import find_portal
from portes.contingency.recipe import Wishes, recipe_of
from portes.contingency.regions import regions_of_states
from portes.contract import Verdict
from portes.receipts.database import FILE_NAME, ReceiptDatabase
from portes.simulators.serving import HOST, build_sandbox, serving
from portes.store import open_store

PORTES = (sys.executable, "-P", "-c", "from portes.cli import main; main()")
FLAGS = (
    "--for",
    "plain",
    "--regions",
    "SP",
    "--brackets",
    "1,5",
    "--density",
    "200",
    "--value",
    "100.00",
    "--calls",
    "40",
)
SECONDS = 60.0
STORE = """
[service]
state = "state"
[store]
name = "shop"
country = "BR"
currency = "BRL"
timezone = "America/Sao_Paulo"
calendar = "BR-SP"
catalogue = "catalogue.csv"
[[origins]]
id = 1
postal_code = "01001000"
[carriers.jamef]
use = "jamef"
id = 3
timeout = "20s"
bulk = {{ calls_a_minute = 100000 }}
settings = {{ user = "u", password = "${{SECRET}}", payer = "11.222.333/0001-81", branch = "07", base_url = "{url}" }}
services = [{{ code = "1", delivery = "normal" }}]
[channels.netshoes]
auth = {{ kind = "basic", username = "netshoes", password = "${{SECRET}}" }}
limit = "30s"
"""


class Counted:
    """A simulator, and how often each of its paths was called."""

    def __init__(self, simulator: WSGIApplication) -> None:
        self.calls: Counter[str] = Counter()
        self._simulator = simulator

    def __call__(self, environ: dict[str, Any], start: StartResponse) -> Iterable[bytes]:
        self.calls[environ["PATH_INFO"]] += 1
        return self._simulator(environ, start)

    @property
    def logins(self) -> int:
        """Calls for a token."""
        return sum(count for path, count in self.calls.items() if path.endswith("login"))


@dataclass(frozen=True)
class Told:
    """What came of a build beside a service that went on answering."""

    simulator: Counted
    build: "subprocess.CompletedProcess[str]"
    statuses: Sequence[int]
    """Of the marketplace's questions, those put while the build was under way among them."""
    during: int
    """How many were put while it was."""
    receipts: Sequence[bytes]


def write(folder: Path, port: int) -> None:
    (folder / "portes.toml").write_text(STORE.format(url=f"http://{HOST}:{port}"))
    (folder / "catalogue.csv").write_text("sku,declared_value\nsku-1,129.90\n")


def started(store: Path, *flags: str) -> "subprocess.Popen[str]":
    environ = {**os.environ, **ENVIRON, "PYTHONDONTWRITEBYTECODE": "1"}
    command = [*PORTES, "contingency", "build", str(store), *FLAGS, *flags]
    return subprocess.Popen(command, env=environ, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Told:
    folder = tmp_path_factory.mktemp("shop")
    simulator, statuses = Counted(build_sandbox("jamef", ())), []
    with serving(simulator) as port:
        write(folder, port)
        with service([folder], folder / "log") as running, browser() as session:

            def ask() -> None:
                reply = session.post(f"{running.public}/v1/shop/netshoes", json=question(), auth=AUTH)
                statuses.append(reply.status_code)

            ask()
            with started(folder) as process:
                while process.poll() is None:
                    ask()
                    time.sleep(0.05)
                output, errors = process.communicate(timeout=SECONDS)
            during = len(statuses) - 1
            ask()
    with closing(ReceiptDatabase(folder / "state" / FILE_NAME)) as database:
        receipts = [*database.lines("shop", 0, int(time.time() * 1000) + 60_000)]
    build = subprocess.CompletedProcess(process.args, process.returncode, output, errors)
    return Told(simulator, build, statuses, during, receipts)


def test_a_build_takes_the_token_that_the_store_has_where_a_login_a_minute_is_allowed(tmp_path: Path) -> None:
    simulator = Counted(build_sandbox("jamef", ()))
    order = BuildOrder(
        find_portal("plain"),
        "tester",
        goods=GoodsWishes(200_000, 10_000),
        borders=(1_000, 5_000),
        regions=regions_of_states("BR", ["SP"]),
        most_calls=12,
    )
    with serving(simulator) as port:
        write(tmp_path, port)
        with open_store(tmp_path, environ=ENVIRON) as live:
            answer = live.quote(recipe_of(live, Goods(200_000, 10_000), Wishes()).request("01512651", 1_000))
            with open_store(tmp_path, environ=ENVIRON) as building:
                built = build_table(building, order, StoppableClock())

    assert answer.verdict is Verdict.SERVED
    assert built.report["cells"]["unknown"] == 0
    assert simulator.logins == 1


@pytest.mark.exhaustive
def test_a_build_uses_the_token_of_the_running_service_where_a_login_a_minute_is_allowed(told: Told) -> None:
    assert told.build.returncode == 0, told.build.stdout + told.build.stderr
    assert "Not found out" not in told.build.stdout
    assert told.simulator.logins == 1


@pytest.mark.exhaustive
def test_a_build_takes_no_receipt_from_the_service_beside_it_and_leaves_none(told: Told) -> None:
    assert told.during > 0
    assert set(told.statuses) == {200}
    assert len(told.receipts) == len(told.statuses)
