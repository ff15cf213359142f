"""What a full price of Brazilian road freight costs in time beside a bare row, in one run.

The full one has ten components: tiers of the invoice, a percentage of named parts, conditions by state, a least
freight and the tax of the lane. Neither looks a row up; the row is the same.
"""

from collections.abc import Iterator, Sequence
from statistics import median
from time import perf_counter_ns

from benchmarks.report import Report

from portes.tables import Component, Fee, FoundRow, Lane, PricedLoad, Tariff, TariffPricer, Tax, Terms, Tier

BRL = 100 * 10**6
PERCENT = 10**6
TIMES = 20_000
LANES = (Lane("SC", "PR"), Lane("SC", "SP"), Lane("SC", "BA"), Lane("SC", "AM"))
NORTH = frozenset(["AC", "AM", "AP", "PA", "RO", "RR", "TO"])
FULL = Tariff(
    components=(
        Component("ad_valorem", tiers=(Tier(1383_23, 437_000_000), Tier())),
        Component(
            "risk_management", tiers=(Tier(10_000_00, percent=100_000), Tier(percent=230_000)), least=155_000_000
        ),
        Component("toll", 863_000_000, "started_100_kg", states=NORTH),
        Component("toll", 646_000_000),
        Component("dispatch", 5 * BRL),
        Component("document", 2 * BRL),
        Component("administration", 566_000_000),
        Component("restricted_traffic", percent=10 * PERCENT, of=("base", "toll", "risk_management"), least=20 * BRL),
        Component("risk", percent=PERCENT, least=3 * BRL),
        Component("extra", percent=5 * PERCENT),
    ),
    least_freight=60 * BRL,
    outside_least=("restricted_traffic",),
    tax=Tax("inside", interstate="BR"),
)
ROW = FoundRow(
    86_60 * 10**6,
    100 * 10**6,
    Terms(2, 3, extra_per_kg=86_500_000, extra_step=10**6, fees=(Fee("ad_valorem", percent=316_000),)),
)
HEADINGS = ("what is priced", "µs", "µs more than a bare row")


def run() -> Iterator[Report]:
    """Measure a bare row and a full tariff, both warm, one after the other in turns."""
    bare, full = TariffPricer(Tariff()), TariffPricer(FULL)
    spans: dict[str, list[int]] = {"a row with a percentage": [], "ten components, least freight, tax": []}
    for _ in range(5):
        for name, pricer in zip(spans, (bare, full), strict=True):
            spans[name] += _spans(pricer)
    figures = {name: median(times) / 1000 for name, times in spans.items()}
    least = min(figures.values())
    rows = [(name, f"{time:.1f}", f"{time - least:.1f}") for name, time in figures.items()]
    yield Report(
        f"Pricing a row: median of {5 * TIMES:,}", HEADINGS, rows, "Aim: less than 25 µs more on a quiet core."
    )


def _spans(pricer: TariffPricer) -> Sequence[int]:
    spans = []
    for at in range(TIMES):
        load, lane = PricedLoad(357_508_800 + at, 8990_00 + at), LANES[at % len(LANES)]
        begun = perf_counter_ns()
        pricer.charge(ROW, load, lane)
        spans.append(perf_counter_ns() - begun)
    return spans


if __name__ == "__main__":
    for report in run():
        print(report)
