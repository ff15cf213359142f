from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from shop import MONDAY_MORNING, SAO_PAULO, brl, item, member, origin, policy, request

from portes.catalogue import Catalogue, CatalogueEntry
from portes.contract import Dimensions, ParcelLimits, QuoteRequest
from portes.engine.plan import Consignment, Plan, make_plan
from portes.engine.policy import Policy
from portes.errors import RequestError, TooMuchError
from portes.packing import single, totals
from portes.rules.protocol import Occasion

FLAT = Dimensions(length=100, width=100, height=0)


def planned(asked: QuoteRequest, shop: Policy, moment: datetime = MONDAY_MORNING) -> Plan:
    return make_plan(asked, moment.astimezone(SAO_PAULO), shop)


def open_days(consignment: Consignment, shop: Policy) -> int:
    """The days on which its origin works until a consignment is ready."""
    return shop.weeks[consignment.origin.id].open_days_until(consignment.ready)


def catalogue(**entries: Any) -> Catalogue:
    return Catalogue({sku: CatalogueEntry(**fields) for sku, fields in entries.items()})


def test_each_line_is_a_shipment_of_its_own() -> None:
    made = planned(request(item("x"), item("x"), item("y")), policy())

    assert [[line.position for line in one.lines] for one in made.consignments] == [[0], [1], [2]]


def test_together_lines_of_one_origin_are_one_shipment() -> None:
    made = planned(request(item("x"), item("y", weight=900)), policy(lines="together"))

    (consignment,) = made.consignments
    (question,) = consignment.questions
    assert [parcel.weight for parcel in question.shipment.parcels] == [500, 900]


def test_the_longest_cart_that_leaves_one_origin_together_is_one_shipment() -> None:
    made = planned(request(*(item(f"sku-{number}") for number in range(200))), policy(lines="together"))

    (consignment,) = made.consignments
    assert consignment.questions[0].shipment.parcels[0].lines == tuple(range(200))


def test_a_line_leaves_the_first_origin_that_stocks_its_item() -> None:
    shop = policy(origins=[origin(1), origin(2)], catalogue=catalogue(x={"origins": (2, 1)}))

    assert [one.origin.id for one in planned(request(item("x"), item("new")), shop).consignments] == [2, 1]


def test_together_takes_the_fewest_origins_before_the_items_own_order() -> None:
    stock = catalogue(x={"origins": (1, 3)}, y={"origins": (2, 3)})
    shop = policy(origins=[origin(1), origin(2), origin(3)], catalogue=stock, lines="together")

    assert [one.origin.id for one in planned(request(item("x"), item("y")), shop).consignments] == [3]


def test_the_catalogue_adds_value_tags_and_days_but_never_overrules_the_asker() -> None:
    entry = {"declared_value": brl(900), "tags": ("fragile",), "handling_days": 2}
    shop = policy(catalogue=catalogue(x=entry))
    made = planned(request(item("x"), item("x", declared_value=brl(100), tags=("gift",))), shop)

    assert [one.declared_value for one in made.items] == [brl(900), brl(100)]
    assert [one.tags for one in made.items] == [("fragile",), ("gift", "fragile")]
    assert [open_days(one, shop) for one in made.consignments] == [2, 2]


@pytest.mark.parametrize(
    ("moment", "handling_days", "leaves", "waits"),
    [
        pytest.param(datetime(2026, 3, 6, 16, 59, tzinfo=UTC), 0, date(2026, 3, 6), 0, id="friday before cut-off"),
        pytest.param(datetime(2026, 3, 6, 17, 1, tzinfo=UTC), 0, date(2026, 3, 9), 1, id="friday after cut-off"),
        pytest.param(datetime(2026, 3, 7, 12, 0, tzinfo=UTC), 0, date(2026, 3, 9), 1, id="saturday"),
        pytest.param(
            datetime(2026, 3, 6, 12, 0, tzinfo=UTC), 1, date(2026, 3, 9), 1, id="friday with a day of handling"
        ),
        pytest.param(datetime(2026, 4, 2, 12, 0, tzinfo=UTC), 1, date(2026, 4, 6), 1, id="handling over Good Friday"),
        pytest.param(
            datetime(2026, 3, 7, 1, 0, tzinfo=UTC), 0, date(2026, 3, 9), 1, id="late friday there, saturday in UTC"
        ),
    ],
)
def test_hand_over_counts_open_days_after_the_cut_off(
    moment: datetime, handling_days: int, leaves: date, waits: int
) -> None:
    shop = policy(origins=[origin(handling_days=handling_days, cut_off=time(14))])
    (consignment,) = planned(request(), shop, moment).consignments

    assert consignment.questions[0].shipment.dispatch_date == leaves
    assert open_days(consignment, shop) == waits


def test_pre_sale_and_item_days_add_to_the_origins_handling_and_the_slowest_line_holds_all() -> None:
    shop = policy(
        origins=[origin(handling_days=1)],
        catalogue=catalogue(x={"handling_days": 3}),
        pre_sale_days=10,
        lines="together",
    )
    (both,) = planned(request(item("x"), item("y", pre_sale=True)), shop).consignments

    assert open_days(both, shop) == 11


@pytest.mark.parametrize(("told", "of_catalogue", "days"), [(3, 0, 4), (3, 5, 6), (5, 3, 6), (0, 3, 4)])
def test_days_that_a_question_tells_of_an_item_count_where_the_catalogue_says_no_more(
    told: int, of_catalogue: int, days: int
) -> None:
    shop = policy(origins=[origin(handling_days=1)], catalogue=catalogue(x={"handling_days": of_catalogue}))
    (one,) = planned(request(item("x", handling_days=told)), shop).consignments

    assert open_days(one, shop) == days
    (unlisted,) = planned(request(item("y", handling_days=told)), shop).consignments
    assert open_days(unlisted, shop) == 1 + told


def test_carriers_that_pack_alike_share_one_shipment() -> None:
    tight = {"limits": ParcelLimits(weight=1000)}
    shop = policy(
        member("a"), member("b"), member("c", packer=totals.pack), member("d", packer=totals.pack, abilities=tight)
    )
    (consignment,) = planned(request(item(quantity=4)), shop).consignments
    a, b, c, d = (question.shipment for question in consignment.questions)

    assert a is b
    assert ([parcel.count for parcel in a.parcels], c.pieces, d.pieces) == ([4], 1, 2)


def test_a_line_of_ten_thousand_units_is_packed_like_one_of_ten() -> None:
    for packer in (single.pack, totals.pack):
        shop = policy(member(packer=packer, abilities={"limits": ParcelLimits(weight=1000)}))
        few, many = (planned(request(item(quantity=units)), shop) for units in (10, 10_000))

        lengths = [len(made.consignments[0].questions[0].shipment.parcels) for made in (few, many)]
        assert lengths == [1, 1]


def test_an_excluded_carrier_is_not_asked() -> None:
    def not_b_for_gifts(carrier: str, occasion: Occasion) -> bool:
        return carrier != "b" or not any("gift" in one.tags for one in occasion.items)

    shop = policy(member("a"), member("b"), plan_rules=[not_b_for_gifts])
    plain, gift = planned(request(item(), item(tags=("gift",))), shop).consignments

    assert [question.member.key for question in plain.questions] == ["a", "b"]
    assert [question.member.key for question in gift.questions] == ["a"]


def test_zero_measures_are_refused_naming_each_line_unless_the_store_allows_them() -> None:
    asked = request(item(weight=0), item(size=FLAT))
    with pytest.raises(RequestError) as refused:
        planned(asked, policy())

    assert [problem.where for problem in refused.value.problems] == ["lines.0.weight", "lines.1.size.height"]
    assert len(planned(asked, policy(allow_zero_measures=True)).consignments) == 2


def test_too_many_lines_and_too_many_units_are_refused() -> None:
    shop = policy(max_lines=2, max_units=10)
    for asked in (request(item(), item(), item()), request(item(quantity=11))):
        with pytest.raises(TooMuchError):
            planned(asked, shop)


def test_a_question_in_another_currency_is_refused() -> None:
    asked = request().model_copy(update={"currency": "EUR"})
    with pytest.raises(RequestError, match="BRL"):
        planned(asked, policy())


@pytest.mark.parametrize(("decision", "unknown"), [("quote", ()), ("refuse", (1,)), ("unknown", (1,))])
def test_an_unknown_sku_is_asked_about_only_when_the_store_quotes_it(decision: str, unknown: tuple[int, ...]) -> None:
    shop = policy(catalogue=catalogue(x={}), unknown_sku=decision)
    made = planned(request(item("x"), item("new")), shop)

    assert made.unknown == unknown
    assert len(made.consignments) == 2 - len(unknown)
