"""A southern carrier's whole proposal behind real HTTP: zones, tiers, fees by place, least freight, ICMS by lane.

Three prices are those of others: the real transport document (401.35) and two derived by hand in advance (62.89 and
348.54). The rest was worked out by hand from the proposal's figures, every part cut to cents.
"""

import re
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import requests
from stage import AUTH, ENVIRON, browser, on_loopback
from terminal import run

from portes.hooks import Watchers
from portes.store import Opener, open_store
from portes.web.app import public_app
from portes.web.reload.store_loader import StoreLoader

STORE = Path(__file__).with_name("southern")
FLAT = (500, 400, 100)

# SKU, postal code, grams, millimetres, the parts of the cost in their order, and the cost
CASES = {
    "the_transport_document_to_parana": (
        ("document", "86010000", 165_000, (1464, 1221, 1000)),
        {
            "base": "86.60",
            "excess_weight": "222.74",
            "ad_valorem": "28.40",
            "risk_management": "8.99",
            "toll": "6.46",
            "tax": "48.16",
        },
        "401.35",
    ),
    "a_town_of_the_second_interior": (
        ("second", "89801000", 12_500, (500, 500, 200)),
        {"base": "38.49", "ad_valorem": "7.90", "risk_management": "2.50", "toll": "6.46", "tax": "7.54"},
        "62.89",
    ),
    "rio_de_janeiro_by_its_volume": (
        ("third", "20040020", 90_000, (1000, 1000, 600)),
        {
            "base": "173.22",
            "excess_weight": "34.64",
            "ad_valorem": "47.40",
            "risk_management": "45.00",
            "toll": "6.46",
            "tax": "41.82",
        },
        "348.54",
    ),
    "a_street_of_sao_paulo_with_restricted_traffic": (
        ("restricted", "04616003", 150_000, FLAT),
        {
            "base": "105.84",
            "excess_weight": "52.90",
            "ad_valorem": "15.80",
            "risk_management": "5.00",
            "toll": "6.46",
            "restricted_traffic": "85.19",
            "tax": "36.98",
        },
        "308.17",
    ),
    "a_zone_of_risk": (
        ("risky", "01526010", 8_000, FLAT),
        {
            "base": "44.24",
            "ad_valorem": "4.37",
            "risk_management": "1.55",
            "toll": "6.46",
            "risk": "64.70",
            "tax": "16.54",
        },
        "137.86",
    ),
    "goiania_by_the_second_metropolitan_table": (
        ("goias", "74003010", 120_000, FLAT),
        {
            "base": "149.34",
            "excess_weight": "29.90",
            "ad_valorem": "9.48",
            "risk_management": "3.00",
            "toll": "6.46",
            "administration": "5.66",
            "metropolitan": "33.04",
            "tax": "17.82",
        },
        "254.70",
    ),
    "curitiba_by_the_first_metropolitan_table": (
        ("metro", "80010000", 50_000, FLAT),
        {
            "base": "52.71",
            "ad_valorem": "6.32",
            "risk_management": "2.00",
            "toll": "6.46",
            "metropolitan": "4.54",
            "tax": "9.82",
        },
        "81.85",
    ),
    "a_town_that_is_hard_to_get_to": (
        ("access", "29600000", 15_000, FLAT),
        {
            "base": "105.84",
            "ad_valorem": "4.37",
            "risk_management": "3.00",
            "toll": "6.46",
            "hard_access": "21.58",
            "tax": "10.63",
        },
        "151.88",
    ),
    "the_north_with_its_toll_for_each_started_100_kg": (
        ("north", "66010000", 250_000, FLAT),
        {
            "base": "262.83",
            "excess_weight": "394.95",
            "ad_valorem": "8.63",
            "risk_management": "3.00",
            "toll": "25.89",
            "administration": "8.63",
            "tax": "52.98",
        },
        "756.91",
    ),
    "the_least_freight": (
        ("light", "88010000", 5_000, FLAT),
        {
            "base": "29.87",
            "ad_valorem": "4.37",
            "risk_management": "1.55",
            "toll": "6.46",
            "minimum": "2.75",
            "tax": "6.13",
        },
        "51.13",
    ),
}


class Shop:
    """The store, asked over HTTP."""

    def __init__(self, web: requests.Session, url: str, file: Path) -> None:
        self.file = file
        self._web, self._url = web, url

    def quote(self, sku: str, to: str, grams: int, millimetres: tuple[int, int, int]) -> Any:
        """The quote of one unit, as the native channel tells it."""
        size = dict(zip(("length", "width", "height"), millimetres, strict=True))
        line = {"sku": sku, "quantity": 1, "weight": grams, "size": size}
        asked = {"destination": {"country": "BR", "postal_code": to}, "lines": [line]}
        said = self._web.post(self._url, json=asked, headers={"Authorization": f"Bearer {AUTH[1]}"}).json()
        return said.get("quote", said)


@contextmanager
def opened(folder: Path) -> Iterator[Shop]:
    """A copy of the store under way; its receipts are written when it ends."""
    file = folder / "southern" / "portes.toml"
    shutil.copytree(STORE, file.parent, dirs_exist_ok=True)
    store = open_store(file, environ=ENVIRON)
    with browser() as web, on_loopback(public_app([store], Watchers())) as address:
        yield Shop(web, f"{address}/v1/southern/quotes", file)
    store.close()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with opened(tmp_path_factory.mktemp("shop")) as under_way:
        yield under_way


def amount(money: Any) -> str:
    return str(Decimal(money["minor"]).scaleb(-2))


@pytest.mark.parametrize(("asked", "parts", "cost"), CASES.values(), ids=CASES)
def test_a_price_is_that_of_the_paper_part_by_part(shop: Shop, asked: Any, parts: dict[str, str], cost: str) -> None:
    (offer,) = shop.quote(*asked)["lines"][0]["offers"]

    told = {part["name"]: amount(part["amount"]) for part in offer["rate"]["surcharges"]}
    assert list(told.items()) == list(parts.items())
    assert (amount(offer["rate"]["cost"]), str(sum(map(Decimal, told.values())))) == (cost, cost)


def test_above_seven_tonnes_nobody_knows_and_from_another_state_there_is_no_price(shop: Shop) -> None:
    on_request = shop.quote("second", "89801000", 7_000_001, FLAT)["lines"][0]
    away = shop.quote("away", "89801000", 5_000, FLAT)["lines"][0]

    assert [failed["failure"]["kind"] for failed in on_request["failures"]] == ["incomplete"]
    assert [refused["refusal"]["kind"] for refused in away["refusals"]] == ["not_served"]


def test_the_receipt_is_told_part_by_part_and_adds_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As `portes explain` prints it, in short and in full; each part stands in a line of its own."""
    asked, parts, cost = CASES["goiania_by_the_second_metropolitan_table"]
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)
    with opened(tmp_path) as shop:
        quote = shop.quote(*asked)

    short = run("explain", quote["id"], "--store", shop.file).stdout
    full = run("explain", quote["id"], "--store", shop.file, "--full").stdout

    told = re.findall(r"^ +(\d+\.\d\d) (\w+)$", short, re.MULTILINE)
    assert [(name, part) for part, name in told] == list(parts.items())
    assert f"cost {cost} BRL, from a table" in short
    assert sum(Decimal(part) for part, _ in told) == Decimal(cost)
    assert " + ".join(f"{name} {part}" for name, part in parts.items()) in full


@pytest.mark.parametrize("changed", ["metropolitan-goias.csv", "restriction-places.csv"])
def test_changed_fees_and_their_places_are_taken_up_and_broken_ones_are_not(tmp_path: Path, changed: str) -> None:
    """The fee to Goiânia rises by a real; the zone of restricted traffic grows by a street. Then the file breaks."""
    folder = tmp_path / "southern"
    shutil.copytree(STORE, folder)
    loader = StoreLoader([folder], Opener(environ=ENVIRON, watchers=Watchers()))
    with closing(loader):
        loader.load()
        (before,) = loader.stores
        file = folder / "tables" / changed
        file.write_text(
            file.read_text().replace(";33,04", ";34,04") + "ZR-SP;01001000;01001000\n" * ("places" in changed)
        )
        loader.load()
        (after,) = loader.stores
        file.write_text("nothing;of the kind\n1;2\n")
        loader.load()
        (kept,), (looked,) = loader.stores, loader.files.values()

    assert before.versions != after.versions
    assert kept is after
    assert looked.refused is not None
    assert {Path(problem.file).name for problem in looked.refused.problems} >= {changed}
