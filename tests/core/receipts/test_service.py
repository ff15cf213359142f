"""Receipts of a whole store: switched on by its settings, with the marketplace's reply, losses in the metrics."""

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import requests
from keeping import found, ids, wait_until
from shop import request
from stage import AUTH, ENVIRON, EXPRESS, NORMAL, browser, on_loopback, question, service, write_store

from portes.contract import Verdict
from portes.registry import Registry
from portes.store import Store, check_store, installed_watchers, open_store
from portes.web.app import public_app
from portes.web.monitoring.metrics import exposition

PROPS = Path(__file__).parents[2] / "web" / "props"
KEEPING = '[service]\nstate = "state"\n'


@pytest.fixture(autouse=True)
def props(monkeypatch: pytest.MonkeyPatch) -> None:
    """Install the stage props for this process."""
    monkeypatch.syspath_prepend(PROPS)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)


@dataclass
class Shop:
    """A store that answers over HTTP."""

    store: Store
    url: str
    web: requests.Session

    def ask(self, **asked: str) -> requests.Response:
        return self.web.post(f"{self.url}/v1/shop/netshoes", json=question(**asked), auth=AUTH)


@contextmanager
def serving(folder: Path, more: str = KEEPING) -> Iterator[Shop]:
    express = {**EXPRESS, "most_grams": 1, "cents": 3050}
    file = write_store(folder, "shop", {"near": {"prefixes": ["0"]}}, services={"near": [NORMAL, express]}, more=more)
    watchers = installed_watchers(Registry())
    store = open_store(file, environ=ENVIRON, watchers=watchers)
    with on_loopback(public_app((store,), watchers)) as url, browser() as web:
        yield Shop(store, url, web)


def test_a_receipt_holds_the_reply_that_the_marketplace_got(tmp_path: Path) -> None:
    with serving(tmp_path) as shop:
        answer = shop.ask(id="theirs")

    (receipt,) = found(tmp_path / "state" / "receipts.sqlite", "theirs")
    assert receipt.reply is not None
    assert (receipt.reply.status, receipt.reply.body) == (200, answer.text)
    assert receipt.reply.seconds >= receipt.seconds
    assert (receipt.request.channel, receipt.request.storefront) == ("netshoes", "CAT_NETSHOESNOVA")
    assert receipt.quote.verdict is Verdict.SERVED


def test_every_answer_of_a_service_that_stops_has_a_receipt(tmp_path: Path) -> None:
    with serving(tmp_path) as shop:
        answers = [shop.ask(id=f"q{number}", zipCode="01512651") for number in range(50)]

    assert {answer.status_code for answer in answers} == {200}
    assert len(ids(tmp_path / "state" / "receipts.sqlite")) == 50


def test_the_versions_name_every_part_that_could_change_a_price(tmp_path: Path) -> None:
    more = KEEPING + '[[rules]]\nuse = "markup"\npercent = 5\n[[rules]]\nuse = "cheapest"\n'
    with serving(tmp_path, more) as shop:
        versions = shop.store.versions

    assert set(versions) == {
        "portes",
        "store",
        "carriers.near.settings",
        "carriers.near.tariff",
        "carriers.near.plugin",
        "rules.0.markup",
        "rules.1.cheapest",
        "channels.netshoes",
    }


@pytest.mark.parametrize(
    ("before", "after", "part"),
    [
        ("percent = 5", "percent = 6", "rules.0.markup"),
        ("cents = 3050", "cents = 3051", "carriers.near.settings"),
        ("id = 1\n[carriers.near.settings]", "id = 9\n[carriers.near.settings]", "carriers.near.settings"),
        ('postal_code = "01001000"', 'postal_code = "01001001"', "store"),
        ('limit = "1s"', 'limit = "2s"', "channels.netshoes"),
        ("canary-4711-0815", "canary-4712", None),
    ],
)
def test_a_version_changes_with_its_part_and_with_no_secret(
    tmp_path: Path, before: str, after: str, part: str | None
) -> None:
    express = {**EXPRESS, "cents": 3050}
    rule = '[[rules]]\nuse = "markup"\npercent = 5\n'
    file = write_store(tmp_path, "shop", {"near": {}}, services={"near": [express]}, more=rule, limit="1s")
    first = versions(file, ENVIRON)
    file.write_text(file.read_text().replace(before, after))

    second = versions(file, {key: value.replace(before, after) for key, value in ENVIRON.items()})

    assert [name for name in first if first[name] != second[name]] == ([part] if part else [])


def versions(file: Path, environ: dict[str, str]) -> dict[str, str]:
    with open_store(file, environ=environ) as store:
        return dict(store.versions)


@pytest.mark.parametrize("more", ["", KEEPING + "[service.receipts]\nkeep = false\n"])
def test_without_a_state_folder_or_the_wish_there_are_no_receipts(tmp_path: Path, more: str) -> None:
    file = write_store(tmp_path, "shop", {"near": {}}, more=more)
    with open_store(file, environ=ENVIRON) as store:
        store.quote(request())

    assert not (tmp_path / "state").exists()


def test_checking_a_store_makes_no_database(tmp_path: Path) -> None:
    file = write_store(tmp_path, "shop", {"near": {}}, more=KEEPING)

    assert check_store(file, environ=ENVIRON) == []
    assert not (tmp_path / "state").exists()


def test_a_host_that_asks_by_itself_gets_receipts_too(tmp_path: Path) -> None:
    file = write_store(tmp_path, "shop", {"near": {}}, more=KEEPING)
    with open_store(file, environ=ENVIRON) as store:
        quote = store.quote(request())

    assert ids(tmp_path / "state" / "receipts.sqlite") == [quote.id]


def test_the_queue_is_as_long_as_the_settings_say_and_losses_are_metrics(tmp_path: Path) -> None:
    file = write_store(tmp_path, "crowded", {"near": {}}, more=KEEPING + "[service.receipts]\nqueue = 1\n")
    watchers = installed_watchers(Registry())
    with open_store(file, environ=ENVIRON, watchers=watchers) as store:
        for _ in range(3):
            store.quote(request())

    (told,) = re.findall(rb'portes_receipts_lost_total{cause="queue_full",store="crowded"} (\S+)', exposition())
    assert float(told) == 3 - len(ids(tmp_path / "state" / "receipts.sqlite"))


@pytest.mark.exhaustive  # by day two workers keep the receipts of every story in tests/chaos
def test_workers_share_the_database_and_leave_no_receipt_behind(tmp_path: Path) -> None:
    file = write_store(tmp_path, "shop", {"near": {}}, more=KEEPING)
    path = tmp_path / "state" / "receipts.sqlite"
    log = tmp_path / "log.jsonl"

    with service([file, "--workers", "2"], log, PROPS) as running:
        for number in range(40):
            with browser() as web:  # a connection each, so that both workers answer
                assert web.post(f"{running.public}/v1/shop/netshoes", json=question(id=str(number)), auth=AUTH).ok
        wait_until(lambda: len(ids(path)) == 40)
        quotes = [line["quote"] for line in running.events("replied")]

    assert sorted(ids(path)) == sorted(quotes)
    assert json.loads(found(path, "7")[0].reply.body)["id"] == "7"  # type: ignore[union-attr] # it has one
