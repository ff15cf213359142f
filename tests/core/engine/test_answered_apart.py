"""Lines that are answered each for itself: what one has, whatever the others have."""

from collections.abc import Callable, Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from offers import made
from shop import EXPRESS, NORMAL, failure, item, member, origin, quoted, rate, refusal, request, service

from portes.catalogue import Catalogue, CatalogueEntry
from portes.contract import Failure, Grouping, Offer, PluginFailure, Quote, QuoteLine, Rate, Refusal, Shipment, Verdict
from portes.engine.fence import PluginFailedError
from portes.engine.policy import Member
from portes.rules.free_shipping import Free, FreeShipping
from portes.rules.subsidy import Subsidy

Outcome = Rate | Refusal | Failure
Said = Mapping[int, Sequence[Outcome]]
"""What is said of goods by their grams, or of an origin by its number."""

SERVICES = (service("n"), service("x", EXPRESS))


def carrier(key: Callable[[Shipment], int], said: Said) -> Member:
    return member("a", lambda shipment: said[key(shipment)], *SERVICES)


def by_weight(**said: Sequence[Outcome]) -> Member:
    """A carrier that says something else of a line of 1 g than of one of 2 g: `of_1`, `of_2`."""
    return carrier(lambda shipment: shipment.weight, {int(name[3:]): told for name, told in said.items()})


def by_origin(**said: Sequence[Outcome]) -> Member:
    """A carrier that says something else at each origin: `at_1`, `at_2`."""
    return carrier(lambda shipment: shipment.origin.id, {int(name[3:]): told for name, told in said.items()})


def stocked(**origins: tuple[int, ...]) -> Catalogue:
    return Catalogue({sku: CatalogueEntry(origins=numbers) for sku, numbers in origins.items()})


def told(line: QuoteLine) -> dict[str, int]:
    """The price of each type of a line."""
    return {offer.delivery.value: offer.price.minor for offer in line.offers}


BOTH = [rate("n", 1000), rate("x", 2000)]
NEITHER = [refusal("n"), refusal("x")]
LIGHT, HEAVY = item("light", weight=1), item("heavy", weight=2)


def test_a_line_that_is_delivered_has_its_offers_beside_one_that_is_not() -> None:
    quote = quoted(request(LIGHT, HEAVY, answered_apart=True), by_weight(of_1=BOTH, of_2=NEITHER))

    assert [told(line) for line in quote.lines] == [{"normal": 1000, "express": 2000}, {}]
    assert (quote.verdict, quote.uncertain) == (Verdict.SERVED, ())
    assert quoted(request(LIGHT, HEAVY), by_weight(of_1=BOTH, of_2=NEITHER)).verdict is Verdict.NOT_SERVED


def test_each_line_keeps_the_types_that_the_others_lack() -> None:
    said = by_weight(of_1=[rate("n"), refusal("x")], of_2=[refusal("n"), rate("x", 2000)])
    quote = quoted(request(LIGHT, HEAVY, answered_apart=True), said)

    assert [told(line) for line in quote.lines] == [{"normal": 1000}, {"express": 2000}]


def test_what_one_line_failed_at_is_uncertain_though_another_has_it() -> None:
    said = by_weight(of_1=BOTH, of_2=[failure("n"), refusal("x")])
    quote = quoted(request(LIGHT, HEAVY, answered_apart=True), said)

    assert (quote.verdict, quote.uncertain) == (Verdict.SERVED, (NORMAL,))
    assert quoted(request(HEAVY, answered_apart=True), said).verdict is Verdict.UNKNOWN


FREE, FREE_SHIPPING = made(Free), made(FreeShipping, regions=["0"])
SUBSIDY = made(Subsidy, percent=50, up_to="100.00")


@pytest.mark.parametrize("rule", [FREE, FREE_SHIPPING, SUBSIDY], ids=["free", "free_shipping", "subsidy"])
@pytest.mark.parametrize("lines", ["each", "together"])
def test_a_rule_of_the_cart_leaves_prices_as_they_are_where_a_line_has_no_offer(rule: object, lines: str) -> None:
    asked = request(LIGHT, HEAVY, answered_apart=True)
    said, stock = by_origin(at_1=BOTH, at_2=NEITHER), stocked(light=(1,), heavy=(2,))
    quote = quoted(asked, said, origins=[origin(1), origin(2)], catalogue=stock, lines=lines, cart_rules=[rule])

    assert [told(line) for line in quote.lines] == [{"normal": 1000, "express": 2000}, {}]
    assert (quote.verdict, quote.plugin_failures) == (Verdict.SERVED, ())


@pytest.mark.parametrize(("rule", "cents"), [(FREE, 0), (FREE_SHIPPING, 0), (SUBSIDY, 1000)])
def test_a_rule_of_the_cart_goes_by_the_type_that_all_lines_have(rule: object, cents: int) -> None:
    said = by_weight(of_1=BOTH, of_2=[refusal("n"), rate("x", 2000)])
    quote = quoted(request(LIGHT, HEAVY, answered_apart=True), said, cart_rules=[rule])

    assert [told(line) for line in quote.lines] == [{"express": cents, "normal": 1000}, {"express": cents}]


def test_a_failure_at_one_origin_is_no_no_because_another_origin_refuses_another_line() -> None:
    said, stock = by_origin(at_1=[failure("n"), refusal("x")], at_2=NEITHER), stocked(light=(1,), heavy=(2,))
    asked = request(LIGHT, HEAVY, answered_apart=True)
    quote = quoted(asked, said, origins=[origin(1), origin(2)], catalogue=stock, lines="together")

    assert (quote.verdict, quote.uncertain) == (Verdict.UNKNOWN, (NORMAL,))


def test_a_failure_where_origins_could_be_chosen_is_no_no_because_another_line_is_refused() -> None:
    said = by_origin(at_1=[failure("n"), refusal("x")], at_2=NEITHER, at_3=NEITHER)
    asked, stock = request(LIGHT, HEAVY, answered_apart=True), stocked(light=(1,), heavy=(2, 3))
    quote = quoted(
        asked, said, origins=[origin(1), origin(2), origin(3)], catalogue=stock, lines="together", origins_tried="next"
    )

    assert (quote.verdict, quote.uncertain) == (Verdict.UNKNOWN, (NORMAL,))


@pytest.mark.parametrize("tried", ["next", "all"])
def test_a_line_is_offered_from_the_way_that_has_it_where_no_way_has_all_lines(tried: str) -> None:
    """The light one leaves from origin 1, the heavy one from 2 or 3, which both refuse it."""
    said = by_origin(at_1=[rate("n", 700), refusal("x")], at_2=NEITHER, at_3=NEITHER)
    asked, stock = request(LIGHT, HEAVY, answered_apart=True), stocked(light=(1,), heavy=(2, 3))
    quote = quoted(
        asked, said, origins=[origin(1), origin(2), origin(3)], catalogue=stock, lines="together", origins_tried=tried
    )

    assert [told(line) for line in quote.lines] == [{"normal": 700}, {}]


@pytest.mark.parametrize(("tried", "cents"), [("next", 900), ("all", 800)])
def test_of_several_ways_that_have_a_line_the_first_is_taken_or_the_cheapest(tried: str, cents: int) -> None:
    """Express makes the next origin be tried; normal delivery of the light one may come from either then."""
    said = by_origin(
        at_1=[rate("n", 900), refusal("x")], at_2=[rate("n", 800), rate("x", 2000)], at_3=NEITHER, at_4=NEITHER
    )
    asked, stock = request(LIGHT, HEAVY, answered_apart=True), stocked(light=(1, 2), heavy=(3, 4))
    quote = quoted(
        asked,
        said,
        origins=[origin(number) for number in (1, 2, 3, 4)],
        catalogue=stock,
        lines="together",
        origins_tried=tried,
        most_origins=4,
    )

    assert told(quote.lines[0])["normal"] == cents
    assert told(quote.lines[1]) == {}


def test_lines_that_one_way_has_together_leave_in_it_though_one_would_be_cheaper_in_another() -> None:
    """Else the light one would cost 100 from origin 1, and the heavy one half of what both cost from origin 2."""
    said = by_origin(at_1=[rate("n", 100), refusal("x")], at_2=[rate("n", 2000), refusal("x")])
    asked, stock = request(LIGHT, HEAVY, answered_apart=True), stocked(light=(1, 2), heavy=(2,))
    quote = quoted(asked, said, origins=[origin(1), origin(2)], catalogue=stock, lines="together", origins_tried="all")

    assert [told(line) for line in quote.lines] == [{"normal": 1000}, {"normal": 1000}]


def test_where_a_rule_fails_all_that_any_line_had_is_uncertain() -> None:
    def broken(*_: object) -> Sequence[Sequence[Offer]]:
        raise PluginFailedError(PluginFailure(part="rules.0", plugin="p", distribution="d 1", hint="it raised"))

    asked, said = request(LIGHT, HEAVY, answered_apart=True), by_weight(of_1=BOTH, of_2=NEITHER)
    quote = quoted(asked, said, cart_rules=[broken])

    assert (quote.verdict, quote.uncertain) == (Verdict.UNKNOWN, (NORMAL, EXPRESS))


outcomes = {
    code: st.sampled_from([rate(code, 1000), rate(code, 2000), refusal(code), failure(code)]) for code in ("n", "x")
}
said_of_goods = st.tuples(outcomes["n"], outcomes["x"])


@given(st.lists(said_of_goods, min_size=1, max_size=3))
def test_lines_apart_are_answered_as_if_each_were_asked_about_alone(said: list[tuple[Outcome, Outcome]]) -> None:
    goods = [item(f"sku-{grams}", weight=grams) for grams in range(1, len(said) + 1)]
    one_carrier = by_weight(**{f"of_{grams}": told for grams, told in enumerate(said, 1)})
    apart = quoted(request(*goods, answered_apart=True), one_carrier)
    alone = [quoted(request(each), one_carrier) for each in goods]

    assert [told(line) for line in apart.lines] == [told(each.lines[0]) for each in alone]
    assert {*apart.uncertain} == {delivery for each in alone for delivery in each.uncertain}
    assert apart.verdict is _best([each.verdict for each in alone])


@given(said_of_goods, st.sampled_from(["each", "together"]))
def test_one_line_has_one_answer_apart_and_together(said: tuple[Outcome, Outcome], lines: Grouping) -> None:
    apart, together = (
        quoted(request(LIGHT, answered_apart=apart), by_weight(of_1=said), lines=lines) for apart in (True, False)
    )

    assert _without_id(apart) == _without_id(together)


def _best(verdicts: Sequence[Verdict]) -> Verdict:
    order = [Verdict.SERVED, Verdict.UNKNOWN, Verdict.NOT_SERVED]
    return min(verdicts, key=order.index)


def _without_id(quote: Quote) -> Quote:
    return quote.model_copy(update={"id": "q"})
