"""Netshoes' answers to quotes in which something failed: told, or left to the marketplace's own table."""

from collections.abc import Callable

from marketplace import channel, request, told, types

from portes.contract import Offer, Quote

MakeOffer = Callable[..., Offer]
MakeQuote = Callable[..., Quote]


def test_goods_that_only_a_type_without_text_can_reach_are_told_as_not_delivered(
    make_offer: MakeOffer, make_quote: MakeQuote
) -> None:
    quote = make_quote("served", ("a", (make_offer("super_express", 3000, (0, 1)),)), failed=("super_express",))

    assert told(channel().write(quote, request("a")))["shippingQuotes"] == []


def test_they_are_503_when_a_type_that_has_a_text_might_serve_all_lines(
    make_offer: MakeOffer, make_quote: MakeQuote
) -> None:
    quote = make_quote("served", ("a", (make_offer("super_express", 3000, (0, 1)),)), failed=("normal",))

    assert channel().write(quote, request("a")).status == 503


def test_a_failure_that_could_have_been_cheaper_is_503_when_the_table_is_preferred(
    make_offer: MakeOffer, make_quote: MakeQuote
) -> None:
    quote = make_quote("served", ("a", (make_offer("normal", 1500, (3, 4)),)), failed=("normal",))

    assert types(channel().write(quote, request("a"))) == [["NORMAL"]]
    reply = channel(prefer_contingency=True).write(quote, request("a"))
    assert (reply.status, reply.alarm) == (503, "")
    assert b"might have been cheaper" in reply.body


def test_a_failure_of_a_type_that_is_not_offered_keeps_no_offer_back(
    make_offer: MakeOffer, make_quote: MakeQuote
) -> None:
    quote = make_quote("served", ("a", (make_offer("normal", 1500, (3, 4)),)), failed=("express",))

    assert types(channel(prefer_contingency=True).write(quote, request("a"))) == [["NORMAL"]]


def test_a_failure_of_a_type_that_cannot_be_told_keeps_no_offer_back(
    make_offer: MakeOffer, make_quote: MakeQuote
) -> None:
    offers = (make_offer("normal", 1500, (3, 4)), make_offer("super_express", 4500, (1, 1)))
    quote = make_quote("served", ("a", offers), failed=("super_express",))

    assert types(channel(prefer_contingency=True).write(quote, request("a"))) == [["NORMAL"]]
    spoken = channel(prefer_contingency=True, super_express_text="SUPER").write(quote, request("a"))
    assert spoken.status == 503


def test_what_is_certainly_not_served_stays_so_when_the_table_is_preferred(make_quote: MakeQuote) -> None:
    quote = make_quote("not_served", ("a", ()), failed=("normal",))

    assert told(channel(prefer_contingency=True).write(quote, request("a")))["shippingQuotes"] == []


def test_a_failed_normal_on_one_line_that_another_line_has_not_is_no_doubt(
    make_offer: MakeOffer, make_quote: MakeQuote
) -> None:
    """Line a was refused normal, line b failed at it: whatever b had said, no line but in super express is common."""
    lines = [(sku, (make_offer("super_express", 3000, (0, 1)),)) for sku in ("a", "b")]
    quote = make_quote("served", *lines, failed=("normal",)).model_copy(update={"uncertain": ()})

    assert told(channel().write(quote, request("a", "b")))["shippingQuotes"] == []


def test_a_failure_of_a_type_that_cannot_be_told_is_no_doubt_when_all_else_is_refused(make_quote: MakeQuote) -> None:
    quote = make_quote("unknown", ("a", ()), failed=("super_express",))

    assert told(channel().write(quote, request("a")))["shippingQuotes"] == []
    assert channel(super_express_text="SUPER").write(quote, request("a")).status == 503


def test_prefer_contingency_looks_at_types_that_are_told_and_withhold_at_those_that_are_missing(
    make_offer: MakeOffer, make_quote: MakeQuote
) -> None:
    missing = make_quote("served", ("a", (make_offer("express", 4000, (1, 2)),)), failed=("normal",))
    told_too = make_quote("served", ("a", (make_offer("normal", 4000, (1, 2)),)), failed=("normal",))

    assert types(channel(prefer_contingency=True, withhold="never").write(missing, request("a"))) == [["EXPRESSA"]]
    assert types(channel(prefer_contingency=False, withhold="any").write(told_too, request("a"))) == [["NORMAL"]]
