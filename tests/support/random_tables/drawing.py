"""Strategies: random tables within what a format can hold, and shipments at and about their borders."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from random import Random

from hypothesis import strategies as st

from random_tables.nouns import Asked, Axis, Bracket, Holds, Lane, RandomTable, Spot

STATES = {"SP": ("01000000", "19999999"), "RJ": ("20000000", "28999999"), "SC": ("88000000", "89999999")}
"""States and the codes that the post has for them."""
TOWNS = {("PR", "Maringá"): ("87000000", "87109999"), ("RS", "Campinas do Sul"): ("99660000", "99664999")}
ORIGINS = (("80000000", "82999999"), ("90000000", "91999999"))
_ELSEWHERE = ("", "79999999", "80000000", "83000000", "90000000")
_WIDTH = {"BR": 8, "ES": 5}
_UNTIL: dict[Axis, int] = {"weight": 300_000, "value": 500_000, "units": 60, "volume": 900_000}
_CENTS = st.integers(1, 99_999_99)


@st.composite
def random_tables(draw: st.DrawFn, holds: Holds) -> RandomTable:
    """A table that a format can hold."""
    axis = draw(st.sampled_from(holds.axes))
    spots = draw(_nested() if holds.nested else _apart(holds))
    origins: Sequence[tuple[str, str] | None] = (None,)
    if holds.origins == "needed" or (holds.origins and draw(st.booleans())):
        origins = draw(st.lists(st.sampled_from(ORIGINS), min_size=1, unique=True))
    borders = draw(_borders(holds, axis))
    services = draw(st.lists(st.sampled_from(holds.services), min_size=1, unique=True))
    keys = [(service, spot, origin) for service in services for spot in spots for origin in origins]
    kept = draw(st.lists(st.sampled_from(keys), min_size=1, max_size=6, unique=True))
    excess = holds.excess if axis == "weight" else ""
    lanes = tuple(draw(_lanes(holds, axis, excess, key, borders)) for key in kept)
    return RandomTable(axis, excess, lanes, draw(st.booleans()), apart=holds.apart and draw(st.booleans()))


@st.composite
def _apart(draw: st.DrawFn, holds: Holds) -> list[Spot]:
    """Places that do not overlap: each kind has a part of the country to itself."""
    found: list[Spot] = []
    if "range" in holds.places:
        low, high = (1_000_000, 99_999_999) if holds.places == ("range",) else (40_000_000, 48_999_999)
        ends = sorted(draw(st.sets(st.integers(low, high), min_size=2, max_size=6)))
        found += [Spot("range", f"{first:08}", f"{last:08}") for first, last in [*pairwise(ends)][::2]]
    if "zone" in holds.places:
        ends = sorted(draw(st.sets(st.integers(50_000_000, 59_999_999), min_size=2, max_size=6)))
        found += [
            Spot("zone", f"{first:08}", f"{last:08}", f"zone {at}")
            for at, (first, last) in enumerate([*pairwise(ends)][::2])
        ]
    if "state" in holds.places:
        found += [Spot("state", *ends, state=state) for state, ends in STATES.items()]
    if "town" in holds.places:
        found += [Spot("town", *ends, name=town, state=state) for (state, town), ends in TOWNS.items()]
    if "province" in holds.places:
        found += [
            Spot("province", f"{at:02}000", f"{at:02}999") for at in draw(st.sets(st.integers(1, 30), min_size=1))
        ]
        codes = draw(st.sets(st.integers(31_000, 52_999), max_size=3))
        found += [Spot("code", f"{code:05}", f"{code:05}") for code in codes]
    return found


@st.composite
def _nested(draw: st.DrawFn) -> list[Spot]:
    """A country, states of it, and codes in these states."""
    codes = draw(st.sets(st.integers(1_000_000, 28_999_999), max_size=3))
    found = [Spot("country", "00000000", "99999999")]
    found += [Spot("state", *ends, state=state, depth=1) for state, ends in STATES.items()]
    for code in (f"{code:08}" for code in codes):
        state = next(state for state, (first, last) in STATES.items() if first <= code <= last)
        found.append(Spot("code", code, code, state=state, depth=2))
    return found


@st.composite
def _borders(draw: st.DrawFn, holds: Holds, axis: Axis) -> list[int]:
    """Borders of brackets, rising; the first may be nothing."""
    step = _step(holds, axis)
    borders = st.sets(st.integers(1, _UNTIL[axis] // step), min_size=2, max_size=4)
    return [border * step for border in sorted(draw(borders))]


def _step(holds: Holds, axis: Axis) -> int:
    return holds.step if axis == "weight" else 1


@st.composite
def _lanes(
    draw: st.DrawFn, holds: Holds, axis: Axis, excess: str, key: tuple[str, Spot, tuple[str, str] | None],
    shared: list[int],
) -> Lane:  # fmt: skip
    borders = shared if holds.brackets == "shared" else draw(_borders(holds, axis))
    brackets = tuple(draw(_brackets(holds, _step(holds, axis), borders)))
    days = {"none": (0, 0), "five": (5, 5)}.get(holds.days)
    if days is None:
        first, more = draw(st.integers(0, 30)), draw(st.integers(0, 9))
        days = (first, first + (more if holds.days == "span" else 0))
    charged = excess and (excess == "whole" or brackets[-1].up_to is not None)
    share = draw(st.sampled_from([0, 1, 30, 250])) if holds.share else 0
    return Lane(
        *key,
        days,
        brackets,
        per_kg=draw(st.sampled_from([0, 1, 87, 1234])) if charged else 0,
        share=share,
        least=draw(st.sampled_from([0, 155, 2000])) if holds.least and share else 0,
        fixed=draw(st.sampled_from([0, 250])) if holds.fixed else 0,
        per_unit=draw(st.sampled_from([0, 199])) if holds.per_unit else 0,
        minimum=draw(st.sampled_from([0, 5000])) if holds.minimum else 0,
        tax=draw(st.sampled_from([0, 7, 12])) if holds.tax else 0,
        max_volume=draw(st.sampled_from([0, 120_000])) if holds.max_volume else 0,
    )


@st.composite
def _brackets(draw: st.DrawFn, holds: Holds, step: int, borders: list[int]) -> Iterator[Bracket]:
    price = st.one_of(_CENTS, _CENTS, _CENTS, st.none()) if holds.on_request else _CENTS
    if holds.brackets == "one":
        return iter([Bracket(0, None, draw(_CENTS), joined=False)])
    spans: list[tuple[int, int | None]] = [*pairwise([0, *borders])]
    if holds.always_open or (holds.open_top and draw(st.booleans())):
        spans.append((borders[-1], None))
    wide = [span for span in spans[: -1 if holds.holes else 1] if len(spans) > 1 and (span[1] or 0) - span[0] > step]
    gone = draw(st.sets(st.sampled_from(wide), max_size=1)) if wide else ()
    kept = [span for span in spans if span not in gone]
    before = 0
    found = []
    for low, up_to in kept:
        found.append(Bracket(low, up_to, draw(price), joined=low > 0 and (low == before or holds.brackets == "shared")))
        before = up_to or 0
    return iter(found)


def random_shipments(table: RandomTable, holds: Holds, chance: Random) -> Iterator[Asked]:
    """Shipments without end: most are of one lane, within it and at its borders, and some of none."""
    width = _WIDTH[holds.country]
    while True:
        lane = chance.choice(table.lanes)
        first, last = int(lane.spot.first), int(lane.spot.last)
        code = chance.choice(
            (first - 1, first, last, last + 1, chance.randint(first, last), chance.randrange(10**width))
        )
        borders = [border for one in lane.brackets for border in (one.low, one.up_to or 0)]
        own = chance.choice([*borders, chance.randrange(2 * _UNTIL[table.axis])]) + chance.choice((-1, 0, 1))
        measures: dict[Axis, int] = {
            "weight": chance.randrange(1, 400_000),
            "value": chance.randrange(10**6),
            "units": chance.randrange(1, 40),
            "volume": chance.choice((1, 120_000, 120_001)),
            table.axis: max(1, own),
        }
        yield Asked(
            service=_mostly(lane.service, ["unheard of"], chance),
            code=f"{min(max(code, 0), 10**width - 1):0{width}}",
            origin=_mostly(lane.origin[1], _ELSEWHERE, chance) if lane.origin else "",
            grams=measures["weight"],
            value=measures["value"] if table.axis == "value" or chance.randrange(6) else None,
            units=measures["units"],
            cm3=measures["volume"],
        )


def _mostly(usual: str, others: Sequence[str], chance: Random) -> str:
    return usual if chance.randrange(12) else chance.choice(others)
