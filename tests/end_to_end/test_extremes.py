"""The largest and smallest that can be asked, through doors, packers, tables and carriers into a receipt and back."""

import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keeping import found

from portes.channels.protocol import ChannelRequest, request_in
from portes.contract import FailureKind, Quote, QuoteRequest
from portes.receipts.replay import replay_difference
from portes.simulators.serving import build_sandbox, serving
from portes.store import Store, open_store

FEW: Final = settings(max_examples=max(3, settings().max_examples // 10))
"""A cart of two hundred lines costs as much as many of other tests' examples."""
UNITS, SIDE, GRAMS, VALUE = 100_000, 30_000, 100_000_000, 10_000_000_000
PLAIN = "postal_from,postal_to,weight_from_g,weight_to_g,price,days_max,price_per_extra_kg,percent_of_value,minimum\n"
VTEX = (
    "ZipCodeStart,ZipCodeEnd,PolygonName,WeightStart,WeightEnd,AbsoluteMoneyCost,PricePercent,PriceByExtraWeight,"
    "MaxVolume,TimeCost,Country,MinimumValueInsurance\n"
)
STORE = """
[service]
state = "state"
[store]
name = "shop"
country = "BR"
currency = "BRL"
timezone = "America/Sao_Paulo"
calendar = "BR-SP"
lines = "{lines}"
max_units = 100000
allow_zero_measures = true
cubic_divisor = 1
catalogue = "catalogue.csv"
[[origins]]
id = 2147483647
postal_code = "01001000"
handling_days = 365
[channels.native]
keys = "${{SECRET}}"
[channels.netshoes]
auth = {{ kind = "basic", username = "n", password = "${{SECRET}}" }}
[[rules]]
use = "markup"
percent = 1000
fixed = "10000000000.00"
"""
TABLE = """
[carriers.{name}]
use = "table"
id = {number}
packer = "{packer}"
settings = {{ file = "{file}", format = "{format}", price_each = "{each}", extra_percent = 1000, {cubic} }}
services = [{{ code = "{name}", delivery = "normal", extra_days = 365, extra_cost = "100000000.00" }}]
"""
FAR = """
[carriers.correios]
use = "correios-br"
id = 2
timeout = "60s"
settings = {{ user = "u", access_code = "${{SECRET}}", posting_card = "0012345678", base_url = "{correios}" }}
services = [{{ code = "03298", delivery = "normal", declare_value = true }}]
[carriers.jamef]
use = "jamef"
id = 3
timeout = "60s"
settings = {{ user = "u", password = "${{SECRET}}", payer = "11222333000181", branch = "07", base_url = "{jamef}" }}
services = [{{ code = "1", delivery = "express" }}]
"""
SPAIN = """
[service]
state = "state"
[store]
name = "shop"
country = "ES"
currency = "EUR"
timezone = "Europe/Madrid"
calendar = "ES-CN"
lines = "together"
max_units = 100000
allow_zero_measures = true
[[origins]]
id = 1
postal_code = "35001"
[carriers.correos]
use = "correos-es"
id = 1
packer = "volume"
services = [{ code = "S0132", delivery = "normal" }]
[carriers.correos.settings]
sample_tariff = "canarias-2023"
pickup_points = false
cubic_divisor = 1
max_weight_kg = "100000.000"
max_parcels = 1000
max_longest_side_mm = 2000000
max_sides_sum_mm = 2000000
oversize_percent = "1000"
oversize_twice_percent = "1000"
fuel_percent = "1000"
igic_percent = "1000"
[channels.native]
keys = "${SECRET}"
"""


def tables() -> str:
    """Every way to price by a table: each format, whole shipments and parcels, factors and divisors, each packer."""
    cubic = {"plain": "cubic_factor = 100000", "vtex": "cubic_divisor = 1"}
    ways = product(cubic, ("shipment", "parcel"), ("single", "volume"))
    return "".join(
        TABLE.format(
            name="-".join(way), number=2**31 - number, packer=way[2], file=f"{way[0]}.csv", format=way[0], each=way[1],
            cubic=cubic[way[0]],
        )
        for number, way in enumerate(ways, start=1)
    )  # fmt: skip


@dataclass
class Stage:
    """An open store, and every quote that it made."""

    store: Store
    quotes: list[Quote] = field(default_factory=list)

    def ask(self, door: str, lines: list[dict[str, Any]]) -> None:
        """Ask through a door: a channel's own JSON, or the library's nouns; the answer is said in the door's words."""
        request = self.read(door, lines)
        quote = self.store.quote(request)
        self.quotes.append(quote)
        kinds = {failed.failure.kind for line in quote.lines for failed in line.failures}
        assert kinds <= {FailureKind.INCOMPLETE, FailureKind.GARBLED, FailureKind.REJECTED_REQUEST}
        channel = self.store.channels.get(door)
        if channel is not None:
            reply = channel.write(quote, request)
            assert not reply.alarm
            assert isinstance(json.loads(reply.body), dict)
            self.store.replied(quote.id, reply, 0.0)

    def read(self, door: str, lines: list[dict[str, Any]]) -> QuoteRequest:
        store = self.store.settings.store
        place = {"country": store.country, "postal_code": {"BR": "20040020", "ES": "35500"}[store.country]}
        if door == "library":
            return QuoteRequest.model_validate(
                {
                    "channel": "library",
                    "store": "shop",
                    "destination": place,
                    "currency": store.currency,
                    "lines": lines,
                }
            )
        body = {"destination": place, "lines": lines} if door == "native" else netshoes(lines)
        return request_in(self.store.channels[door].read(ChannelRequest("POST", "/", body=json.dumps(body).encode())))


def netshoes(lines: list[dict[str, Any]]) -> dict[str, Any]:
    products = [
        {
            "skuCode": line["sku"],
            "quantity": line["quantity"],
            "weight": line["weight"] / 1000,
            **{side: length / 10 for side, length in line["size"].items()},
            "preSale": True,
        }
        for line in lines
    ]
    return {"zipCode": "20040020", "catalogCode": "C", "products": products}


def edges(most: int) -> st.SearchStrategy[int]:
    return st.sampled_from([0, 1, most - 1, most])


@st.composite
def carts(draw: st.DrawFn, currency: str = "BRL") -> list[dict[str, Any]]:
    """From one line to two hundred, of the smallest and the largest measures, up to the most units."""
    count = draw(st.sampled_from([1, 2, 200]))
    sides = st.fixed_dictionaries({side: edges(SIDE) for side in ("length", "width", "height")})
    values = st.none() | edges(VALUE).map(lambda minor: {"minor": minor, "currency": currency})
    kinds = [
        {"weight": draw(edges(GRAMS)), "size": draw(sides), "declared_value": draw(values)}
        for _ in range(min(count, 3))
    ]
    quantity = draw(st.sampled_from([1, UNITS // count]))
    skus = draw(st.sampled_from([["dear"], ["a", "s" * 200]]))
    return [
        {"sku": skus[number % len(skus)], "quantity": quantity, **kinds[number % len(kinds)]} for number in range(count)
    ]


@contextmanager
def staged(folder: Path, text: str) -> Iterator[Stage]:
    """A store of the steepest tariffs that a check lets pass; afterwards every receipt must be what was answered."""
    steep = "40000000.00,999,40000000.00,1000"
    (folder / "plain.csv").write_text(f"{PLAIN}01000000,99999999,0,1000,{steep},40000000.00\n")
    (folder / "vtex.csv").write_text(
        f"{VTEX}01000000,99999999,,0,1000,40000000.00,1000%,40000.00,4000000000000000,999.00:00:00,BRA,40000000\n"
    )
    (folder / "catalogue.csv").write_text("sku,declared_value,handling_days\ndear,100000000.00,365\n")
    (folder / "portes.toml").write_text(text)
    with open_store(folder, environ={"SECRET": "canary-of-all-4711"}) as store:
        stage = Stage(store)
        yield stage
    for quote in stage.quotes:
        (receipt,) = found(folder / "state" / "receipts.sqlite", quote.id)
        assert receipt.quote == quote
        assert replay_difference(receipt, store.quoter.policy) is None


@pytest.mark.parametrize("lines", [pytest.param("each", marks=pytest.mark.exhaustive), "together"])
def test_extremes_go_through_every_door_packer_and_table_into_a_receipt_and_back(tmp_path: Path, lines: str) -> None:
    with staged(tmp_path, STORE.format(lines=lines) + tables()) as stage:

        @FEW
        @given(st.sampled_from(["library", "native", "netshoes"]), carts())
        def asked(door: str, cart: list[dict[str, Any]]) -> None:
            stage.ask(door, cart)

        asked()


def test_a_table_that_comes_to_more_than_any_shipment_costs_is_garbled_and_says_what_to_look_for(
    tmp_path: Path,
) -> None:
    with staged(tmp_path, STORE.format(lines="each") + tables()) as stage:
        size = dict.fromkeys(("length", "width", "height"), SIDE)
        stage.ask("native", [{"sku": "dear", "quantity": UNITS, "weight": GRAMS, "size": size}])

    failures = {failed.carrier: failed.failure for failed in stage.quotes[0].lines[0].failures}
    assert failures["plain-parcel-single"].kind is FailureKind.GARBLED
    assert "look for a price, rate or factor that is too large" in failures["plain-parcel-single"].hint


def test_carriers_are_asked_about_extremes_in_numbers_that_they_take(tmp_path: Path) -> None:
    with ExitStack() as far:
        ports = {use: far.enter_context(serving(build_sandbox(use, ()))) for use in ("correios-br", "jamef")}
        correios, jamef = (f"http://127.0.0.1:{port}" for port in ports.values())
        text = STORE.format(lines="together") + FAR.format(correios=correios, jamef=jamef)
        stage = far.enter_context(staged(tmp_path, text))

        @FEW
        @given(carts())
        def asked(cart: list[dict[str, Any]]) -> None:
            stage.ask("library", cart)

        asked()


def test_a_tariff_with_the_steepest_surcharges_prices_extremes(tmp_path: Path) -> None:
    with staged(tmp_path, SPAIN) as stage:

        @FEW
        @given(st.sampled_from(["library", "native"]), carts("EUR"))
        def asked(door: str, cart: list[dict[str, Any]]) -> None:
            stage.ask(door, cart)

        asked()
