"""The whole service as its own processes: two workers, the admin address, the log, starting and stopping."""

import os
import re
import signal
import time
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
from held_up import hold_up
from stage import AUTH, Service, browser, question, service, wait_until, write_store

PROPS = Path(__file__).parent / "props"
SHOUTING = Path(__file__).parent / "shouting"


@pytest.fixture(scope="module")
def running(stores: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """Two workers that serve the folder of stores, with a watcher that raises at everything it hears.

    One store beside them holds its worker up, one has a wrong setting, and the file of one is deeper than any parser
    goes.
    """
    log = tmp_path_factory.mktemp("log") / "out.jsonl"
    wrong = tmp_path_factory.mktemp("wrong")
    write_store(wrong, "typo", {"near": {"prefix": ["0"]}})
    write_store(wrong, "marsh", {"near": {}}, more="[channels.quicksand]")
    (wrong / "abyss.toml").write_text(f"[store]\nname = {'[' * 3000}")
    with service([stores[0].parent, wrong, "--workers", "2"], log, PROPS, SHOUTING) as started:
        yield started


@pytest.fixture
def web() -> Iterator[requests.Session]:
    with browser() as session:
        yield session


def ask(address: str) -> requests.Response:
    with browser() as session:
        return session.post(f"{address}/v1/shop/netshoes", json=question(), auth=AUTH)


def test_a_watcher_that_raises_changes_no_answer_and_is_logged(running: Service) -> None:
    answer = ask(running.public)

    assert (answer.status_code, len(answer.json()["shippingQuotes"])) == (200, 1)
    hooks = {event["hook"] for event in running.events("watcher failed", at_least=4)}
    assert hooks == {"portes_asked", "portes_answered", "portes_quoted", "portes_replied"}


def test_the_counts_of_all_workers_are_added_up(running: Service, web: requests.Session) -> None:
    before = count(web, running, 'portes_requests_total{channel="netshoes",status="200",store="shop"}')
    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(ask, [running.public] * 40))

    def counted() -> int:
        return count(web, running, 'portes_requests_total{channel="netshoes",status="200",store="shop"}') - before

    wait_until(lambda: counted() >= 40)
    assert counted() == 40


def test_what_carriers_said_is_counted_by_kind(running: Service, web: requests.Session) -> None:
    outcome = 'portes_carrier_outcomes_total{carrier="crash",kind="crashed",outcome="failure",store="crashing"}'
    verdict = 'portes_verdicts_total{channel="netshoes",store="crashing",verdict="unknown"}'
    before = count(web, running, outcome), count(web, running, verdict)

    web.post(f"{running.public}/v1/crashing/netshoes", json=question(), auth=AUTH)

    after = count(web, running, outcome), count(web, running, verdict)
    assert after == (before[0] + 1, before[1] + 1)


def count(web: requests.Session, running: Service, series: str) -> int:
    text = web.get(f"{running.admin}/metrics").text
    found = re.search(rf"^{re.escape(series)} (\S+)$", text, re.MULTILINE)
    return int(float(found[1])) if found else 0


def test_a_second_call_on_one_connection_is_quick_with_two_workers(running: Service) -> None:
    """Small writes that wait for acknowledgements take the kernel's forty milliseconds every time, also when idle."""
    with browser() as session:
        session.get(f"{running.public}/healthz")

        assert any(seconds(session, running) < 0.035 for _ in range(1000))


def seconds(session: requests.Session, running: Service) -> float:
    """From asking to the last byte of the answer; requests' own figure ends with the headers."""
    started = time.perf_counter()
    session.post(f"{running.public}/v1/shop/netshoes", json=question(), auth=AUTH)
    return time.perf_counter() - started


def test_each_call_is_one_line_of_the_log_under_its_id_without_a_secret(
    running: Service, web: requests.Session
) -> None:
    url = f"{running.public}/v1/shop/netshoes?token=canary-0815"
    request_id = web.post(url, json=question(), auth=AUTH).headers["x-request-id"]

    line = running.events("replied", at_least=1, request=request_id)[0]
    assert (line["store"], line["channel"], line["status"], line["verdict"]) == ("shop", "netshoes", 200, "served")
    assert line["ms"] > 0
    log = running.log.read_text()
    assert not any(secret in log for secret in ("canary", b64encode(":".join(AUTH).encode()).decode()))


def test_the_log_has_what_the_caller_of_a_500_is_not_told(running: Service, web: requests.Session) -> None:
    answer = web.post(f"{running.public}/v1/shop/trapdoor", data=b"123")

    line = running.events("crashed", at_least=1, request=answer.headers["x-request-id"])[0]
    assert "RuntimeError: a parrot of 3 bytes" in line["exception"]


def test_a_channel_that_wants_to_exit_fails_its_own_call_and_no_worker_ends(
    running: Service, web: requests.Session
) -> None:
    workers = web.get(f"{running.admin}/readyz").json()["workers"]["answering"]

    answer = web.post(f"{running.public}/v1/shop/trapdoor", data=b"exit")

    assert answer.status_code == 500
    line = running.events("crashed", at_least=1, request=answer.headers["x-request-id"])[0]
    assert "SystemExit: 3" in line["exception"]
    assert web.get(f"{running.admin}/readyz").json()["workers"]["answering"] == workers


def test_a_reply_that_would_break_its_channel_s_rules_alarms(running: Service, web: requests.Session) -> None:
    series = 'portes_alarms_total{kind="invalid_reply",store="shop"}'
    before = count(web, running, series)

    answer = web.post(f"{running.public}/v1/shop/trapdoor", data=b"{}")

    assert (answer.status_code, answer.text) == (503, "")
    (line,) = running.events("alarm", at_least=1, request=answer.headers["x-request-id"])
    assert count(web, running, series) == before + 1
    assert (line["level"], line["text"]) == ("error", "trapdoor cannot say served")


def test_readiness_tells_workers_stores_carriers_and_plugins(running: Service, web: requests.Session) -> None:
    answer = web.get(f"{running.admin}/readyz")

    told = answer.json()
    assert (answer.status_code, told["ready"]) == (200, True)
    assert (len(told["workers"]["answering"]), told["workers"]["wanted"]) == (2, 2)
    shop = next(store for store in told["stores"] if store["name"] == "shop")
    assert shop["channels"]["netshoes"] == "/v1/shop/netshoes"
    assert shop["carriers"] == [
        {"key": "near", "id": 1, "name": "near", "instant": True, "services": ["n", "x"]},
    ]
    assert {"name": "prop", "distribution": "portes-props", "version": "1.0"} in told["plugins"]["portes.carriers"][
        "loaded"
    ]


def test_a_store_that_is_wrong_keeps_no_other_from_starting_and_is_told(
    running: Service, web: requests.Session
) -> None:
    told, own = web.get(f"{running.admin}/readyz").json(), web.get(f"{running.admin}/readyz/typo")

    assert (told["ready"], told["refused"]) == (True, ["abyss", "typo"])
    assert (own.status_code, own.json()["ready"], own.json()["answering"]) == (503, False, [])
    assert "carriers.near.settings.prefix" in own.json()["files"][0]["refused"]["problems"][0]
    assert web.get(f"{running.admin}/readyz/shop").status_code == 200
    assert web.get(f"{running.admin}/readyz/nobody").status_code == 404
    refused = {line["store"]: line for line in running.events("store refused")}
    assert set(refused) == {"abyss", "typo"}
    assert (refused["typo"]["level"], refused["typo"]["stays"]) == ("error", False)
    assert [count(web, running, f'portes_store_refused{{store="{name}"}}') for name in ("typo", "shop")] == [1, 0]
    assert [count(web, running, f'portes_store_workers{{store="{name}"}}') for name in ("typo", "shop")] == [0, 2]


def test_a_call_to_a_refused_store_is_not_told_that_there_is_none(running: Service, web: requests.Session) -> None:
    answers = [
        web.post(f"{running.public}/v1/{address}", json=question(), auth=AUTH)
        for address in ("typo/netshoes", "abyss/quotes", "nobody/netshoes", "shop/nothing")
    ]

    assert [answer.status_code for answer in answers] == [503, 503, 404, 404]
    assert answers[0].headers["retry-after"] == "60"
    assert "portes check" in answers[0].json()["detail"]


def test_a_worker_that_is_held_up_is_replaced_and_told(running: Service, web: requests.Session, tmp_path: Path) -> None:
    before, series = workers(web, running), 'portes_workers_replaced_total{cause="silent"}'
    assert count(web, running, series) == 0

    hold_up(running, tmp_path / "never", "marsh")

    wait_until(lambda: len(set(workers(web, running)) & set(before)) == 1)
    wait_until(lambda: len(workers(web, running)) == 2)
    (line,) = running.events("worker replaced", cause="silent")
    assert (line["level"], line["worker"] in before) == ("error", True)
    assert count(web, running, series) == 1
    assert {ask(running.public).status_code for _ in range(5)} == {200}


def test_a_worker_that_dies_is_replaced(running: Service, web: requests.Session) -> None:
    victim, survivor = workers(web, running)

    os.kill(victim, signal.SIGKILL)

    wait_until(lambda: len(set(workers(web, running)) - {victim}) == 2)
    assert survivor in workers(web, running)
    assert ask(running.public).status_code == 200


def workers(web: requests.Session, running: Service) -> list[int]:
    told: list[int] = web.get(f"{running.admin}/readyz").json()["workers"]["answering"]
    return told


def test_the_documents_page_needs_nothing_from_elsewhere(running: Service, web: requests.Session) -> None:
    page = web.get(f"{running.admin}/docs").text

    assert "/v1/shop/netshoes" in page
    assert "<script" not in page
    assert re.findall(r'(?:src|href)="(?!#|/openapi\.json)', page) == []


def test_the_admin_address_quotes_nothing_and_the_public_one_tells_nothing(
    running: Service, web: requests.Session
) -> None:
    statuses = [
        web.post(f"{running.admin}/v1/shop/netshoes", json=question(), auth=AUTH).status_code,
        *(web.get(f"{running.public}{path}").status_code for path in ("/readyz", "/metrics", "/openapi.json", "/docs")),
    ]

    assert statuses == [404] * 5
