"""Honest tables: a price by state, capital or interior, and weight, as a carrier means them, and nothing odd.

Nothing here knows code of the audit: a test breaks one cell or row of such a table, and the audit has to find it there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from hypothesis import strategies as st

from portes.contract.states import states
from portes.tables import ReadOptions
from portes.tables.audit.auditing import AuditReport, audit_table
from portes.tables.places.lookup import ranges_of

HEADER = "service,postal_from,postal_to,weight_from_g,weight_to_g"
HEADER += ",price,price_per_extra_kg,percent_of_value,days_min,days_max"
ALL = tuple(state.code for state in states("BR"))
LADDERS = (
    (0, 300, 1000, 5000, 10000, 30000),
    (0, 500, 1000, 2000, 5000, 10000, 20000, 30000),
    (0, 1000, 5000, 10000, 50000, 100000),
)


@dataclass
class HonestRow:
    """One row, its price in cents."""

    service: str
    first: str
    last: str
    low: float
    high: float
    price: int
    per_kg: int
    percent: str
    days_min: int
    days_max: int
    state: str
    part: str

    def text(self) -> str:
        price, per_kg = (f"{cents // 100}.{cents % 100:02}" for cents in (self.price, self.per_kg))
        cells = (
            self.service,
            self.first,
            self.last,
            f"{self.low:g}",
            f"{self.high:g}",
            price,
            per_kg if self.per_kg else "",
        )
        return ",".join(map(str, (*cells, self.percent, self.days_min, self.days_max)))


@dataclass(repr=False)
class HonestTable:
    """Rows in the order of the file; the first stands in line 2."""

    rows: list[HonestRow] = field(default_factory=list)

    def text(self) -> str:
        return "\n".join([HEADER, *(row.text() for row in self.rows)]) + "\n"

    def line(self, row: HonestRow) -> int:
        return next(at for at, one in enumerate(self.rows) if one is row) + 2

    def lane(self, row: HonestRow) -> list[HonestRow]:
        key = row.service, row.first, row.last
        return [one for one in self.rows if (one.service, one.first, one.last) == key]

    def audited(self, folder: Path, **options: object) -> AuditReport:
        path = folder / "table.csv"
        path.write_text(self.text(), encoding="utf-8")
        return audit_table(path, "plain", ReadOptions("BR", "BRL", **options))  # type: ignore[arg-type]


@st.composite
def honest_tables(draw: st.DrawFn, of: Sequence[str] = ALL) -> HonestTable:
    """A table of the whole country, or of some states, by one or two services."""
    ladder = draw(st.sampled_from(LADDERS))
    factors = {state: draw(st.integers(80, 320)) for state in ALL}
    capital = draw(st.sampled_from((70, 80, 90, 100, 115)))
    steps = draw(st.lists(st.integers(117, 190), min_size=len(ladder) - 2, max_size=len(ladder) - 2))
    base = [draw(st.integers(811, 2500))]
    for step in steps:
        base.append(base[-1] * step // 100)
    per_kg = base[-1] * 1000 // ladder[-1]
    names = draw(st.sampled_from((("economy",), ("economy", "express"))))
    days = {state: draw(st.integers(1, 9)) for state in ALL}
    table = HonestTable()
    for name in names:
        dear = 100 if name == "economy" else 165
        for state, part, first, last in _places(of):
            factor = factors[state] * dear * (capital if part == "capital" else 100)
            for at, price in enumerate(base):
                top = at == len(base) - 1
                row = HonestRow(
                    name, first, last, ladder[at], ladder[at + 1], price * factor // 10**6, per_kg if top else 0,
                    "0.30%", days[state], days[state] + 2, state, part,
                )  # fmt: skip
                table.rows.append(row)
    return table


def _places(of: Sequence[str]) -> Iterator[tuple[str, str, str, str]]:
    for state in of:
        for part in ("capital", "interior") if state != "DF" else ("capital",):
            for first, last in ranges_of("BR", state, part):
                yield state, part, first, last
