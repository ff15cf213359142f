"""The compiled index finds what a slow and obvious scan finds."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from found_rows import cents
from hypothesis import given
from hypothesis import strategies as st

from portes.tables import FoundRow, NoRow, RateTable, ReadOptions, open_table

BRAZIL = ReadOptions(country="BR", currency="BRL")
HEADER = "service,postal_from,postal_to,weight_from_g,weight_to_g,price,price_per_extra_kg,days_max\n"


@dataclass(frozen=True)
class Line:
    """One row, as the test means it."""

    service: str
    postal_from: int
    postal_to: int
    weight_from: int
    weight_to: int
    price: int
    per_kg: int
    highest: bool

    def text(self) -> str:
        price, per_kg = f"{self.price / 100:.2f}", f"{self.per_kg / 100:.2f}"
        place = f"{self.service},{self.postal_from:08d},{self.postal_to:08d}"
        return f"{place},{self.weight_from},{self.weight_to},{price},{per_kg},3\n"

    def holds(self, weight: int) -> bool:
        above = self.highest and self.per_kg > 0
        return (weight > self.weight_from or self.weight_from == 0) and (weight <= self.weight_to or above)


@st.composite
def ranges(draw: st.DrawFn) -> list[tuple[int, int]]:
    """Postal ranges that do not overlap; some of one code, some side by side."""
    borders = draw(st.lists(st.integers(0, 99_999_999), min_size=2, max_size=24, unique=True))
    ordered = sorted(borders)[: len(borders) // 2 * 2]
    apart = list(zip(ordered[::2], ordered[1::2], strict=True))
    touching = [half for low, high in apart for half in ((low, (low + high) // 2), ((low + high) // 2 + 1, high))]
    return draw(st.sampled_from([apart, touching, [(low, low) for low, _ in apart]]))


@st.composite
def tables(draw: st.DrawFn) -> list[Line]:
    lines = []
    for service in draw(st.lists(st.sampled_from(["a", "b", "c"]), min_size=1, max_size=3, unique=True)):
        for postal_from, postal_to in draw(ranges()):
            limits = sorted(draw(st.sets(st.integers(1, 40), min_size=1, max_size=4)))
            per_kg = draw(st.sampled_from([0, 250]))
            for low, high in zip([0, *limits], limits, strict=False):
                price = draw(st.integers(1, 99_999))
                lines.append(Line(service, postal_from, postal_to, low, high, price, per_kg, high == limits[-1]))
    return draw(st.permutations(lines))


def scan(lines: Sequence[Line], service: str, code: int, weight: int) -> int | NoRow:
    if service not in {line.service for line in lines}:
        return NoRow.SERVICE
    here = [line for line in lines if line.service == service and line.postal_from <= code <= line.postal_to]
    if not here:
        return NoRow.RANGE
    return next((line.price for line in here if line.holds(weight)), NoRow.ABOVE)


def opened(lines: Sequence[Line], *, state: bool) -> RateTable:
    with TemporaryDirectory() as folder:
        path = Path(folder, "table.csv")
        path.write_text(HEADER + "".join(line.text() for line in lines))
        if state:
            open_table(path, "plain", BRAZIL, Path(folder))
        return open_table(path, "plain", BRAZIL, Path(folder) if state else None)


@given(tables(), st.data())
def test_the_index_agrees_with_a_scan(lines: list[Line], data: st.DataObject) -> None:
    table = opened(lines, state=data.draw(st.booleans()))
    edges = sorted(
        {code + step for line in lines for code in (line.postal_from, line.postal_to) for step in (-1, 0, 1)}
    )
    codes = st.one_of(st.sampled_from([code for code in edges if 0 <= code <= 99_999_999]), st.integers(0, 99_999_999))
    for _ in range(20):
        service, code, weight = data.draw(st.sampled_from("abcd")), data.draw(codes), data.draw(st.integers(0, 42))

        row = table.find(service, f"{code:08d}", weight)

        assert scan(lines, service, code, weight) == (cents(row.price) if isinstance(row, FoundRow) else row)


def test_every_border_of_many_ranges_is_found() -> None:
    lines = [Line("a", n * 20_000, n * 20_000 + 9_999, 0, 1000, n + 1, 0, highest=True) for n in range(5000)]
    table = opened(lines, state=False)

    for line in lines:
        for code, expected in (
            (line.postal_from, line.price),
            (line.postal_to, line.price),
            (line.postal_to + 1, NoRow.RANGE),
        ):
            row = table.find("a", f"{code:08d}", 1)
            assert expected == (cents(row.price) if isinstance(row, FoundRow) else row)


def test_a_row_takes_few_bytes() -> None:
    lines = [Line("a", n * 2000, n * 2000 + 999, low, low + 10, n + 1, 0, highest=low == 90)
             for n in range(3000) for low in range(0, 100, 10)]  # fmt: skip
    table = opened(lines, state=False)

    assert table.size < 32 * table.summary.rows
