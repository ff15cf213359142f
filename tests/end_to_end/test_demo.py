"""`portes demo` as a newcomer sees it."""

import os
import re
import shutil
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from readme import PRINTED, shape
from rich.console import Console
from stage import on_loopback
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from portes.cli.demo_contingency import contingency_line
from portes.cli.demo_platforms import ask_platforms, platforms_store
from portes.cli.demo_spain import spanish_store
from portes.errors import SettingsError
from portes.registry import CHANNELS, Registry
from portes.simulators.serving import build_sandbox
from portes.simulators.simulation import simulation

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> "subprocess.CompletedProcess[str]":
    """What the demo does far away from the repository, on a terminal of 80 columns, where strangers' modules lie."""
    folder, current = tmp_path_factory.mktemp("elsewhere"), tmp_path_factory.mktemp("current")
    for name in ("multiprocessing", "portes", "uvicorn"):
        (current / f"{name}.py").write_text("raise RuntimeError('the current folder was imported from')")
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    environ = {**os.environ, "PATH": path, "TMPDIR": str(folder), "COLUMNS": "80", "HTTP_PROXY": "http://127.0.0.1:9"}
    done = subprocess.run(["portes", "demo"], cwd=current, env=environ, capture_output=True, text=True, check=False)
    assert list(folder.iterdir()) == []
    return done


def test_it_ends_well(seen: "subprocess.CompletedProcess[str]") -> None:
    assert (seen.returncode, seen.stderr) == (0, "")


def test_it_prints_what_the_readme_shows(seen: "subprocess.CompletedProcess[str]") -> None:
    assert shape(seen.stdout) == shape(PRINTED[0])


def test_it_shows_the_documented_question_and_the_answer(seen: "subprocess.CompletedProcess[str]") -> None:
    assert "/v1/demo-store/netshoes" in seen.stdout
    assert '"zipCode": "01512651",' in seen.stdout
    assert "200 OK in " in seen.stdout
    assert '"originWareHouseId": 1' in seen.stdout


def test_it_shows_an_offer_of_each_type_with_price_and_days(seen: "subprocess.CompletedProcess[str]") -> None:
    brazilian = seen.stdout.partition("A Spanish shop asks")[0]
    rows = [line.split() for line in brazilian.splitlines() if line.startswith(" sku-1234-01")]

    assert [(row[1], row[2], row[4]) for row in rows] == [
        ("NORMAL", "Example-Carrier", "R$"),
        ("EXPRESSA", "Correios", "R$"),
    ]


def test_it_says_what_it_checked(seen: "subprocess.CompletedProcess[str]") -> None:
    assert "✓ the answer keeps every rule of the page" in seen.stdout
    assert "✓ without credentials the answer is 401" in seen.stdout


@pytest.mark.parametrize("carrier", ["Correios", "Jamef"])
def test_it_says_which_carriers_it_simulates_and_asks(seen: "subprocess.CompletedProcess[str]", carrier: str) -> None:
    words = f"✓ {carrier} is simulated here, with invented prices, and was asked over HTTP"

    assert words in seen.stdout


def test_it_shows_one_quote_of_a_spanish_shop_with_tax_apart(seen: "subprocess.CompletedProcess[str]") -> None:
    spanish = seen.stdout.partition("A Spanish shop asks")[2]
    rows = [line.split()[:6] for line in spanish.splitlines() if line.startswith(" sku-1234-01")]

    assert "/v1/demo-store-es/quotes" in spanish
    assert rows == [
        ["sku-1234-01", "Correos", service, "0.00", "19.85", "EUR"] for service in ("S0132", "estandar-office")
    ]
    assert "public tariff 2023, sample, not your contract" in spanish


def test_it_does_without_the_spanish_shop_where_its_carrier_is_not_installed(tmp_path: Path) -> None:
    assert spanish_store(tmp_path, installed=["table", "correios-br"]) == []
    assert spanish_store(tmp_path, installed=["table", "correos-es"]) == [tmp_path / "demo-store-es"]


def test_it_says_of_every_other_platform_what_it_makes_of_the_answer(seen: "subprocess.CompletedProcess[str]") -> None:
    told = re.findall(
        r"^✓ ([\w-]+): [A-Z]+ 200 in \d+\.\d ms, \d+ options? from \d+\.\d\d BRL.*; 401 without credentials$",
        seen.stdout,
        re.MULTILINE,
    )
    built_in = {one.name for one in Registry().plugins(CHANNELS) if one.distribution == "portes"}

    assert sorted(told) == sorted(built_in - {"netshoes", "native"})


@pytest.mark.parametrize(
    ("status", "body", "faults"),
    [
        (200, {"rates": []}, ["is answered 200, of which its platform makes: not delivered", "the answer is 200, not"]),
        (500, {}, ["is answered 500, of which its platform makes: own fallback", "the answer is 500, not 401"]),
        (401, {"rates": []}, ["is answered 401, of which its platform makes: own fallback"]),
    ],
)
def test_a_platform_that_would_show_no_price_is_a_fault(
    tmp_path: Path, status: int, body: dict[str, object], faults: list[str]
) -> None:
    async def anything(_: Request) -> JSONResponse:
        return JSONResponse(body, status)

    store = platforms_store(tmp_path)
    (store / "portes.toml").write_text(re.sub(r"\[channels\.(?!shopify)[^[]+", "", (store / "portes.toml").read_text()))
    app = Starlette(routes=[Route("/{rest:path}", anything, methods=["POST"])])
    with on_loopback(app) as address:
        found = [*ask_platforms(Console(quiet=True), store, {"SHOPIFY_SECRET": "canary-4711-0815"}, address)]

    assert len(found) == len(faults)
    assert all(part in fault for part, fault in zip(faults, found, strict=True))


def test_it_prints_no_secret(seen: "subprocess.CompletedProcess[str]") -> None:
    assert "authorization: Basic ••••\n" in seen.stdout


def test_the_package_brings_the_one_copy_of_the_demo_store() -> None:
    shipped = ROOT / "core/src/portes/demo_stores/brazil"

    assert shipped.resolve() == (ROOT / "examples/demo-store").resolve()


def test_it_builds_a_small_contingency_table_and_shows_its_error_in_one_line(
    seen: "subprocess.CompletedProcess[str]",
) -> None:
    (told,) = re.findall(
        r"^\w\w and \w\w: \d+ rows from \d+ lanes; (\d+) of (\d+) live prices within 1 %, (\d+) cheaper$",
        seen.stdout,
        re.MULTILINE,
    )
    within, compared, cheaper = map(int, told)

    assert compared >= 300
    assert within >= compared * 95 // 100
    assert cheaper <= compared // 200


def test_the_table_asks_correios_and_leaves_jamef_s_one_login_a_minute_to_the_service(tmp_path: Path) -> None:
    store = Path(shutil.copytree(ROOT / "core/src/portes/demo_stores/brazil", tmp_path / "demo-store"))
    with simulation(store / "portes.toml") as simulated:
        written = (store / "portes.toml").read_text()
        secrets = dict.fromkeys(re.findall(r"\$\{(\w+)\}", written), "canary-4711-0815")
        # a Jamef that is asked all the same refuses the login, which ends the build at once
        next(each for each in simulated.carriers if each.name == "Jamef").simulator = build_sandbox(
            "jamef", ["wrong_password"]
        )
        with suppress(SettingsError):
            contingency_line(store, {**secrets, **simulated.environ})
    calls = {carrier.name: carrier.calls for carrier in simulated.carriers}

    assert (calls["Jamef"], calls["Correios"] > 0) == (0, True)
    assert [path.name for path in tmp_path.iterdir()] == ["demo-store"]
    assert (store / "portes.toml").read_text() == written
