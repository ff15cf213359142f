"""Which thresholds a table passed, and by how much."""

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from portes.contingency.drift.report import DriftReport, DriftSide
from portes.contract import Money
from portes.contract.durations import render_duration


class DriftLimits(NamedTuple):
    """What a table may come to; None where nobody minds."""

    loss: Money | None = None
    """On a thousand orders."""
    cheaper: Decimal | None = None
    """Percent of the lanes that are too cheap."""
    age: float | None = None
    """Seconds since the oldest price was found out."""


def passed(report: DriftReport, limits: DriftLimits) -> Iterator[str]:
    """Every threshold that a report passed, in words, with how much there is and how much may be."""
    sides = {"receipts": report.against_receipts, "the fresh sample": report.against_fresh}
    for name, side in sides.items():
        if side is not None:
            yield from _passed_by(side, name, report.currency, limits)
    if limits.age is not None and report.age > limits.age:
        days = Decimal(int(report.age)) / 86_400
        yield f"the oldest price is {days:.1f} days old, above {render_duration(limits.age)}"


def _passed_by(side: DriftSide, name: str, currency: str, limits: DriftLimits) -> Iterator[str]:
    total = side.total
    if limits.loss is not None:
        loss = Money(minor=total.loss_per_thousand, currency=currency)
        # the exact loss decides: what is told is rounded
        if total.loss * 1000 > limits.loss.minor * total.compared:
            yield f"by {name}, a thousand orders lose {loss}, above {limits.loss}"
    if limits.cheaper is not None and total.cheaper * 100 > limits.cheaper * total.compared:
        found, most = (f"{percent.normalize():f} %" for percent in (total.cheaper_percent, limits.cheaper))
        yield f"by {name}, {found} of the lanes are too cheap, above {most}"
