"""What a receipt keeps of several origins, what it says was offered from where, and deciding it again."""

import json
from typing import Any

from keeping import receipt_of
from shop import EXPRESS, FrozenClock, failure, item, member, origin, policy, rate, refusal, request, service

from portes.catalogue import Catalogue, CatalogueEntry
from portes.contract import Place, QuoteRequest, Shipment, Source, Verdict
from portes.engine.answered import QuoteRecord
from portes.engine.policy import Policy
from portes.engine.quoter import Quoter
from portes.receipts.codec import entry
from portes.receipts.offers import SPLIT, OfferedQuote, offered_quote
from portes.receipts.receipt import Receipt
from portes.receipts.replay import Difference, replay_difference
from portes.settings import CacheTtl

SERVICES = (service("n"), service("e", EXPRESS))
PLACES = [
    origin(number, place=Place(country="BR", postal_code=code))
    for number, code in enumerate(("01001000", "50030230", "69005010"), 1)
]


def shop(stock: Catalogue | None, *, costs: tuple[int, ...] = (900, 700, 800), **more: Any) -> Policy:
    """A carrier that has normal at 1, express at 2 and both at 3; SKU `x` is stocked as the catalogue says."""

    def says(shipment: Shipment) -> list[Any]:
        number = shipment.origin.id
        normal = rate("n", costs[number - 1]) if number != 2 else refusal("n")
        return [normal, rate("e", 2000 + number) if number != 1 else refusal("e")]

    return policy(member("a", says, *SERVICES), origins=PLACES, catalogue=stock, **more)


def stocked(*origins: int, units: tuple[int | None, ...] = ()) -> Catalogue:
    return Catalogue({"x": CatalogueEntry(origins=origins, units=units)})


def records(store: Policy, asked: QuoteRequest | None = None) -> QuoteRecord:
    kept: list[QuoteRecord] = []
    quoter = Quoter(store, clock=FrozenClock(), record=kept.append)
    quoter.quote(asked or request(item("x")))
    quoter.close()
    return kept[0]


def told(store: Policy, asked: QuoteRequest | None = None) -> OfferedQuote:
    return offered_quote(entry("shop", records(store, asked), None).line)


def older(receipt: Receipt) -> Receipt:
    """The receipt as it was written before offers had parts."""
    plain: dict[str, Any] = json.loads(receipt.model_dump_json())
    for line in plain["quote"]["lines"]:
        for offer in line["offers"]:
            assert offer.pop("parts") == []
    return Receipt.model_validate_json(json.dumps(plain))


def test_a_receipt_of_two_rounds_keeps_both_and_is_decided_the_same_again() -> None:
    store = shop(stocked(1, 2))
    kept = receipt_of(records(store))

    assert [(each.id, each.services) for each in kept.shipments] == [("1:0", ()), ("2:0+1", ("e",))]
    assert kept.quote.verdict is Verdict.SERVED
    assert replay_difference(kept, store) is None


def test_a_receipt_of_a_split_line_is_decided_the_same_again() -> None:
    store = shop(stocked(1, 3, units=(2, 2)), split_lines=True)
    kept = receipt_of(records(store, request(item("x", 3))))

    assert [part.units for part in kept.quote.lines[0].offers[0].parts] == [2, 1]
    assert replay_difference(kept, store) is None


def test_a_receipt_from_before_there_were_next_origins_is_decided_the_same_where_none_is_tried() -> None:
    store = shop(stocked(1, 2), origins_tried="first")

    assert replay_difference(older(receipt_of(records(store))), store) is None


def test_one_whose_store_would_ask_the_next_origin_today_says_so() -> None:
    kept = older(receipt_of(records(shop(stocked(1, 2), origins_tried="first"))))

    assert replay_difference(kept, shop(stocked(1, 2))) == Difference("asked.1", "(nothing)", "a about 2:0+1")


def test_other_units_in_stock_today_are_told_as_other_parcels() -> None:
    kept = receipt_of(records(shop(stocked(1, 3, units=(2, 2)), split_lines=True), request(item("x", 3))))
    today = shop(stocked(1, 3, units=(1, 2)), split_lines=True)

    difference = replay_difference(kept, today)

    assert difference is not None
    assert (difference.where, difference.then, difference.now) == ("shipments.1:0.parcels.0.count", "2", "1")


def test_each_type_is_told_as_offered_from_the_origin_that_it_came_from() -> None:
    lanes = told(shop(stocked(1, 2))).lanes

    assert {(lane.delivery, lane.origin, lane.price) for lane in lanes} == {
        ("normal", "01001000", 900),
        ("express", "50030230", 2002),
    }


def test_a_type_that_came_from_several_origins_is_no_lane() -> None:
    split = told(shop(stocked(1, 3, units=(2, 2)), split_lines=True), request(item("x", 3)))

    assert (split.lanes, split.left_out) == ([], [SPLIT])


def test_what_memory_stands_for_at_one_origin_leaves_the_price_of_another_live() -> None:
    """Both prices come out of memory: that of origin 1 since it fails by now, that of origin 2 because it is fresh."""
    failing: list[int] = []

    def says(shipment: Shipment) -> list[Any]:
        number = shipment.origin.id
        return [failure("n") if number in failing else rate("n", 1000 - number)]

    ttl = CacheTtl(fresh=150, stale_while_revalidate=0, stale_if_error=3600)
    stock = Catalogue({sku: CatalogueEntry(origins=own) for sku, own in (("x", (1, 2)), ("a", (1,)), ("b", (2,)))})
    kept: list[QuoteRecord] = []
    clock = FrozenClock()
    carrier = member("a", says, service("n"), instant=False, ttl=ttl)
    store = policy(carrier, origins=PLACES, catalogue=stock, origins_tried="all")
    quoter = Quoter(store, clock=clock, record=kept.append)
    quoter.quote(request(item("a")))
    clock.seconds += 100
    quoter.quote(request(item("b")))
    clock.seconds += 100
    failing.append(1)
    quoter.quote(request(item("x")))
    quoter.close()

    quote = offered_quote(entry("shop", kept[-1], None).line)
    assert [rate.source for one in kept[-1].answers.values() for rate in one.final.rates] == [Source.CACHE] * 2
    assert [(lane.price, lane.origin) for lane in quote.lanes] == [(998, "50030230")]
    assert quote.left_out == []
