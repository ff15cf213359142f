"""What the report of a version says of its table, and what the command says instead."""

from contextlib import closing
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from drifting import ALL, table_text

from portes.contingency.drift.measure import CheckedTable
from portes.contingency.drift.opening import PortalTerms, version_table
from portes.tables import ReadOptions
from portes.tables.versions import NewVersion, TableVersions

NOW = datetime.fromisoformat("2026-03-02T12:00:00+00:00")
GOODS = {"density_kg_per_m3": "150", "cubic_factor_kg_per_m3": "300"}


def keep(state: Path, name: str = "contingency-vtex", at: datetime = NOW, cents: int = 1000, **report: Any) -> None:
    source = table_text([("normal", *ALL, 0, 30_000, f"{cents // 100},{cents % 100:02}")]).encode()
    with closing(TableVersions(state)) as versions:
        versions.keep(NewVersion(name, source, "plain", ReadOptions("BR", "BRL"), "somebody", at, report=report))


def opened(state: Path, factor: int | None = None, **services: str) -> CheckedTable:
    given = None if factor is None else Decimal(factor)
    return version_table(state, "", PortalTerms(services, given))


def test_the_newest_table_is_the_one_kept_last_whatever_its_number(tmp_path: Path) -> None:
    keep(tmp_path)
    keep(tmp_path, at=NOW + timedelta(hours=1), cents=1100)
    keep(tmp_path, "contingency-via", NOW + timedelta(hours=2))

    held = opened(tmp_path)

    assert (held.name, held.number) == ("contingency-via", 1)


@pytest.mark.parametrize(("given", "factor"), [(None, 300), (0, 0), (167, 167)])
def test_the_factor_that_is_given_counts_and_so_does_none(tmp_path: Path, given: int | None, factor: int) -> None:
    keep(tmp_path, goods=GOODS)

    held = opened(tmp_path, given)

    assert (int(held.prices.cubic_factor), held.goods.cubic_factor) == (factor, factor * 1000)


def test_goods_are_those_that_the_table_was_built_for_else_those_of_road_freight(tmp_path: Path) -> None:
    keep(tmp_path)
    unsaid = opened(tmp_path).goods
    keep(tmp_path, at=NOW + timedelta(hours=1), cents=1100, goods={**GOODS, "value": 12_990})
    valued = opened(tmp_path).goods
    keep(tmp_path, at=NOW + timedelta(hours=2), cents=1200, goods={**GOODS, "value_per_kg": 500})

    assert (unsaid.density, unsaid.value, unsaid.value_per_kg) == (300_000, None, None)
    assert (valued.density, valued.value, valued.value_per_kg) == (150_000, 12_990, None)
    assert opened(tmp_path).goods.value_per_kg == 500


def test_what_the_seller_added_to_prices_is_no_drift(tmp_path: Path) -> None:
    keep(tmp_path, margin_percent="10", round_to=50, least=900)
    meant = opened(tmp_path).prices.meant

    assert (meant(1000), meant(1001), meant(100)) == (1100, 1150, 900)


def test_receipts_from_before_a_version_was_kept_are_older_than_the_table(tmp_path: Path) -> None:
    keep(tmp_path, oldest_answer=(NOW - timedelta(days=3)).isoformat())

    held = opened(tmp_path)

    assert (held.oldest, held.oldest_from, held.made) == (NOW - timedelta(days=3), "row", NOW)


def test_a_service_that_is_declared_is_the_delivery_type_s(tmp_path: Path) -> None:
    keep(tmp_path)

    assert opened(tmp_path, normal="express").prices.services == {"express": "normal"}
