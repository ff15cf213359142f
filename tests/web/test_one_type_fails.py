"""A service whose carrier of normal delivery fails beside one of express: what is answered, and what is counted."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from stage import AUTH, ENVIRON, EXPRESS, NORMAL, browser, on_loopback, question, write_store

from portes.registry import Registry
from portes.store import installed_watchers, open_stores
from portes.web.app import public_app
from portes.web.monitoring.metrics import exposition

NATIVE = '[channels.native]\nkeys = "${SECRET}"\nlimit = "60s"'
ASKED = {
    "destination": {"country": "BR", "postal_code": "01512651"},
    "lines": [{"sku": "a", "quantity": 1, "weight": 500, "size": {"length": 250, "width": 100, "height": 100}}],
}


def write_stores(folder: Path) -> list[Path]:
    """One that has nothing else for normal delivery, and one with a fallback that steps in."""
    carriers: dict[str, dict[str, Any]] = {"crash": {"crashes": True}, "near": {}, "spare": {"prefixes": ["0"]}}
    services = {"crash": [NORMAL], "near": [EXPRESS], "spare": [NORMAL]}
    bare = write_store(
        folder, "one-sided", {key: carriers[key] for key in ("crash", "near")}, services=services, more=NATIVE
    )
    covered = write_store(folder, "covered", carriers, services=services)
    text = covered.read_text().replace("[carriers.crash]\n", '[carriers.crash]\nfallback = "spare"\n')
    covered.write_text(text.replace("[carriers.spare]\n", "[carriers.spare]\nfallback_only = true\n"))
    return [bare, covered]


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    registry = Registry()
    watchers = installed_watchers(registry)
    files = write_stores(tmp_path_factory.mktemp("stores"))
    opened = open_stores(files, registry=registry, watchers=watchers, environ=ENVIRON)
    with on_loopback(public_app(tuple(opened.values()), watchers)) as address:
        yield address


def counted() -> dict[str, float]:
    """What was counted so far, by series."""
    found = re.findall(
        r"^(portes_(?:withheld|discarded|fallback_uses)_total\S+) (\S+)$", exposition().decode(), re.MULTILINE
    )
    return {series: float(value) for series, value in found}


def test_the_marketplace_is_sent_to_its_table_a_host_is_told_express_and_each_withheld_answer_is_counted(
    url: str,
) -> None:
    before = counted()
    with browser() as web:
        netshoes = web.post(f"{url}/v1/one-sided/netshoes", json=question(), auth=AUTH)
        headers = {"authorization": f"Bearer {ENVIRON['SECRET']}"}
        native = web.post(f"{url}/v1/one-sided/quotes", json=ASKED, headers=headers)

    assert netshoes.status_code == 503
    assert "normal delivery could not be found out" in netshoes.json()["detail"]
    assert (native.status_code, native.json()["uncertain"]) == (200, ["normal"])
    assert {offer["delivery"] for offer in native.json()["lines"][0]["offers"]} == {"express"}
    assert set(counted().items()) - set(before.items()) == {
        ('portes_withheld_total{channel="netshoes",delivery="normal",store="one-sided"}', 1.0),
        ('portes_discarded_total{cause="contingency",channel="netshoes",store="one-sided"}', 1.0),
    }


def test_a_fallback_that_steps_in_keeps_the_answer_whole_and_is_counted(url: str) -> None:
    before = counted()
    with browser() as web:
        answer = web.post(f"{url}/v1/covered/netshoes", json=question(), auth=AUTH)

    (line,) = answer.json()["shippingQuotes"]
    assert {option["freightType"] for option in line["deliveryOptions"]} == {"NORMAL", "EXPRESSA"}
    assert set(counted().items()) - set(before.items()) == {
        ('portes_fallback_uses_total{carrier="crash",fallback="spare",kind="crashed",store="covered"}', 1.0),
    }
