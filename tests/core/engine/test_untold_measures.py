"""Lines whose callers tell no weight or size: the catalogue tells it, or nobody is asked and nobody knows."""

from typing import Any

import pytest
from shop import FrozenClock, ScriptedCarrier, brl, item, member, open_quoter, policy, quoted, rate, request, service

from portes.catalogue import Catalogue, CatalogueEntry
from portes.contract import (
    DeliveryType,
    Dimensions,
    FailureKind,
    Item,
    Quote,
    QuoteRequest,
    RequestLine,
    Verdict,
)
from portes.errors import RequestError

SIZE = Dimensions(length=100, width=100, height=100)
WHOLE = CatalogueEntry(weight=300, size=SIZE)


def bare(sku: str = "sku-1", **told: Any) -> RequestLine:
    return RequestLine(sku=sku, quantity=2, **told)


def asked(*lines: RequestLine, **more: Any) -> QuoteRequest:
    known = {"channel": "test", "store": "shop", "currency": "BRL"}
    place = {"country": "BR", "postal_code": "01512651"}
    return QuoteRequest.model_validate({**known, "destination": place, "lines": lines, **more})


def carried(carrier: Any) -> list[tuple[int, tuple[int, ...], int]]:
    return [(one.parcels[0].weight, one.parcels[0].size.sides, one.parcels[0].count) for one in carrier.asked]


def hints(quote: Quote) -> list[list[tuple[FailureKind, str]]]:
    return [[(one.failure.kind, one.failure.hint) for one in line.failures] for line in quote.lines]


@pytest.mark.parametrize(
    ("told", "weight", "size"),
    [
        ({}, 300, SIZE),
        ({"weight": 700}, 700, SIZE),
        ({"size": Dimensions(length=1, width=2, height=3)}, 300, Dimensions(length=1, width=2, height=3)),
    ],
)
def test_what_the_caller_leaves_out_the_catalogue_tells(told: dict[str, Any], weight: int, size: Dimensions) -> None:
    acme = member("a")
    quote = quoted(asked(bare(**told)), acme, catalogue=Catalogue({"sku-1": WHOLE}))

    assert quote.verdict is Verdict.SERVED
    assert carried(acme.carrier) == [(weight, size.sides, 2)]


def test_a_line_that_tells_weight_and_size_is_an_item_however_it_came() -> None:
    from_json = QuoteRequest.model_validate_json(request(item()).model_dump_json())

    assert type(from_json.lines[0]) is Item
    assert from_json == request(item())
    assert type(asked(bare(weight=1)).lines[0]) is RequestLine


@pytest.mark.parametrize(
    ("told", "catalogue", "hint"),
    [
        ({}, None, "the caller tells no weight and size of it, and the SKU is not in the store's catalogue"),
        (
            {},
            {"other": WHOLE},
            "the caller tells no weight and size of it, and the SKU is not in the store's catalogue",
        ),
        (
            {"weight": 5},
            {"sku-1": CatalogueEntry()},
            "the caller tells no size of it, and the store's catalogue has none",
        ),
        (
            {"size": SIZE},
            {"sku-1": CatalogueEntry(size=SIZE)},
            "the caller tells no weight of it, and the store's catalogue has none",
        ),
    ],
)
def test_what_neither_tells_is_a_failure_of_every_service_and_nobody_is_asked(
    told: dict[str, Any], catalogue: dict[str, CatalogueEntry] | None, hint: str
) -> None:
    acme = member("a", None, service("n"), service("e", DeliveryType.EXPRESS))
    quote = quoted(asked(bare(**told)), acme, catalogue=None if catalogue is None else Catalogue(catalogue))

    assert quote.verdict is Verdict.UNKNOWN
    assert hints(quote) == [[(FailureKind.INCOMPLETE, hint)] * 2]
    assert quote.uncertain == (DeliveryType.NORMAL, DeliveryType.EXPRESS)
    assert carried(acme.carrier) == []


def test_the_lines_beside_it_are_not_asked_about_either_and_say_why() -> None:
    acme = member("a")
    quote = quoted(asked(item(), bare("sku-2")), acme)

    assert quote.verdict is Verdict.UNKNOWN
    first, second = hints(quote)
    assert first[0][1] == "nobody was asked about it, since the weight or size of another line is not known"
    assert second[0][1].startswith("the caller tells no weight and size of it")
    assert carried(acme.carrier) == []


def test_an_unknown_sku_that_the_store_refuses_stays_refused_without_measures() -> None:
    quote = quoted(asked(bare()), member("a"), catalogue=Catalogue({}), unknown_sku="refuse")

    assert quote.verdict is Verdict.NOT_SERVED
    assert [one.refusal.code for one in quote.lines[0].refusals] == ["unknown_sku"]


def test_a_zero_that_the_caller_tells_is_the_callers_fault_also_where_the_catalogue_knows_better() -> None:
    with open_quoter(policy(member("a"), catalogue=Catalogue({"sku-1": WHOLE}))) as shop:
        with pytest.raises(RequestError, match=r"lines\.0\.weight"):
            shop.quote(asked(bare(weight=0)))
        with pytest.raises(RequestError, match=r"lines\.0\.size\.width"):
            shop.quote(asked(bare(size=Dimensions(length=1, width=0, height=1))))


def test_the_price_in_the_catalogue_is_what_is_declared_where_nothing_else_is() -> None:
    priced = CatalogueEntry(weight=300, size=SIZE, price=brl(4990))
    declared = CatalogueEntry(weight=300, size=SIZE, price=brl(4990), declared_value=brl(100))
    acme = member("a")
    with open_quoter(policy(acme, catalogue=Catalogue({"p": priced, "d": declared}))) as shop:
        shop.quote(asked(bare("p"), bare("d"), bare("p", declared_value=brl(7))))

    assert isinstance(acme.carrier, ScriptedCarrier)
    assert [one.parcels[0].value for one in acme.carrier.asked] == [brl(4990), brl(100), brl(7)]


@pytest.mark.parametrize(("store", "caller", "shipments"), [("each", "together", 1), ("together", "each", 2)])
def test_a_caller_may_say_whether_its_lines_leave_together(store: str, caller: str, shipments: int) -> None:
    acme = member("a")
    with open_quoter(policy(acme, lines=store), clock=FrozenClock()) as shop:
        shop.quote(asked(item("a"), item("b"), grouping=caller))

    assert isinstance(acme.carrier, ScriptedCarrier)
    assert len(acme.carrier.asked) == shipments


def test_together_one_price_is_shared_out_also_where_the_store_says_each() -> None:
    acme = member("a", lambda _: [rate(cost=1001)])

    quote = quoted(asked(item("a"), item("b"), grouping="together"), acme, lines="each")

    assert sum(line.offers[0].price.minor for line in quote.lines) == 1001
