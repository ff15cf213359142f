"""Jamef behind real HTTP, on its simulator: alone, beside a rate table and Correios, and with two workers."""

import json
import re
import shutil
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import requests
from stage import AUTH, ENVIRON, browser, on_loopback, question, service
from terminal import run

from portes.channels.netshoes import check_reply
from portes.hooks import Watchers
from portes.simulators.serving import build_sandbox, serving
from portes.store import open_store
from portes.web.app import public_app

TABLES = Path(__file__).parents[2] / "examples" / "demo-store" / "tables"
CATALOGUE = "sku,declared_value,origins,handling_days,tags\nsku-1,129.90,,0,\nbike,2890.00,,0,\nnameless,,,0,\n"
STORE = """
[store]
country = "BR"
currency = "BRL"
timezone = "America/Sao_Paulo"
calendar = "BR-SP"
catalogue = "catalogue.csv"
{service}
[[origins]]
id = 1
postal_code = "01001000"
{carriers}
{rules}
[channels.netshoes]
auth = {{ kind = "basic", username = "netshoes", password = "${{SECRET}}" }}
limit = "30s"
[channels.native]
keys = "${{SECRET}}"
"""
TABLE = """
[carriers.table]
use = "table"
id = 1
name = "Table"
settings = { file = "tables/example-carrier.csv", cubic_factor = 300 }
services = [{ code = "economy", delivery = "normal" }, { code = "express", delivery = "express" }]
"""
CORREIOS = """
[carriers.correios]
use = "correios-br"
id = 2
name = "Correios"
timeout = "20s"
settings = {{ user = "u", access_code = "${{SECRET}}", posting_card = "0012345678", base_url = "{url}" }}
services = [{{ code = "03298", delivery = "normal" }}, {{ code = "03220", delivery = "express" }}]
"""
JAMEF = """
[carriers.jamef]
use = "jamef"
id = 3
name = "Jamef"
timeout = "20s"
[carriers.jamef.settings]
user = "integracao@example.com"
password = "${{SECRET}}"
payer = "11222333000181"
branch = "07"
base_url = "{url}"
{more}
[[carriers.jamef.services]]
code = "1"
delivery = "normal"
[[carriers.jamef.services]]
code = "2"
delivery = "express"
"""
CHEAPEST = '[[rules]]\nuse = "cheapest"'


@dataclass
class Counting:
    """A simulator, its calls counted by path."""

    name: str
    moods: tuple[str, ...] = ()
    calls: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._application = build_sandbox(self.name, self.moods)

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        self.calls.append(environ["PATH_INFO"])
        return self._application(environ, start_response)


@dataclass
class Shop:
    """A store that is asked over HTTP."""

    url: str
    web: requests.Session

    def netshoes(self, *products: Mapping[str, Any], to: str = "20040020") -> requests.Response:
        """What the marketplace is answered."""
        asked = question(*(products or ({"skuCode": "sku-1"},)), zip_code=to)
        return self.web.post(f"{self.url}/netshoes", json=asked, auth=AUTH)

    def options(self, *products: Mapping[str, Any], to: str = "20040020") -> list[dict[str, tuple[str, int]]]:
        """Carrier and price in cents by freight type, line by line."""
        answer = self.netshoes(*products, to=to)
        assert (answer.status_code, check_reply(answer.json())) == (200, [])
        return [
            {each["freightType"]: (each["carrierName"], each["priceInCents"]) for each in line["deliveryOptions"]}
            for line in answer.json()["shippingQuotes"]
        ]

    def native(self, sku: str, grams: int, millimetres: tuple[int, int, int]) -> Any:
        """The only line of the quote that a host of one's own gets."""
        size = dict(zip(("length", "width", "height"), millimetres, strict=True))
        line = {"sku": sku, "quantity": 1, "weight": grams, "size": size}
        asked = {"destination": {"country": "BR", "postal_code": "20040020"}, "lines": [line]}
        headers = {"Authorization": f"Bearer {AUTH[1]}"}
        quote = self.web.post(f"{self.url}/quotes", json=asked, headers=headers).json()
        return quote.get("quote", quote)["lines"][0]


def write(folder: Path, *carriers: str, rules: str = CHEAPEST, state: str = "") -> Path:
    """The store in a folder, with its table and its catalogue."""
    shutil.copytree(TABLES, folder / "tables", dirs_exist_ok=True)
    (folder / "catalogue.csv").write_text(CATALOGUE)
    service = f'[service]\nstate = "{state}"' if state else ""
    file = folder / "portes.toml"
    file.write_text(STORE.format(carriers="\n".join(carriers), rules=rules, service=service))
    return file


@pytest.fixture
def simulated() -> Iterator[Callable[..., tuple[str, Counting]]]:
    """Serve a simulator in some moods until the test ends: its address, and what it was asked."""
    with ExitStack() as stack:

        def start(name: str, *moods: str) -> tuple[str, Counting]:
            counting = Counting(name, moods)
            return f"http://127.0.0.1:{stack.enter_context(serving(counting))}", counting

        yield start


@contextmanager
def opened(file: Path) -> Iterator[Shop]:
    with browser() as web, on_loopback(public_app([open_store(file, environ=ENVIRON)], Watchers())) as address:
        yield Shop(f"{address}/v1/{file.parent.name}", web)


Simulated = Callable[..., tuple[str, Counting]]


def jamef(url: str, **more: str) -> str:
    return JAMEF.format(url=url, more="\n".join(f'{key} = "{value}"' for key, value in more.items()))


def test_the_cheapest_of_table_correios_and_jamef_answers_for_each_type(simulated: Simulated, tmp_path: Path) -> None:
    urls = {name: simulated(name)[0] for name in ("correios-br", "jamef")}
    carriers = (TABLE, CORREIOS.format(url=urls["correios-br"]), jamef(urls["jamef"]))
    with opened(write(tmp_path, *carriers, rules="")) as shop:
        offers = shop.native("bike", 14_000, (900, 500, 200))["offers"]
    prices: dict[str, dict[str, int]] = {"normal": {}, "express": {}}
    for offer in offers:
        prices[offer["delivery"]][offer["carrier_name"]] = offer["price"]["minor"]

    with opened(write(tmp_path / "again", *carriers)) as shop:
        bike = {"skuCode": "bike", "weight": 14.0, "length": 90.0, "width": 50.0, "height": 20.0}
        (options,) = shop.options(bike)

    assert [set(named) for named in prices.values()] == [{"Table", "Correios", "Jamef"}] * 2
    assert options == {
        freight: min(prices[kind].items(), key=lambda named: named[1])
        for freight, kind in (("NORMAL", "normal"), ("EXPRESSA", "express"))
    }


@pytest.mark.parametrize("mood", ["down", "html", "throttled", "wrong_password", "payer_unknown", "dateless"])
def test_while_jamef_is_in_trouble_the_table_answers(simulated: Simulated, tmp_path: Path, mood: str) -> None:
    with opened(write(tmp_path, TABLE, jamef(simulated("jamef", mood)[0]))) as shop:
        (options,) = shop.options()

    assert {freight: carrier for freight, (carrier, _) in options.items()} == {"NORMAL": "Table", "EXPRESSA": "Table"}


def test_jamef_alone_and_in_trouble_means_that_nobody_knows(simulated: Simulated, tmp_path: Path) -> None:
    with opened(write(tmp_path, jamef(simulated("jamef", "down")[0]))) as shop:
        assert shop.netshoes().status_code == 503


def test_a_sku_without_a_declared_value_means_that_nobody_knows_and_says_what_to_do(
    simulated: Simulated, tmp_path: Path
) -> None:
    url, counting = simulated("jamef")
    with opened(write(tmp_path, jamef(url))) as shop:
        assert shop.netshoes({"skuCode": "nameless"}).status_code == 503
        line = shop.native("nameless", 500, (250, 100, 100))

    assert {failed["failure"]["kind"] for failed in line["failures"]} == {"incomplete"}
    assert all("the store's catalogue" in failed["failure"]["hint"] for failed in line["failures"])
    assert counting.calls == []


def test_a_lane_without_an_offer_is_unknown_until_the_settings_say_that_it_is_not_served(
    simulated: Simulated, tmp_path: Path
) -> None:
    far = "69930000"
    with opened(write(tmp_path, jamef(simulated("jamef")[0]))) as shop:
        assert shop.netshoes(to=far).status_code == 503
    with opened(write(tmp_path / "sure", jamef(simulated("jamef")[0], unserved="not_served"))) as shop:
        assert shop.options(to=far) == []


def test_a_rate_tells_the_host_jamefs_id_of_the_call(simulated: Simulated, tmp_path: Path) -> None:
    with opened(write(tmp_path, jamef(simulated("jamef")[0]))) as shop:
        offers = shop.native("sku-1", 500, (250, 100, 100))["offers"]

    notes = [{note["kind"]: note["text"] for note in offer["rate"]["notes"]} for offer in offers]
    assert [len(each["correlation_id"]) for each in notes] == [36, 36]


@pytest.mark.exhaustive  # by day two processes of a test of the plugin make one login
def test_two_workers_of_one_service_started_cold_make_one_login(simulated: Simulated, tmp_path: Path) -> None:
    """Many questions at once, each over a connection of its own, so that both workers get some."""
    url, counting = simulated("jamef")
    file = write(tmp_path / "shop", jamef(url), state="state")
    with service([file, "--workers", "2"], tmp_path / "log") as running, browser() as web:
        address = f"{running.public}/v1/shop/netshoes"
        web.headers["Connection"] = "close"

        def ask(number: int) -> int:
            asked = question({"skuCode": "sku-1"}, zip_code=f"200400{number:02}")
            return web.post(address, json=asked, auth=AUTH).status_code

        with ThreadPoolExecutor(12) as pool:
            statuses = [*pool.map(ask, range(24))]

    assert statuses == [200] * 24
    assert counting.calls.count("/auth/v1/login") == 1


def test_the_doctor_of_the_command_line_climbs_to_a_price_in_portuguese(simulated: Simulated, tmp_path: Path) -> None:
    file = write(tmp_path, TABLE, jamef(simulated("jamef")[0]), state="state")

    sound = run("doctor", file, "jamef", "--language", "pt")
    unknown = write(tmp_path / "b", jamef(simulated("jamef", "payer_unknown")[0]), state="state")
    broken = run("doctor", unknown, "jamef", "--json")

    assert sound.exit_code == 0
    assert "da origem 1 (01001000), filial 07: veio um preço" in " ".join(sound.stdout.split())
    assert broken.exit_code == 2
    causes = [finding["cause"]["en"] for finding in json.loads(broken.stdout)["carriers"][0]["findings"]]
    assert any("finds no contract for the payer" in cause for cause in causes)


@pytest.mark.parametrize("mood", ["created", pytest.param("payer_unknown", marks=pytest.mark.exhaustive)])
def test_the_receipt_of_a_quote_names_jamefs_id_of_each_call(simulated: Simulated, tmp_path: Path, mood: str) -> None:
    file = write(tmp_path, TABLE, jamef(simulated("jamef", mood)[0]), state="state")
    item = "sku-1:1:0.5kg:10x10x25cm"

    quote = json.loads(run("quote", "--store", file, "--to", "20040020", "--item", item, "--json").stdout)
    told = run("explain", quote["id"], "--store", file, "--json").stdout

    (answer,) = [one["raw"] for one in json.loads(told)["answers"] if one["carrier"] == "jamef"]
    texts = [json.dumps(part) for part in (*answer["rates"], *answer["failures"])]
    assert len(texts) == 2
    assert all(re.search(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text) for text in texts)
