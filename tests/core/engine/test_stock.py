"""Units in stock: an origin with too few does not stock a line, which may be split over several."""

from collections.abc import Callable, Sequence
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from shop import EXPRESS, brl, failure, item, member, origin, quoted, rate, refusal, request, service, too_heavy

from portes.catalogue import Catalogue, CatalogueEntry
from portes.contract import Failure, Item, Quote, Rate, Refusal, Shipment, Verdict
from portes.engine.policy import Member
from portes.engine.stock import LineStock
from portes.rules.protocol import Occasion

SERVICES = (service("n"), service("e", EXPRESS))
Said = Rate | Refusal | Failure


def counted(**skus: dict[int, int | None]) -> Catalogue:
    """A catalogue that says how many units of each SKU its origins have."""
    return Catalogue({sku: CatalogueEntry(origins=tuple(own), units=tuple(own.values())) for sku, own in skus.items()})


def carrier(**said: Sequence[Said]) -> Member:
    """A carrier that says this from origin `o1`, that from `o2`; nothing of a service is a refusal."""

    def says(shipment: Shipment) -> Sequence[Said]:
        own = said.get(f"o{shipment.origin.id}", ())
        named = {one.service for one in own}
        return [*own, *(refusal(code) for code in ("n", "e") if code not in named)]

    return member("a", says, *SERVICES)


def asked(*lines: Item, of: Member, stock: Catalogue, **more: Any) -> Quote:
    more.setdefault("origins", [origin(1), origin(2), origin(3), origin(4)])
    return quoted(request(*lines), of, catalogue=stock, **more)


def weights(one: Member) -> list[tuple[int, int]]:
    """Origin and grams of each shipment that a carrier was asked about."""
    return [(shipment.origin.id, shipment.weight) for shipment in one.carrier.asked]  # type: ignore[attr-defined] # scripted


EVERYWHERE: dict[str, Sequence[Said]] = {f"o{number}": [rate("n", 1000), rate("e", 2000)] for number in (1, 2, 3, 4)}


def test_an_origin_with_fewer_units_than_the_line_wants_does_not_stock_it() -> None:
    quote = asked(item("x", 3), of=carrier(**EVERYWHERE), stock=counted(x={1: 2, 2: 3}))

    assert {offer.origin_id for offer in quote.lines[0].offers} == {2}


def test_a_line_that_nobody_has_enough_of_is_refused_by_every_service_and_nobody_is_asked() -> None:
    everywhere = carrier(**EVERYWHERE)
    quote = asked(item("x", 4), of=everywhere, stock=counted(x={1: 3, 2: 3}))
    noes = quote.lines[0].refusals

    assert quote.verdict is Verdict.NOT_SERVED
    assert weights(everywhere) == []
    assert [(no.refusal.service, no.refusal.code, no.origin_id) for no in noes] == [
        ("n", "out_of_stock", 0),
        ("e", "out_of_stock", 0),
    ]
    assert noes[0].refusal.text == (
        "no origin has the 4 units: origin 1 has 3, origin 2 has 3; together they have enough, and split_lines is off"
    )


def test_without_enough_at_all_origins_together_a_line_is_not_split() -> None:
    quote = asked(item("x", 7), of=carrier(**EVERYWHERE), stock=counted(x={1: 3, 2: 3, 3: 0}), split_lines=True)

    assert quote.verdict is Verdict.NOT_SERVED
    assert quote.lines[0].refusals[0].refusal.text == (
        "no origin has the 7 units: origin 1 has 3, origin 2 has 3, origin 3 has none"
    )


def test_of_one_unit_that_nobody_has_its_line_says_so_in_the_singular() -> None:
    quote = asked(item("x", 1), of=carrier(**EVERYWHERE), stock=counted(x={1: 0, 2: 0}))

    assert quote.lines[0].refusals[0].refusal.text == "no origin has the 1 unit: origin 1 has none, origin 2 has none"


def test_a_split_line_is_one_offer_of_each_type_that_all_its_parts_have() -> None:
    said: dict[str, Sequence[Said]] = {"o1": [rate("n", 1001, (2, 3)), rate("e", 3000)], "o2": [rate("n", 500, (1, 7))]}
    split = carrier(**said)
    quote = asked(item("x", 5), of=split, stock=counted(x={1: 2, 2: 4}), split_lines=True)
    (offer,) = quote.lines[0].offers

    assert quote.verdict is Verdict.SERVED
    assert weights(split)[:2] == [(1, 1000), (2, 1500)]
    assert offer.price == brl(1501)
    assert (offer.lead_time.min, offer.lead_time.max) == (2, 7)
    assert offer.lead_time.latest > offer.lead_time.earliest
    assert (offer.origin_id, offer.rate.cost) == (2, brl(500))
    assert [(part.units, part.origin_id, part.price.minor) for part in offer.parts] == [(2, 1, 1001), (3, 2, 500)]


def test_a_line_that_one_origin_has_enough_of_is_not_split() -> None:
    quote = asked(item("x", 5), of=carrier(**EVERYWHERE), stock=counted(x={1: 4, 2: None, 3: 4}), split_lines=True)

    assert [(offer.origin_id, offer.parts) for offer in quote.lines[0].offers] == [(2, ()), (2, ())]


def test_the_parts_of_a_line_leave_from_others_where_one_of_its_origins_refuses() -> None:
    said: dict[str, Sequence[Said]] = {"o1": [rate("n", 100)], "o3": [rate("n", 300), rate("e", 900)]}
    quote = asked(item("x", 5), of=carrier(**said), stock=counted(x={1: 3, 2: 3, 3: 3}), split_lines=True)
    (offer,) = quote.lines[0].offers

    assert quote.verdict is Verdict.SERVED
    assert [(part.units, part.origin_id) for part in offer.parts] == [(3, 1), (2, 3)]


def test_each_type_may_leave_from_other_origins() -> None:
    """Express lacks at 1 and normal at 2, so no origin has both; without either of them too little is left."""
    said: dict[str, Sequence[Said]] = {
        "o1": [rate("n", 100)],
        "o2": [rate("e", 100)],
        "o3": [rate("n", 300), rate("e", 900)],
    }
    quote = asked(item("x", 5), of=carrier(**said), stock=counted(x={1: 3, 2: 3, 3: 3}), split_lines=True)

    assert [(one.delivery.value, [part.origin_id for part in one.parts]) for one in quote.lines[0].offers] == [
        ("normal", [1, 3]),
        ("express", [2, 3]),
    ]


def test_a_part_that_failed_makes_its_types_unknown() -> None:
    said: dict[str, Sequence[Said]] = {"o1": [rate("n", 100)], "o2": [failure("n")]}
    quote = asked(item("x", 5), of=carrier(**said), stock=counted(x={1: 3, 2: 3}), split_lines=True)

    assert (quote.verdict, [kind.value for kind in quote.uncertain]) == (Verdict.UNKNOWN, ["normal"])


def test_a_part_that_is_refused_everywhere_makes_its_types_not_served() -> None:
    said: dict[str, Sequence[Said]] = {"o1": [rate("n", 100)]}
    quote = asked(item("x", 5), of=carrier(**said), stock=counted(x={1: 3, 2: 3}), split_lines=True)

    assert quote.verdict is Verdict.NOT_SERVED


def test_lines_that_go_together_take_a_split_line_s_parts_along() -> None:
    both = carrier(o1=[rate("n", 1000)], o2=[rate("n", 600)])
    stock = counted(x={1: 2, 2: 1}, y={2: None, 1: None})
    quote = asked(item("x", 3), item("y"), of=both, stock=stock, split_lines=True, lines="together")
    split, whole = (line.offers[0] for line in quote.lines)

    assert weights(both)[:2] == [(1, 1000), (2, 1000)]
    assert [(part.origin_id, part.price.minor) for part in split.parts] == [(1, 1000), (2, 300)]
    assert (whole.origin_id, whole.price) == (2, brl(300))


@pytest.mark.parametrize("lines", ["each", "together"])
def test_a_line_out_of_stock_leaves_the_others_unsaid(lines: str) -> None:
    everywhere = carrier(**EVERYWHERE)
    quote = asked(item("x", 4), item("y"), of=everywhere, stock=counted(x={1: 3}, y={1: None}), lines=lines)

    assert quote.verdict is Verdict.NOT_SERVED
    assert weights(everywhere) == [(1, 500)]


def taking(**most: int) -> Member:
    """A carrier of one service that takes so many units from origin `o1`, so many from `o2`, none from others."""

    def says(shipment: Shipment) -> Sequence[Said]:
        return [rate("n") if shipment.weight <= 500 * most.get(f"o{shipment.origin.id}", 0) else too_heavy("n")]

    return member("a", says, service("n"))


def parts(quote: Quote) -> list[tuple[int, int]]:
    return [(part.units, part.origin_id) for part in quote.lines[0].offers[0].parts]


def test_an_origin_that_refuses_its_part_is_asked_about_as_few_units_as_the_others_leave() -> None:
    carrier = taking(o1=2, o2=9)
    quote = asked(item("x", 5), of=carrier, stock=counted(x={1: 3, 2: 4}), split_lines=True)

    assert weights(carrier) == [(1, 1500), (2, 1000), (1, 500), (2, 2000)]
    assert parts(quote) == [(1, 1), (4, 2)]


def test_one_more_question_settles_a_line_of_which_one_origin_refuses_its_part() -> None:
    carrier = taking(o2=9)
    quote = asked(item("x", 9), of=carrier, stock=counted(x={1: 7, 2: 6}), split_lines=True, most_origins=2)

    assert weights(carrier) == [(1, 3500), (2, 1000), (1, 1500), (2, 3000)]
    assert quote.verdict is Verdict.NOT_SERVED


def test_origins_that_refuse_share_what_the_others_leave() -> None:
    carrier = taking(o1=3, o2=3, o3=9)
    quote = asked(item("x", 7), of=carrier, stock=counted(x={1: 6, 2: 6, 3: 1}), split_lines=True)

    assert weights(carrier) == [(1, 3000), (2, 500), (2, 3000), (3, 500), (1, 1500), (2, 1500), (3, 500)]
    assert parts(quote) == [(3, 1), (3, 2), (1, 3)]


def test_no_more_origins_that_refuse_are_taken_than_the_others_leave_units() -> None:
    quote = asked(item("x", 4), of=taking(o1=1, o2=1, o3=9), stock=counted(x={1: 2, 2: 2, 3: 3}), split_lines=True)

    assert parts(quote) == [(1, 1), (3, 3)]


def test_a_division_beyond_those_tried_makes_a_no_uncertain_and_is_named() -> None:
    carrier = taking(o1=2, o2=9)
    quote = asked(item("x", 5), of=carrier, stock=counted(x={1: 3, 2: 4}), split_lines=True, most_origins=1)
    hints = [gap.failure.hint for gap in quote.lines[0].failures]

    assert quote.verdict is Verdict.UNKNOWN
    assert hints == ["origins 1 (1 unit), 2 (4 units) were not asked together: most_origins is 1"]


def test_an_origin_that_does_not_go_to_a_place_is_not_asked_about_fewer_units() -> None:
    southern = carrier(o2=[rate("n"), rate("e")])
    quote = asked(item("x", 5), of=southern, stock=counted(x={1: 3, 2: 4}), split_lines=True)

    assert quote.verdict is Verdict.NOT_SERVED
    assert weights(southern) == [(1, 1500), (2, 1000)]


def by_road_from(units: int) -> Callable[[str, Occasion], bool]:
    """A rule that has the road carrier asked about so many units and more."""
    return lambda carrier, occasion: carrier == "a" or sum(one.quantity for one in occasion.items) >= units


@pytest.mark.parametrize(
    ("units", "verdict"), [(3, Verdict.SERVED), (4, Verdict.SERVED), (9, Verdict.NOT_SERVED), (0, Verdict.SERVED)]
)
def test_a_refusal_of_fewer_units_says_nothing_of_a_carrier_that_is_asked_about_more(
    units: int, verdict: Verdict
) -> None:
    """The post refuses one unit from origin 2, where the road takes three and more."""
    road = member("b", lambda shipment: [rate("m") if shipment.origin.id == 2 else too_heavy("m")], service("m"))
    quote = quoted(
        request(item("x", 5)),
        taking(o1=2),
        road,
        catalogue=counted(x={1: 4, 2: 4}),
        origins=[origin(1), origin(2)],
        split_lines=True,
        plan_rules=[by_road_from(units)],
    )

    assert quote.verdict is verdict


def test_rules_that_cannot_be_held_against_all_numbers_of_units_leave_a_no_uncertain() -> None:
    road = member("b", lambda _: [too_heavy("m")], service("m"))
    quote = quoted(
        request(item("x", 500)),
        taking(o1=2),
        road,
        catalogue=counted(x={1: 400, 2: 300}),
        origins=[origin(1), origin(2)],
        split_lines=True,
        plan_rules=[by_road_from(9_999)],
    )

    assert quote.verdict is Verdict.UNKNOWN


def test_more_divisions_than_can_be_looked_at_make_a_no_uncertain() -> None:
    """Twenty origins have a unit of two lines each, and take them one by one alone."""
    numbers = range(1, 21)
    units: dict[int, int | None] = dict.fromkeys(numbers, 1)

    def says(shipment: Shipment) -> Sequence[Said]:
        return [rate("n") if shipment.weight == 500 else too_heavy("n")]

    quote = asked(
        item("x", 10),
        item("y", 11),
        of=member("a", says, service("n")),
        stock=counted(x=units, y=units),
        origins=[origin(number) for number in numbers],
        split_lines=True,
        lines="together",
    )

    assert quote.verdict is Verdict.UNKNOWN


stocks = st.lists(st.integers(1, 9), min_size=2, max_size=6)


@given(units=stocks, wanted=st.integers(10, 30), avoided=st.sets(st.integers(0, 5)))
def test_a_line_is_split_over_as_few_origins_as_have_enough_and_those_that_stand_first(
    units: list[int], wanted: int, avoided: set[int]
) -> None:
    """Held against every choice of origins there is; more units are wanted than any single one has."""
    if sum(units) < wanted:
        return
    free = [number for number in range(len(units)) if number not in avoided]
    usable = free if sum(units[number] for number in free) >= wanted else [*range(len(units))]
    choices = (each for size in range(len(units) + 1) for each in combinations(usable, size))
    fewest = next(each for each in choices if sum(units[number] for number in each) >= wanted)

    shares = LineStock(tuple(range(len(units))), tuple(units)).shares(wanted, avoided)

    assert tuple(number for number, _ in shares) == fewest
    assert sum(own for _, own in shares) == wanted
    assert all(0 < own <= units[number] for number, own in shares)
