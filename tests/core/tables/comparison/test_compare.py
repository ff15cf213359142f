"""Two tables compared lane by lane, held against looking every lane up by itself."""

from collections import Counter
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portes.errors import SettingsError
from portes.tables import FoundRow, RateTable, ReadOptions
from portes.tables.comparison import TableDifference, compare_tables
from portes.tables.comparison.compare import ComparisonLimits
from portes.tables.comparison.regions import region_spans
from portes.tables.opening import open_table

Opened = Callable[..., RateTable]
HEADER = "service,postal_from,postal_to,weight_from_g,weight_to_g,price,price_per_extra_kg,days_max\n"
FIRST = 1_000_000
"""A code of the capital of São Paulo, 01000000."""


def lines(*rows: Sequence[object]) -> str:
    return HEADER + "".join(f"{','.join(map(str, row))}\n" for row in rows)


def row(
    price: object, codes: tuple[str, str] = ("01000000", "01000009"), service: str = "", **more: Any
) -> list[object]:
    low, high = more.get("weights", (0, 1000))
    return [service, *codes, low, high, price, more.get("extra", ""), more.get("days", 3)]


def test_a_rise_is_dearer_and_told_in_hundredths_of_a_percent(opened: Opened) -> None:
    found = compare_tables(opened(lines(row("10.00"))), opened(lines(row("12.50"))))

    ((key, cell),) = found.cells.items()
    assert key == ("", "SP capital", (0, 1000))
    assert (cell.dearer, cell.cheaper, cell.same, cell.rise, found.median) == (10, 0, 0, 2500, 2500)


def test_a_place_and_a_bracket_that_come_and_go_are_gained_and_lost(opened: Opened) -> None:
    before = lines(row("10"), row("20", ("20000000", "20000004")))
    after = lines(row("10"), row("15", weights=(1000, 5000)))
    found = compare_tables(opened(before), opened(after))

    assert {
        (region, bracket): (cell.gained, cell.lost, cell.same) for (_, region, bracket), cell in found.cells.items()
    } == {
        ("SP capital", (0, 1000)): (0, 0, 10),
        ("SP capital", (1000, 5000)): (10, 0, 0),
        ("RJ capital", (0, 1000)): (0, 5, 0),
    }


def test_days_and_other_terms_are_told_beside_the_price(opened: Opened) -> None:
    slower = compare_tables(opened(lines(row("10", days=3))), opened(lines(row("10", days=5)))).total
    faster = compare_tables(opened(lines(row("10", days=5))), opened(lines(row("10", days=3)))).total
    fee = HEADER.replace("price_per_extra_kg", "percent_of_value") + ",01000000,01000009,0,1000,10,{},3\n"
    fees = compare_tables(opened(fee.format(1)), opened(fee.format(2))).total

    assert (slower.slower, slower.faster, slower.same, slower.otherwise) == (10, 0, 10, 0)
    assert (faster.slower, faster.faster) == (0, 10)
    assert (fees.otherwise, fees.same) == (10, 10)


def test_capital_and_interior_of_a_state_are_told_apart_and_what_lies_in_none(opened: Opened) -> None:
    table = lines(row("10", ("00000000", "99999999")))
    regions = compare_tables(opened(table), opened(table)).by_region()

    assert {"SP capital", "SP interior", "DF", ""} <= regions.keys()
    assert sum(cell.same for cell in regions.values()) == 10**8


@pytest.mark.parametrize("country", ["BR", "ES", "PT", "GB"])
def test_every_code_of_a_country_lies_in_one_region(country: str) -> None:
    spans = region_spans(country)

    assert spans[0].first == 0
    assert all(one.last + 1 == other.first for one, other in pairwise(spans))


def test_the_median_is_of_lanes_not_of_rows(opened: Opened) -> None:
    before = lines(row("10"), row("10", ("20000000", "20999999")))
    after = lines(row("20"), row("11", ("20000000", "20999999")))

    assert compare_tables(opened(before), opened(after)).median == 1000


def test_a_region_counts_as_far_when_more_than_half_of_its_common_lanes_are(opened: Opened) -> None:
    """Half of the lanes is not yet more than half, and what only came or went has no price to differ from."""
    places = [("01000000", "01000009"), ("20000000", "20000009"), ("30000000", "30000099"), ("69900000", "69900004")]
    before = lines(*(row("10", place) for place in places))
    after = lines(
        *(row("10", ("01000000", "01000003")), row("12.01", ("01000004", "01000009"))),
        *(row("10", ("20000000", "20000004")), row("1", ("20000005", "20000009"))),
        *(row("12", ("30000000", "30000099")), row("1", ("69900000", "69900001"), weights=(0, 900))),
        row("8", ("69900002", "69900002"), weights=(900, 1000)),
    )
    found = compare_tables(opened(before), opened(after))

    assert found.regions_beyond(20) == {"SP capital": (6, 10), "AC capital": (2, 3)}
    assert [*found.regions_beyond(19)] == ["MG capital", "SP capital", "AC capital"]


def test_an_extra_weight_is_compared_at_both_ends_of_its_bracket(opened: Opened) -> None:
    """The same at the border, and twice as much above it."""
    before = lines(row("10", weights=(0, 1000)), row("20", weights=(1000, 10000), extra="1"))
    after = lines(row("10", weights=(0, 1000)), row("20", weights=(1000, 10000), extra="3"))
    found = compare_tables(opened(before), opened(after))

    above = found.cells["", "SP capital", (10000, 10**12)]
    assert (above.dearer, above.cheaper, above.same) == (10, 0, 0)
    assert found.cells["", "SP capital", (1000, 10000)].same == 10


def test_tables_of_two_currencies_do_not_compare(opened: Opened) -> None:
    with pytest.raises(SettingsError, match=r"BRL.*compare tables of one country, currency and axis"):
        compare_tables(opened(lines(row("10"))), opened(lines(row("10")), currency="USD"))


def test_progress_reaches_its_end(opened: Opened) -> None:
    told: list[tuple[str, int, int]] = []
    table = opened(lines(*(row("10", (f"{at:08d}", f"{at:08d}")) for at in range(1_000_000, 1_030_000))))
    compare_tables(table, table, lambda *one: told.append(one))

    assert len(told) > 1
    assert told[-1] == ("compared", 60_000, 60_000)


def test_progress_of_several_services_never_falls_and_counts_the_same_ranges(opened: Opened) -> None:
    told: list[tuple[str, int, int]] = []
    rows = (row("10", (f"{at:08d}", f"{at:08d}"), service) for service in "ab" for at in range(1_000_000, 1_000_300))
    table = opened(lines(*rows))
    compare_tables(table, table, lambda *one: told.append(one), ComparisonLimits(large=0, few=0, together=100))

    done = [done for _, done, _ in told]
    assert {total for _, _, total in told} == {1200}
    assert done == sorted(done)
    assert done[-1] == 1200
    assert len(set(done)) > 4


ONE_BY_ONE, AT_ONCE = ComparisonLimits(large=10**9), ComparisonLimits(large=0, few=0)
FEW_TOGETHER = ComparisonLimits(large=0, few=0, together=1)
CODES = range(FIRST, FIRST + 8)
BORDERS = (0, 10, 20, 30, 40)
WEIGHTS = (*BORDERS[1:], 100_040)
"""One in each bracket, and one far above all; rises by extra weight are never smaller at the other end."""


@st.composite
def tables(draw: st.DrawFn) -> str:
    """A small table with holes, overlaps, refusals, extra weight, two services and origins."""
    rows = []
    for _ in range(draw(st.integers(1, 6))):
        low = draw(st.integers(0, 7))
        high = draw(st.integers(low, 7))
        at, end = sorted(draw(st.lists(st.sampled_from(BORDERS), min_size=2, max_size=2, unique=True)))
        extra = draw(st.sampled_from(("", "", "5000")))
        price = draw(st.sampled_from(("0", "10", "11", "20")))
        origin = draw(st.sampled_from((",", ",", "01000000,01000003")))
        codes = f"{FIRST + low:08d},{FIRST + high:08d}"
        rows.append(f"{draw(st.sampled_from('ab'))},{codes},{at},{end},{price},{extra},3,{origin}\n")
    return HEADER.rstrip() + ",origin_from,origin_to\n" + "".join(rows)


def made(folder: Path, text: str, options: ReadOptions) -> RateTable | None:
    (folder / "table.csv").write_text(text)
    try:
        return open_table(folder / "table.csv", "plain", options)
    except SettingsError:  # a hole too narrow, two rows for one bracket
        return None


def cost(table: RateTable, service: str, code: int, weight: int, origin: str) -> int | None:
    found = table.find(service, f"{code:08d}", weight, origin)
    if not isinstance(found, FoundRow):
        return None
    over = max(0, weight * 1000 - found.extra_from)
    return found.price * 10**6 + over * found.terms.extra_per_kg


@given(
    tables(), tables(), st.sampled_from(("fail", "next_bracket")), st.sampled_from((ONE_BY_ONE, AT_ONCE, FEW_TOGETHER))
)
def test_counts_are_those_of_looking_every_lane_up(
    tmp_path_factory: pytest.TempPathFactory, one: str, other: str, hole: Any, limits: ComparisonLimits
) -> None:
    options = ReadOptions(country="BR", currency="BRL", overlap="dearest", hole=hole, zero_price="refuse")
    folder = tmp_path_factory.mktemp("tables")
    before, after = made(folder, one, options), made(folder, other, options)
    if before is None or after is None:
        return
    found = counted(compare_tables(before, after, limits=limits))

    expected: Counter[str] = Counter()
    origins = looked_up_origins(before, after)
    for service in "ab":
        for origin in origins[service]:
            for code in CODES:
                for weight in WEIGHTS:
                    was, now = (cost(table, service, code, weight, origin) for table in (before, after))
                    expected += Counter([outcome(was, now)] if (was, now) != (None, None) else [])
    assert found == expected


def counted(difference: TableDifference) -> Counter[str]:
    """What was found, counted once for each weight that is looked up in a bracket."""
    found: Counter[str] = Counter()
    for (_, _, (low, high)), cell in difference.cells.items():
        times = sum(low < weight <= high for weight in WEIGHTS)
        for name in ("dearer", "cheaper", "same", "gained", "lost"):
            found[name] += times * getattr(cell, name)
    return +found


def looked_up_origins(*pair: RateTable) -> dict[str, list[str]]:
    """One origin of each segment that the two tables part origins into, by service."""
    found: dict[str, list[str]] = {}
    for service in "ab":
        borders = set()
        for table in pair:
            spans = table.compiled.origins.get(service, [])
            borders |= {border for one in spans for border in (one.origin_first, one.origin_last + 1)}
            borders |= {-1, 10**8} if service in table.compiled.services else set()
        found[service] = ["" if one < 0 else f"{one:08d}" for one in sorted(borders)[:-1]]
    return found


def outcome(was: int | None, now: int | None) -> str:
    if was is None or now is None:
        return "gained" if was is None else "lost"
    return "same" if was == now else "dearer" if now > was else "cheaper"


def large(seed: int) -> str:
    """A table with fees, extra weight in steps, days and several ladders."""
    chance = Random(seed)  # noqa: S311 — prices, no secrets
    head = (
        "postal_from,postal_to,weight_from_g,weight_to_g,price,price_per_extra_kg,percent_of_value,minimum,days_max\n"
    )
    made = []
    for at in range(300):
        first = at * 300_000 + chance.choice((0, 0, 1000))
        for low, high in chance.choice((((0, 1000), (1000, 5000)), ((0, 2000), (2000, 9000)))):
            price, extra = chance.choice((0.5, 10, 10, 20.01, 20.02)), chance.choice(("", "", "1.5"))
            terms = f"{chance.choice(('', '1', '2'))},{chance.choice(('', '30'))},{chance.choice((3, 4))}"
            extra = extra if high in {5000, 9000} else ""
            made.append(f"{first:08d},{first + 200_000:08d},{low},{high},{price},{extra},{terms}\n")
    return head + "".join(made)


@pytest.mark.parametrize("seed", range(5))
def test_many_codes_at_once_give_what_one_by_one_gives(opened: Opened, seed: int) -> None:
    before, after = opened(large(seed)), opened(large(seed + 100))

    every = (ONE_BY_ONE, AT_ONCE, ComparisonLimits(large=0, few=24, together=50))
    one_by_one, at_once, in_parts = (compare_tables(before, after, limits=limits) for limits in every)

    assert at_once.cells == one_by_one.cells == in_parts.cells
    assert at_once.changes == one_by_one.changes == in_parts.changes
    assert at_once.percents == one_by_one.percents == in_parts.percents
    assert len(one_by_one.percents) > 1
    assert one_by_one.total.otherwise
    assert one_by_one.total.rise > one_by_one.total.fall
