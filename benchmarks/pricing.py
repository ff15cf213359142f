"""What a full price of Brazilian road freight costs in time beside a bare row, in one run.

The full one has ten components: tiers of the invoice, a percentage of named parts, conditions by state, a least
freight and the tax of the lane. Neither looks a row up; the row is the same. The third has three fee tables beside
them, of 1,700 towns, of 600 streets and of a zone with seven tiers, and looks each of them up for every price.
"""

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter_ns

from benchmarks.report import Report

from portes.tables import (
    Candidates,
    Component,
    Fee,
    FoundRow,
    Lane,
    NoRow,
    PricedLoad,
    RateTable,
    ReadOptions,
    Tariff,
    TariffPricer,
    Tax,
    Terms,
    Tier,
    open_table,
)

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


TABLES = ("hard_access", "metropolitan", "risk")
BY_PLACE = FULL._replace(
    components=(*FULL.components[:-2], *(Component(name, table=at) for at, name in enumerate(TABLES)))
)
BRAZIL = ReadOptions(country="BR", currency="BRL", of_fees=True)
TIERS = (0, 100, 200, 300, 500, 1000, 1500)


def run() -> Iterator[Report]:
    """Measure a bare row, a full tariff and one with fee tables, all warm, one after the other in turns."""
    with TemporaryDirectory() as folder:
        tables = _tables(Path(folder))
    pricers = {
        "a row with a percentage": TariffPricer(Tariff()),
        "ten components, least freight, tax": TariffPricer(FULL),
        "eight components, three fee tables looked up, least freight, tax": TariffPricer(BY_PLACE),
    }
    spans: dict[str, list[int]] = {name: [] for name in pricers}
    for _ in range(5):
        for name, pricer in pricers.items():
            spans[name] += _spans(pricer, tables)
    figures = {name: median(times) / 1000 for name, times in spans.items()}
    least = min(figures.values())
    rows = [(name, f"{time:.1f}", f"{time - least:.1f}") for name, time in figures.items()]
    yield Report(
        f"Pricing a row: median of {5 * TIMES:,}", HEADINGS, rows, "Aim: less than 25 µs more on a quiet core."
    )


def _tables(folder: Path) -> Sequence[RateTable]:
    """Fee tables of a carrier's size: towns, a zone with tiers, streets; some codes are in all, some in none."""
    wide = [f"{at * 50_000:08d},{at * 50_000 + 30_000:08d},0,,{20 + at % 40}.06" for at in range(1_700)]
    ends = (*map(str, TIERS[1:]), "")
    tiers = [f"00000000,59999999,{low},{high},{66 + low}.10" for low, high in zip(TIERS, ends, strict=True)]
    streets = [f"{at * 100_000:08d},{at * 100_000 + 50_000:08d},0,,64.70" for at in range(600)]
    return [_table(folder / f"{at}.csv", rows) for at, rows in enumerate((wide, tiers, streets))]


def _table(path: Path, rows: Sequence[str]) -> RateTable:
    path.write_text("\n".join(("postal_from,postal_to,weight_from_kg,weight_to_kg,price", *rows)))
    return open_table(path, "plain", BRAZIL)


def _rows(tables: Sequence[RateTable], postal_code: str, grams: int, number: int) -> Candidates:
    found = tables[number].find("", postal_code, grams)
    return () if isinstance(found, NoRow) else (found,)


def _spans(pricer: TariffPricer, tables: Sequence[RateTable]) -> Sequence[int]:
    spans = []
    for at in range(TIMES):
        load, lane = PricedLoad(357_508_800 + at, 8990_00 + at), LANES[at % len(LANES)]
        code = f"{at * 4_999 % 10**8:08d}"
        begun = perf_counter_ns()
        pricer.charge(ROW, load, lane, partial(_rows, tables, code, 357_509))
        spans.append(perf_counter_ns() - begun)
    return spans


if __name__ == "__main__":
    for report in run():
        print(report)
