"""What receipts say was offered live: the price before the marketplace, and why it is not known."""

from typing import Any

import pytest
from keeping import records
from shop import EXPRESS, FrozenClock, brl, failure, item, member, policy, rate, refusal, request, service

from portes.catalogue import Catalogue, CatalogueEntry
from portes.contract import Item, Offer
from portes.engine.answered import QuoteRecord
from portes.engine.quoter import Quoter
from portes.receipts.codec import entry
from portes.receipts.offers import FALLBACK, FREE, REMEMBERED, UNSERVED, OfferedQuote, offered_quote
from portes.settings import CacheTtl

BOTH = (service("n"), service("e", EXPRESS))


def told(*members: Any, asked: Any = None, **more: Any) -> OfferedQuote:
    kept: list[QuoteRecord] = []
    quoter = Quoter(policy(*members, **more), clock=FrozenClock(), record=kept.append)
    quoter.quote(asked or request())
    quoter.close()
    return offered_quote(entry("shop", kept[-1], (200, b"{}", 0.25)).line)


def prices(quote: OfferedQuote) -> dict[str, int]:
    return {lane.delivery: lane.price for lane in quote.lanes}


def test_a_line_is_told_with_all_its_units_and_the_lowest_price_of_each_delivery_type() -> None:
    sold: Item = item(quantity=3, declared_value=brl(1000))
    cheap = member("a", lambda _: [rate("n", cost=900), rate("e", cost=2000)], *BOTH)
    dear = member("b", lambda _: [rate("n", cost=1000), rate("e", cost=1900)], *BOTH)

    quote = told(cheap, dear, asked=request(sold))

    lane = quote.lanes[0]
    assert prices(quote) == {"normal": 900, "express": 1900}
    assert (lane.weight, lane.volume, lane.value, lane.units) == (1500, 7_500_000, 3000, 3)
    assert (lane.country, lane.postal_code, lane.origin, lane.currency) == ("BR", "01512651", "01001000", "BRL")
    assert (quote.channel, quote.status, quote.seconds) == ("test", 200, 0.25)
    assert quote.left_out == []


def test_a_value_is_not_known_where_any_line_has_none() -> None:
    lines = request(item("a", declared_value=brl(1000)), item("b"))

    (lane,) = told(member(), asked=lines, lines="together").lanes

    assert lane.value is None


@pytest.mark.parametrize(("together", "worth"), [("each", [3000, 700, None]), ("together", [None])])
def test_a_value_that_nobody_stated_is_the_catalogue_s(together: str, worth: list[int | None]) -> None:
    known = Catalogue({sku: CatalogueEntry(declared_value=brl(1000)) for sku in ("a", "b")})
    lines = request(item("a", quantity=3), item("b", declared_value=brl(700)), item("c"))

    lanes = told(member(), asked=lines, lines=together, catalogue=known).lanes

    assert [lane.value for lane in lanes] == worth


def test_lines_packed_together_are_worth_what_is_stated_and_what_the_catalogue_says() -> None:
    known = Catalogue({"a": CatalogueEntry(declared_value=brl(1000))})
    lines = request(item("a", quantity=3), item("b", declared_value=brl(700)))

    (lane,) = told(member(), asked=lines, lines="together", catalogue=known).lanes

    assert lane.value == 3700


def test_lines_that_travel_together_are_one_lane_with_their_prices_added_up() -> None:
    lines = request(item("a"), item("b", weight=700), item("c", quantity=2))

    together = told(member("a", lambda _: [rate("n", cost=1000)]), asked=lines, lines="together")
    apart = told(member("a", lambda _: [rate("n", cost=1000)]), asked=lines)

    assert [(lane.price, lane.weight) for lane in together.lanes] == [(1000, 2200)]
    assert [(lane.price, lane.weight) for lane in apart.lanes] == [(1000, 500), (1000, 700), (1000, 1000)]


def test_a_price_that_the_cart_made_free_is_not_known() -> None:
    def free(lines: Any, _occasion: Any) -> Any:
        return [[offer.model_copy(update={"price": brl(0)}) for offer in offers] for offers in lines]

    quote = told(member(), cart_rules=[free])

    assert (quote.lanes, quote.left_out) == ([], [FREE])


def test_one_that_costs_nothing_live_is_a_price() -> None:
    assert prices(told(member("a", lambda _: [rate("n", cost=0)]))) == {"normal": 0}


def test_what_the_shop_s_rules_made_of_a_cost_is_what_was_offered() -> None:
    def dearer(offers: Any, _occasion: Any) -> list[Offer]:
        return [offer.model_copy(update={"price": offer.price + brl(50)}) for offer in offers]

    assert prices(told(member(), shipment_rules=[dearer])) == {"normal": 1050}


def test_a_fallback_s_price_is_not_a_live_one_unless_a_live_one_is_lower() -> None:
    fallback = member("table", lambda _: [rate("tn", cost=700)], service("tn"))
    failing = member("live", lambda _: [failure("n")], service("n"), fallback="table")
    fallbacks = {"fallbacks": {"table": fallback}}

    assert told(failing, **fallbacks).left_out == [FALLBACK]
    assert told(failing, member("b", lambda _: [rate("n", cost=800)]), **fallbacks).left_out == [FALLBACK]
    assert prices(told(failing, member("b", lambda _: [rate("n", cost=600)]), **fallbacks)) == {"normal": 600}


@pytest.mark.parametrize(("fresh", "fails", "left_out"), [(900, False, []), (0, True, [REMEMBERED])])
def test_memory_is_a_live_price_unless_it_stands_for_a_failure(fresh: float, fails: bool, left_out: list[str]) -> None:  # noqa: FBT001 — a parameter
    says: list[Any] = [rate("n")]
    carrier = member("far", lambda _: list(says), instant=False, ttl=CacheTtl(fresh=fresh, stale_while_revalidate=0))
    kept: list[QuoteRecord] = []
    clock = FrozenClock()
    quoter = Quoter(policy(carrier), clock=clock, record=kept.append)
    quoter.quote(request())
    says[:] = [failure("n")] if fails else says
    clock.seconds += 60
    quoter.quote(request())
    quoter.close()

    quote = offered_quote(entry("shop", kept[-1], None).line)

    assert quote.left_out == left_out
    assert len(quote.lanes) == (0 if fails else 1)


def test_what_is_not_served_is_no_lane() -> None:
    quote = told(member("a", lambda _: [refusal("n")]))

    assert (quote.lanes, quote.left_out) == ([], [UNSERVED])


def test_a_quote_without_a_reply_says_so() -> None:
    (record,) = records(1)

    assert offered_quote(entry("shop", record, None).line).status is None


@pytest.mark.parametrize("line", [b"", b"{}", b"[]", b'{"quote": {}, "request": {}}', b"7"])
def test_what_is_no_receipt_of_this_version_is_told(line: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        offered_quote(line)
