"""Which thresholds a table passes, to the last cent, lane and second."""

from datetime import timedelta
from decimal import Decimal

import pytest
from drifting import report_of, side_of

from portes.contingency.drift.report import DriftSide
from portes.contingency.drift.thresholds import DriftLimits, passed
from portes.contract import Money

NOTHING = side_of()


def told(limits: DriftLimits, receipts: DriftSide = NOTHING, fresh: DriftSide | None = None) -> list[str]:
    report = report_of().model_copy(update={"against_receipts": receipts, "against_fresh": fresh})
    return [*passed(report, limits)]


@pytest.mark.parametrize(("seconds", "over"), [(0, False), (0.5, True)])
@pytest.mark.parametrize("most", [3600, 0])
def test_a_price_may_be_as_old_as_the_threshold_and_not_older(seconds: float, most: int, *, over: bool) -> None:
    now = report_of()
    report = now.model_copy(update={"oldest": now.checked - timedelta(seconds=most + seconds)})

    assert bool([*passed(report, DriftLimits(age=most))]) is over


@pytest.mark.parametrize(("most", "over"), [(333, True), (334, False)])
def test_the_exact_loss_decides_and_not_the_rounded_one_that_is_told(most: int, *, over: bool) -> None:
    limits = DriftLimits(loss=Money(minor=most, currency="BRL"))

    words = told(limits, side_of(3, loss=1))

    assert words == (["by receipts, a thousand orders lose 3.33 BRL, above 3.33 BRL"] if over else [])


@pytest.mark.parametrize(("cheaper", "over"), [(0, False), (1, True)])
def test_no_lane_may_be_too_cheap_where_none_is_allowed(cheaper: int, *, over: bool) -> None:
    assert bool(told(DriftLimits(cheaper=Decimal(0)), side_of(1000, cheaper=cheaper))) is over


def test_a_fresh_sample_passes_thresholds_where_receipts_do_not() -> None:
    limits = DriftLimits(loss=Money(minor=100, currency="BRL"), cheaper=Decimal(10))

    assert told(limits, side_of(10), side_of(10, cheaper=2, loss=5)) == [
        "by the fresh sample, a thousand orders lose 5.00 BRL, above 1.00 BRL",
        "by the fresh sample, 20 % of the lanes are too cheap, above 10 %",
    ]


def test_nobody_minds_what_has_no_threshold() -> None:
    assert told(DriftLimits(), side_of(10, cheaper=10, loss=10_000)) == []
