"""What /metrics says of the tables that marketplaces fall back on, out of the last check of each."""

import os
from pathlib import Path
from time import time

import pytest
from drifting import ALL, ENVIRON, PricedRow, ask, asked, table_text, write_shop
from prometheus_client.parser import text_string_to_metric_families
from terminal import Portes, run

from portes.store import open_store
from portes.web.monitoring import gauges
from portes.web.monitoring.vitals import WorkerStatus
from portes.web.monitoring.worker_monitor import WorkerMonitor

LIVE: list[PricedRow] = [("normal", *ALL, 0, 30_000, "20,00")]


@pytest.fixture
def portes(monkeypatch: pytest.MonkeyPatch) -> Portes:
    for name, value in ENVIRON.items():
        monkeypatch.setenv(name, value)
    return run


def metrics(folder: Path) -> dict[str, dict[tuple[str, str], float]]:
    """The samples about contingency tables, by metric, store and table."""
    with open_store(folder, environ=ENVIRON) as store:
        text = WorkerMonitor(lambda: [store], lambda: (), None, lambda: WorkerStatus((), 0)).metrics().decode()
    return {
        family.name: {(one.labels["store"], one.labels["table"]): one.value for one in family.samples}
        for family in text_string_to_metric_families(text)
        if family.name.startswith("portes_contingency_")
    }


def test_the_last_check_is_told_in_money_shares_and_seconds(portes: Portes, tmp_path: Path) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    write_shop(folder, LIVE)
    ask(folder, asked(to="01310100"), asked(to="20040002"))
    table = folder / "uploaded.csv"
    table.write_text(
        table_text(
            [
                ("normal", "00000000", "19999999", 0, 30_000, "20,00"),
                ("normal", "20000000", "99999999", 0, 30_000, "17,50"),
            ]
        )
    )
    began = time()

    portes("contingency", "drift", folder, "--file", table, "--most-loss", "1.00", "--most-cheaper", "49")

    key = ("shop", "uploaded.csv")
    told = metrics(folder)
    assert told["portes_contingency_loss_per_thousand"] == {key: 1250.0}
    assert told["portes_contingency_cheaper_ratio"] == {key: 0.5}
    assert told["portes_contingency_over"] == {key: 2.0}
    assert began - 1 < told["portes_contingency_checked_timestamp_seconds"][key] <= time()
    assert 0 <= told["portes_contingency_age_seconds"][key] <= time() - began + 60


@pytest.mark.parametrize(("later", "age"), [(40 * 86_400.0, 40 * 86_400.0), (-3600.0, 0.0)])
def test_the_age_goes_on_from_the_oldest_price_and_is_never_below_zero(
    portes: Portes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, later: float, age: float
) -> None:
    write_shop(tmp_path, LIVE)
    ask(tmp_path, asked())
    table = tmp_path / "uploaded.csv"
    table.write_text(table_text(LIVE))
    os.utime(table, (1_700_000_000, 1_700_000_000))
    portes("contingency", "drift", tmp_path, "--file", table)

    monkeypatch.setattr(gauges, "time", lambda: 1_700_000_000 + later)

    assert [*metrics(tmp_path)["portes_contingency_age_seconds"].values()] == [age]


def test_a_store_whose_tables_were_never_checked_tells_nothing(portes: Portes, tmp_path: Path) -> None:
    write_shop(tmp_path, LIVE)

    assert all(not values for values in metrics(tmp_path).values())


def test_a_check_that_could_not_tell_leaves_the_last_one(portes: Portes, tmp_path: Path) -> None:
    write_shop(tmp_path, LIVE)
    ask(tmp_path, asked())
    table = tmp_path / "uploaded.csv"
    table.write_text(table_text(LIVE))
    portes("contingency", "drift", tmp_path, "--file", table)
    before = metrics(tmp_path)["portes_contingency_checked_timestamp_seconds"]
    table.write_text(table_text([("normal", "99999998", "99999999", 0, 30_000, "20,00")]))

    assert portes("contingency", "drift", tmp_path, "--file", table).exit_code == 2
    assert metrics(tmp_path)["portes_contingency_checked_timestamp_seconds"] == before
