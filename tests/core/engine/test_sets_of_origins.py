"""Lines that go together leave from sets of origins: which are tried, what is not known, and how offers are told."""

import pytest
from shop import EXPRESS, failure, item, member, open_quoter, origin, policy, rate, refusal, request, service, too_heavy
from stocked_shop import SERVICES, Said, asked, asked_of, by_origin, stocked, told

from portes.catalogue import Catalogue, CatalogueEntry
from portes.contract import Shipment, Verdict
from portes.engine.policy import Member
from portes.rules.protocol import Occasion


def refusing_all() -> Member:
    """A carrier that goes everywhere and finds all too heavy."""
    return member("a", lambda _: [too_heavy("n"), too_heavy("e")], *SERVICES)


def test_lines_that_go_together_have_their_offers_in_one_order() -> None:
    """Of 101 cents the one line is told 51 and the other 50: as much as of 100, which must stay the cheaper offer."""

    def first(shipment: Shipment) -> list[Said]:
        return [rate("n", 100, (5, 6)) if shipment.origin.id == 1 else refusal("n")]

    def second(shipment: Shipment) -> list[Said]:
        here = shipment.origin.id == 1
        return [rate("m", 101, (1, 2)), refusal("e")] if here else [refusal("m"), rate("e", 900)]

    carriers = [
        member("a", first, service("n")),
        member("b", second, service("m"), service("e", EXPRESS)),
    ]
    quote = asked("a", "b", of=carriers, stock=stocked(a=(1, 2), b=(1, 2)), lines="together")

    assert [[offer.rate.service for offer in line.offers] for line in quote.lines] == [["n", "m", "e"]] * 2


def test_an_item_of_no_named_origins_goes_along_with_those_that_have_some() -> None:
    carrier = by_origin(o2=[rate("n")], o3=[rate("n")])
    both = asked("a", "b", of=[carrier], stock=stocked(a=(1, 2), b=()), lines="together")

    assert told(both) == [[("normal", 2, 500)], [("normal", 2, 500)]]
    assert {number for number, _ in asked_of(carrier)} == {1, 2}


def test_what_was_not_asked_is_told_of_an_origin_that_was_not_asked() -> None:
    """One line can leave from the first origin alone, which takes it; the other has one more than are tried."""

    def says(shipment: Shipment) -> list[Said]:
        return [rate("n")] if (shipment.origin.id, shipment.weight) == (1, 500) else [too_heavy("n")]

    carrier = member("a", says, service("n"))
    quote = asked("a", "b", of=[carrier], stock=stocked(a=(1,), b=(1, 2, 3, 4)), lines="together")
    gaps = quote.lines[1].failures

    assert {gap.origin_id for gap in gaps} == {4}
    assert {gap.failure.hint for gap in gaps} == {"origin 4 stocks it too and was not asked: most_origins is 3"}


@pytest.mark.parametrize(("most", "verdict"), [(3, Verdict.UNKNOWN), (4, Verdict.SERVED)])
def test_what_is_refused_together_may_be_served_apart(most: int, verdict: Verdict) -> None:
    """Origin 2 takes the light line alone and origin 1 the heavy one alone: the last mix of the two that is tried."""

    def says(shipment: Shipment) -> list[Said]:
        return [rate("n") if shipment.weight == {1: 700, 2: 500}[shipment.origin.id] else too_heavy("n")]

    shop = policy(
        member("a", says, service("n")),
        origins=[origin(1), origin(2)],
        catalogue=stocked(a=(1, 2), b=(1, 2)),
        lines="together",
        most_origins=most,
    )
    with open_quoter(shop) as quoter:
        quote = quoter.quote(request(item("a"), item("b", weight=700)))

    assert quote.verdict is verdict


def test_lines_that_are_each_taken_where_the_other_is_not_are_not_served() -> None:
    """The first origin takes either line alone and the second takes neither: each has a way, and they have none."""

    def says(shipment: Shipment) -> list[Said]:
        return [rate("n") if (shipment.origin.id, shipment.weight) == (1, 500) else too_heavy("n")]

    carrier = member("a", says, service("n"))
    stock = stocked(a=(1, 2), b=(1, 2))
    quote = asked("a", "b", of=[carrier], stock=stock, lines="together", most_origins=4)

    assert quote.verdict is Verdict.NOT_SERVED


def test_a_way_that_is_passed_over_because_of_a_failure_makes_its_types_unknown() -> None:
    """The first line fails at its only origin, so that the other one is not asked about again from its second."""
    carrier = by_origin(o1=[failure("n")], o3=[rate("n")])
    stock = stocked(a=(1,), b=(2, 3))
    quote = asked("a", "b", of=[carrier], stock=stock, lines="together", next_origin_after="failure")

    assert (quote.verdict, [kind.value for kind in quote.uncertain]) == (Verdict.UNKNOWN, ["normal"])


@pytest.mark.parametrize("tried", ["next", "all"])
def test_two_origins_that_do_not_go_to_a_place_settle_every_mix_of_them(tried: str) -> None:
    carrier = by_origin(o3=[rate("n")])
    quote = asked("a", "b", of=[carrier], stock=stocked(a=(1, 2), b=(1, 2)), lines="together", origins_tried=tried)

    assert quote.verdict is Verdict.NOT_SERVED
    assert [number for number, _ in asked_of(carrier)] == [1, 2]


def test_an_origin_is_closed_to_a_type_once_the_carriers_that_fetch_there_say_so() -> None:
    """Express is found too heavy, so that each mix may have it."""

    def says(shipment: Shipment) -> list[Said]:
        return [refusal("n"), too_heavy("e")]

    carriers = [member("a", says, *SERVICES, origins=(1,)), member("b", says, *SERVICES, origins=(2,))]
    quote = asked("a", "b", of=carriers, stock=stocked(a=(1, 2), b=(1, 2)), lines="together")

    assert [kind.value for kind in quote.uncertain] == ["express"]
    assert [asked_of(one)[1:] for one in carriers] == [[(1, ("e",))], [(2, ("e",))]]


APART = stocked(a=(1,), b=(1, 2))
"""The first way has both lines at one origin, and the next one each at its own."""


def test_the_no_of_one_carrier_to_a_place_closes_no_origin_to_another() -> None:
    def says(shipment: Shipment) -> list[Said]:
        return [rate("m") if shipment.weight == 500 else too_heavy("m")]

    carriers = [by_origin(), member("b", says, service("m"))]

    assert asked("a", "b", of=carriers, stock=APART, lines="together").verdict is Verdict.SERVED


def test_a_carrier_that_the_rules_left_out_has_not_said_that_it_does_not_go_to_a_place() -> None:
    def alone(carrier: str, occasion: Occasion) -> bool:
        return carrier == "a" or len(occasion.items) == 1

    carriers = [by_origin(), member("b", None, service("m"))]
    quote = asked("a", "b", of=carriers, stock=APART, lines="together", plan_rules=[alone])

    assert quote.verdict is Verdict.SERVED


@pytest.mark.parametrize(("days", "verdict"), [(3, Verdict.SERVED), (0, Verdict.NOT_SERVED)])
@pytest.mark.parametrize("dated", [True, False])
def test_what_is_not_served_on_a_day_may_be_served_on_another(days: int, verdict: Verdict, *, dated: bool) -> None:
    """The second line is ready later than the first, which leaves by itself on the day of the question."""

    def says(shipment: Shipment) -> list[Said]:
        return [refusal("n") if shipment.weight == 1000 else rate("n")]

    entries = {"a": CatalogueEntry(origins=(1,)), "b": CatalogueEntry(origins=(1, 2), handling_days=days)}
    carrier = member("a", says, service("n"), abilities={"dated": dated})
    quote = asked("a", "b", of=[carrier], stock=Catalogue(entries), lines="together")

    assert quote.verdict is (verdict if dated else Verdict.NOT_SERVED)


def test_an_origin_that_has_a_type_for_other_lines_is_not_closed_by_a_no_to_some() -> None:
    """The carrier contradicts itself; the last mix that is tried has each line at an origin of its own."""

    def says(shipment: Shipment) -> list[Said]:
        if shipment.weight == 500:
            return [rate("n")]
        return [refusal("n") if shipment.origin.id == 1 else too_heavy("n")]

    carrier = member("a", says, service("n"))
    stock = stocked(a=(1,), b=(2, 1, 3), c=(2,))

    assert asked("a", "b", "c", of=[carrier], stock=stock, lines="together").verdict is Verdict.SERVED


def test_a_line_that_is_refused_alone_where_it_must_leave_from_is_not_served_anywhere() -> None:
    quote = asked("a", "b", of=[refusing_all()], stock=stocked(a=(1,), b=(1, 2, 3, 4)), lines="together")

    assert quote.verdict is Verdict.NOT_SERVED


@pytest.mark.parametrize("tried", ["next", "all"])
def test_an_origin_from_which_nobody_fetches_is_none_of_those_tried(tried: str) -> None:
    said = by_origin(o4=[rate("n", 1200)]).carrier.says  # type: ignore[attr-defined] # scripted
    carrier, here = member("a", said, *SERVICES, origins=(1, 4)), member("a", said, *SERVICES, origins=(1,))
    stock = stocked(x=(2, 3, 1, 4))

    served = asked("x", of=[carrier], stock=stock, origins_tried=tried, most_origins=2)
    assert told(served) == [[("normal", 4, 1200)]]
    assert asked("x", of=[here], stock=stock, origins_tried=tried, most_origins=2).verdict is Verdict.NOT_SERVED


def test_an_origin_at_which_the_rules_leave_nobody_is_none_of_those_tried() -> None:
    def only_here(_carrier: str, occasion: Occasion) -> bool:
        return occasion.origin is not None and occasion.origin.id == 1

    quote = asked("x", of=[by_origin()], stock=stocked(x=(1, 2, 3, 4)), plan_rules=[only_here])

    assert quote.verdict is Verdict.NOT_SERVED


def test_what_was_not_asked_is_told_of_those_alone_that_fetch_there() -> None:
    here = member("here", lambda _: [refusal("n")], service("n"), origins=(1,))
    there = member("there", lambda _: [refusal("n")], service("n"))
    quote = asked("x", of=[here, there], stock=stocked(x=(1, 2)), most_origins=1)

    assert [(gap.carrier, gap.origin_id) for gap in quote.lines[0].failures] == [("there", 2)]


def test_more_mixes_of_origins_than_can_be_looked_at_make_a_no_uncertain() -> None:
    """Two lines are refused together at 3 and at 4, and twelve at 1 and at 2: thousands of mixes hold the first."""
    others = [f"s{number}" for number in range(12)]
    stock = stocked(a=(3, 4), b=(3, 4), **dict.fromkeys(others, (1, 2)))

    assert asked("a", "b", *others, of=[refusing_all()], stock=stock, lines="together").verdict is Verdict.UNKNOWN


def test_lines_that_are_refused_one_by_one_are_not_served_however_many_mixes_there_are() -> None:
    """The first line is alone at each of its origins, and refused there."""
    others = [f"s{number}" for number in range(12)]
    stock = stocked(a=(3, 4), **dict.fromkeys(others, (1, 2)))

    assert asked("a", *others, of=[refusing_all()], stock=stock, lines="together").verdict is Verdict.NOT_SERVED
