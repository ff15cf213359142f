"""Ranges that overlap, ranks, holes and origins: the index finds what the definitions say, word for word."""

from collections.abc import Callable, Sequence

import pytest
from found_rows import cents
from hypothesis import given
from hypothesis import strategies as st
from overlapping_groups import CODES, ORIGINS, Group, compiled, overlapping_groups

from portes.errors import Problem
from portes.tables import ON_REQUEST, FoundRow, Hole, NoRow, Overlap, RateTable, ReadOptions

Opened = Callable[..., RateTable]
Found = Callable[..., tuple[Problem, ...]]

HEADER = "postal_from,postal_to,weight_from_g,weight_to_g,price,days_max\n"
NESTED = (
    HEADER
    + "01000000,05999999,0,1000,10.00,3\n"
    + "01300000,01399999,0,1000,20.00,3\n"
    + "01310000,01310999,0,1000,15.00,3\n"
)
UNHELD = {NoRow.ABOVE, NoRow.BELOW, NoRow.HOLE}


def layers_of(groups: Sequence[Group], code: int, origin: int | None, overlap: Overlap) -> list[list[Group]]:
    """Those that hold a code, the highest rank first; of a rank all of them, or the narrowest alone."""
    here = [group for group in groups if group.holds(code, origin)]
    layers = [[one for one in here if one.rank == rank] for rank in sorted({one.rank for one in here}, reverse=True)]
    if overlap == "dearest":
        return layers
    return [[one for one in layer if one.narrowness() == min(map(Group.narrowness, layer))] for layer in layers]


def expected(
    groups: Sequence[Group], code: int, weight: int, origin: int | None, overlap: Overlap, hole: Hole
) -> list[int] | NoRow:
    if not any(group.prices_from(origin) for group in groups):
        return NoRow.ORIGIN
    layers = layers_of(groups, code, origin, overlap)
    if not layers:
        return NoRow.RANGE
    reasons = set()
    for way in ("fail", hole):
        for layer in layers:
            said = [one.price(weight, way) for one in layer]
            reasons |= {one for one in said if isinstance(one, NoRow)}
            if held := [one for one in said if not isinstance(one, NoRow)]:
                return NoRow.ON_REQUEST if ON_REQUEST in held else sorted(held)
    return reasons.pop() if len(reasons) == 1 else NoRow.HOLE


def is_sound(groups: Sequence[Group], overlap: Overlap, hole: Hole) -> bool:
    """Whether nothing is left open: which range counts, and what prices a hole."""
    holes = any(
        high.low > low.high for one in groups for low, high in zip(one.brackets, one.brackets[1:], strict=False)
    )
    everywhere = [layer for code in CODES for origin in (*ORIGINS, None)
                  for layer in layers_of(groups, code, origin, "dearest")]  # fmt: skip
    if overlap == "reject_table":
        clear = all(len(layer) == 1 for layer in everywhere)
    else:
        clear = overlap == "dearest" or all(
            len(layer) == 1 for code in CODES for origin in (*ORIGINS, None)
            for layer in layers_of(groups, code, origin, overlap)
        )  # fmt: skip
    return clear and (hole != "reject_table" or not holes)


@given(
    overlapping_groups(),
    st.sampled_from(["reject_table", "narrowest", "dearest"]),
    st.sampled_from(["reject_table", "fail", "next_bracket"]),
    st.booleans(),
    st.data(),
)
def test_the_index_says_what_the_definitions_say(
    groups: list[Group], overlap: Overlap, hole: Hole, mapped: bool, data: st.DataObject  # noqa: FBT001
) -> None:  # fmt: skip
    options = ReadOptions(country="BR", currency="BRL", overlap=overlap, hole=hole)
    table = compiled(data.draw(st.permutations(groups)), options, mapped=mapped)

    assert (table is not None) == is_sound(groups, overlap, hole)
    if table is None:
        return
    for code in CODES:
        for origin in (*ORIGINS, None):
            for weight in range(0, 20, 1):
                right = expected(groups, code, weight, origin, overlap, hole)
                asked = ("a", f"{code:08d}", weight, "" if origin is None else f"{origin:08d}")
                every, one = table.find_all(*asked), table.find(*asked)
                assert right == (every if isinstance(every, NoRow) else sorted(row.price for row in every)), asked
                assert one == (every if isinstance(every, NoRow) else max(every, key=lambda row: row.price)), asked


def priced(table: RateTable, code: str) -> list[int]:
    rows = table.find_all("", code, 500)
    assert isinstance(rows, tuple)
    return [cents(row.price) for row in rows]


def test_overlapping_ranges_are_a_problem_that_names_the_policies(problems: Found) -> None:
    first, second = problems(NESTED)

    assert (first.line, first.value) == (3, "01300000-01399999")
    assert first.cause == "overlaps the postal range 01000000-05999999 of line 2"
    assert 'overlap = "narrowest" or overlap = "dearest"' in first.fix
    assert second.line == 4


def test_the_narrowest_range_counts_where_that_is_said(opened: Opened) -> None:
    table = opened(NESTED, overlap="narrowest")

    assert [priced(table, code) for code in ("01000000", "01300000", "01310500", "01311000", "01400000")] == [
        [1000], [2000], [1500], [2000], [1000],
    ]  # fmt: skip
    assert table.find("", "06000000", 500) is NoRow.RANGE


def test_every_range_is_a_candidate_where_the_dearest_counts(opened: Opened) -> None:
    table = opened(NESTED, overlap="dearest")

    assert sorted(priced(table, "01310500")) == [1000, 1500, 2000]
    dearest = table.find("", "01310500", 500)
    assert isinstance(dearest, FoundRow)
    assert cents(dearest.price) == 2000


def test_equally_narrow_ranges_are_a_problem_and_no_guess(problems: Found) -> None:
    rows = "01000000,01999999,0,1000,10.00,3\n01500000,02499999,0,1000,20.00,3\n"
    (wrong,) = problems(HEADER + rows, overlap="narrowest")

    assert wrong.line == 3
    assert wrong.cause == "is as narrow as the postal range 01000000-01999999 of line 2, and codes lie in both"


def test_more_ranges_over_one_code_than_a_quote_looks_at_are_a_problem(problems: Found) -> None:
    rows = "".join(f"{n:08d},{10**6 - n:08d},0,1000,10.00,3\n" for n in range(101))

    assert "more than 100 ranges" in problems(HEADER + rows, overlap="dearest")[0].cause
    assert not problems(HEADER + rows, overlap="narrowest")


def test_many_nested_ranges_are_searched_like_others(opened: Opened) -> None:
    small = "".join(f"{n * 1000:08d},{n * 1000 + 99:08d},0,1000,{n + 1}.00,3\n" for n in range(3000))
    table = opened(f"{HEADER}00000000,99999999,0,1000,7000.00,3\n{small}", overlap="narrowest")

    for n in range(3000):
        assert priced(table, f"{n * 1000 + 99:08d}") == [(n + 1) * 100]
        assert priced(table, f"{n * 1000 + 100:08d}") == [700_000]


def test_a_range_that_is_hidden_and_one_that_is_cut_in_two_leave_each_segment_its_price(opened: Opened) -> None:
    table = opened(
        f"{HEADER}00000000,00000099,0,1000,1.00,3\n00000000,00000049,0,1000,2.00,3\n00000050,00000099,0,1000,3.00,3\n"
        "00000200,00000299,0,1000,4.00,3\n00000220,00000229,0,1000,5.00,3\n",
        overlap="narrowest",
    )
    codes = {"00000049": 200, "00000050": 300, "00000219": 400, "00000220": 500, "00000230": 400}

    assert {code: priced(table, code) for code in codes} == {code: [price] for code, price in codes.items()}


@pytest.mark.parametrize(("hole", "said"), [("fail", NoRow.HOLE), ("next_bracket", 2000)])
def test_a_hole_between_brackets_is_no_refusal(opened: Opened, hole: str, said: object) -> None:
    table = opened(HEADER + "01000000,05999999,0,1000,10.00,3\n01000000,05999999,1500,5000,20.00,3\n", hole=hole)

    row = table.find("", "01512651", 1200)
    assert (cents(row.price) if isinstance(row, FoundRow) else row) == said
    held = table.find("", "01512651", 1500)
    assert isinstance(held, FoundRow)


def test_a_weight_below_the_lowest_bracket_is_a_hole_that_the_next_bracket_fills(opened: Opened) -> None:
    text = HEADER + "01000000,05999999,500,1000,10.00,3\n"

    assert opened(text).find("", "01512651", 499) is NoRow.BELOW
    assert isinstance(opened(text, hole="next_bracket").find("", "01512651", 499), FoundRow)


def test_a_hole_names_the_policies(problems: Found) -> None:
    (wrong,) = problems(HEADER + "01000000,05999999,0,1000,10.00,3\n01000000,05999999,1500,5000,20.00,3\n")

    assert 'hole = "fail" or hole = "next_bracket"' in wrong.fix
