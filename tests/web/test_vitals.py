"""How a store's carriers stand, told by workers that are processes of their own; and how its channels did."""

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from stage import AUTH, NORMAL, Service, browser, question, service, wait_until, write_store
from terminal import cells, run

from portes.web.admission import Admission
from portes.web.call_limit import LEAST
from portes.web.monitoring.vitals import WorkerVitals, read_vitals

PROPS = Path(__file__).parent / "props"
CIRCUITS = """
[carriers.down.circuit]
failures = 1
pause = "5m"
"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A worker with a store whose one carrier is down, and one whose carrier is well and remembered."""
    folder = tmp_path_factory.mktemp("stores")
    down = write_store(folder, "stuck", {"down": {"crashes": True, "seconds": 0.01}, "near": {"prefixes": ["9"]}})
    down.write_text(down.read_text() + CIRCUITS)
    write_store(folder, "well", {"up": {"seconds": 0.01}}, services={"up": [NORMAL]})
    with service([folder], tmp_path_factory.mktemp("log") / "out.jsonl", PROPS) as started, browser() as web:
        for store in ("stuck", "stuck", "stuck", "well", "well"):
            web.post(f"{started.public}/v1/{store}/netshoes", json=question(), auth=AUTH)
        wait_until(lambda: len(started.events("replied")) == 5)
        yield started


@pytest.fixture
def web() -> Iterator[requests.Session]:
    with browser() as session:
        yield session


def circuits(web: requests.Session, running: Service) -> dict[str, Any]:
    stores = web.get(f"{running.admin}/readyz").json()["stores"]
    return {carrier["key"]: carrier.get("circuits") for store in stores for carrier in store["carriers"]}


def figures(web: requests.Session, running: Service) -> dict[str, float]:
    text = web.get(f"{running.admin}/metrics").text
    return {name: float(figure) for name, figure in re.findall(r"^(portes_\S+) (\S+)$", text, re.MULTILINE)}


def test_an_open_circuit_is_told_with_its_cause_and_when_it_is_probed(running: Service, web: requests.Session) -> None:
    wait_until(lambda: circuits(web, running)["down"][0]["circuit"] == "open")

    (down,) = circuits(web, running)["down"]
    assert (down["cause"], down["calls"]) == ("crashed", 0)
    assert 0 < down["probe_in"] <= 300
    assert circuits(web, running)["up"][0]["circuit"] == "closed"
    assert circuits(web, running)["near"] is None


def test_an_open_circuit_leaves_the_service_ready(running: Service, web: requests.Session) -> None:
    assert web.get(f"{running.admin}/readyz").json()["ready"] is True


def test_circuits_are_metrics(running: Service, web: requests.Session) -> None:
    wait_until(lambda: figures(web, running).get('portes_circuit{carrier="down",state="open",store="stuck"}') == 1)

    found = figures(web, running)
    assert found['portes_circuit{carrier="down",state="closed",store="stuck"}'] == 0
    assert found['portes_circuit_cause{carrier="down",cause="crashed",store="stuck"}'] == 1
    assert 0 < found['portes_circuit_probe_seconds{carrier="down",store="stuck"}'] <= 300
    assert found['portes_circuit{carrier="up",state="closed",store="well"}'] == 1


def test_memory_and_calls_under_way_are_metrics(running: Service, web: requests.Session) -> None:
    wait_until(lambda: figures(web, running).get('portes_cache_entries{store="well"}') == 1)

    found = figures(web, running)
    assert found['portes_cache_size{store="well"}'] == 20_000
    assert 0 < found['portes_cache_bytes{store="well"}'] < found['portes_cache_most_bytes{store="well"}'] / 1000
    assert (found['portes_calls{store="well"}'], found['portes_carrier_calls{carrier="up",store="well"}']) == (0, 0)
    assert found["portes_loop_lag_seconds"] < 5
    assert found["portes_call_limit"] >= LEAST


def test_offers_are_counted_by_where_they_came_from_and_how_old_they_were(
    running: Service, web: requests.Session
) -> None:
    found = figures(web, running)

    assert found['portes_offers_total{source="table",store="well"}'] == 1
    assert found['portes_offers_total{source="cache",store="well"}'] == 1
    assert found['portes_offer_age_seconds_bucket{le="+Inf",store="well"}'] == 1


def test_what_was_thrown_away_is_counted_by_cause_and_by_whose_fault_it_was(
    running: Service, web: requests.Session
) -> None:
    found = figures(web, running)

    assert found['portes_discarded_total{cause="unknown",channel="netshoes",store="stuck"}'] == 3
    fault = 'portes_faults_total{{carrier="down",channel="netshoes",kind="{}",store="stuck"}}'
    assert (found[fault.format("crashed")], found[fault.format("open_circuit")]) == (1, 2)
    assert found['portes_slo_availability{channel="netshoes",store="stuck",window="5m"}'] == 0
    assert found['portes_slo_availability{channel="netshoes",store="well",window="30d"}'] == 1
    assert found['portes_slo_limit_seconds{channel="netshoes",store="well"}'] == 60
    assert found['portes_slo_target{channel="netshoes",store="well"}'] == pytest.approx(0.999)


def test_the_log_has_how_long_each_carrier_took(running: Service) -> None:
    lines = [line for line in running.events("replied") if line["store"] == "well"]

    assert lines[0]["carriers"]["up"] >= 10
    assert lines[1]["carriers"] == {"up": 0.0}
    assert [line["discarded"] for line in lines] == ["", ""]
    stuck = next(line for line in running.events("replied") if line["store"] == "stuck")
    assert (stuck["discarded"], set(stuck["carriers"])) == ("unknown", {"down", "near"})


def test_the_command_line_tells_the_circuits_of_the_running_service(running: Service, web: requests.Session) -> None:
    wait_until(lambda: circuits(web, running)["down"][0]["circuit"] == "open")

    told = run("carriers", "--live", "--admin", running.admin)

    rows = {row[1]: row for row in cells(told.stdout)}
    assert told.exit_code == 0
    assert rows["down"][3:5] == ["open", "crashed"]
    assert rows["up"][3:5] == ["closed", ""]
    assert rows["near"][3] == "none, instant"
    assert rows["down"][6]
    assert not rows["up"][6]


def test_the_command_line_tells_the_windows_and_whose_fault_it_was(running: Service) -> None:
    told = run("slo", "--admin", running.admin)

    assert told.exit_code == 1
    rows = [row for row in cells(told.stdout) if row[0] == "5m"]
    assert [(row[2], row[3]) for row in rows] == [("3", "0 %"), ("2", "100 %")]
    assert "3 thrown away: unknown" in told.stdout
    assert "2 of them with a failure of down: open_circuit" in told.stdout
    assert "99.9 % of use within 60000 ms" in told.stdout
    assert "stopped: stuck down in 1 of 1 workers, for " in told.stdout
    assert ": crashed; probed again in " in told.stdout


def test_the_windows_are_told_as_json_too(running: Service) -> None:
    told = run("slo", "--json", "--admin", running.admin)

    assert '"window"' not in told.stdout
    assert '"availability": 1.0' in told.stdout


@pytest.mark.parametrize("command", [["slo"], ["carriers", "--live"]])
def test_the_public_address_is_said_not_to_be_the_admin_s(running: Service, command: list[str]) -> None:
    told = run(*command, "--admin", running.public)

    assert told.exit_code == 2
    assert "--admin: is not an admin address" in told.stderr


def test_an_admin_address_may_leave_out_that_it_is_http(running: Service) -> None:
    told = run("slo", "--json", "--admin", running.admin.removeprefix("http://"))

    assert '"availability": 1.0' in told.stdout


def test_a_carrier_that_stops_writes_one_line_of_the_log_however_often_it_is_asked(running: Service) -> None:
    (line,) = running.events("carrier stopped")

    assert (line["store"], line["carrier"], line["cause"], line["probe_in"]) == ("stuck", "down", "crashed", 300)


def test_a_settings_file_that_is_refused_shows_with_its_problems_wherever_carriers_do(running: Service) -> None:
    file = next(Path(line["file"]) for line in running.events("store loaded") if line["store"] == "well")
    sound = file.read_text()
    file.write_text(sound.replace('country = "BR"', 'country = "XX"'))
    try:
        wait_until(lambda: bool(running.events("store refused", at_least=0)))
        told = [run(*command, "--admin", running.admin).stdout for command in (["slo"], ["carriers", "--live"])]
    finally:
        file.write_text(sound)

    for text in told:
        assert f"refused: {file} at " in text
        assert "; well answers as before" in text
        assert "store.country" in text


@pytest.mark.parametrize("command", [["slo"], ["carriers", "--live"]])
def test_where_no_service_answers_the_command_says_so(command: list[str]) -> None:
    told = run(*command, "--admin", "http://127.0.0.1:9")

    assert told.exit_code == 2
    assert "--admin: no running service answers there" in told.stderr
    assert "portes serve" in told.stderr


def test_a_worker_that_has_said_nothing_yet_is_left_out(tmp_path: Path) -> None:
    known = WorkerVitals(pid=7, at=time.time(), lag=Admission().lag, stores={})
    (tmp_path / "vitals-7.json").write_text(known.model_dump_json())
    (tmp_path / "vitals-8.json").write_text("{")

    assert read_vitals(tmp_path, [7, 8, 9]) == [known]
