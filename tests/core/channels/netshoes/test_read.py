"""Netshoes' questions: documented fields in, whole units and text out, every wrong field named."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portes.channels.netshoes import Netshoes
from portes.channels.netshoes.settings import NetshoesSettings
from portes.channels.protocol import Channel, ChannelRequest, Storefront
from portes.contract import Dimensions, Item, Place, QuoteRequest
from portes.contract.durations import WRITTEN
from portes.errors import RequestError, SettingsError, TooMuchError, UnauthorizedError

AUTH = {"kind": "basic", "username": "netshoes", "password": "canary"}
DEMO = Storefront(store="demo", country="BR", currency="BRL")
PRODUCT = {
    "skuCode": "a",
    "quantity": 1,
    "weight": 0.5,
    "width": 10.0,
    "height": 10.0,
    "length": 25.0,
    "preSale": False,
}


def channel(**settings: object) -> Netshoes:
    return Netshoes(NetshoesSettings.model_validate({"auth": AUTH, **settings}), DEMO)


def read(body: bytes, **settings: object) -> QuoteRequest:
    return channel(**settings).read(ChannelRequest("POST", "/v1/demo/netshoes", body=body))


def question(**changed: object) -> bytes:
    fields: dict[str, Any] = {"zipCode": "01512651", "catalogCode": "CAT_NETSHOESNOVA", "products": [PRODUCT]}
    return json.dumps({**fields, **changed}).encode()


def product(**changed: object) -> bytes:
    return question(products=[{**PRODUCT, **changed}])


def refusals(body: bytes) -> list[tuple[str, str]]:
    with pytest.raises(RequestError) as refused:
        read(body)
    assert all(found.fix for found in refused.value.problems)
    return [(found.where, found.value) for found in refused.value.problems]


def test_it_is_a_channel() -> None:
    netshoes: Channel = channel()

    assert netshoes.path == "netshoes"


def test_the_printed_question_is_read_to_the_last_field(sample: Callable[[str], bytes]) -> None:
    assert read(sample("single_sku.request")) == QuoteRequest(
        id="6dccffe9-52e7-456c-b814-b72ae3e49cc1",
        channel="netshoes",
        storefront="CAT_NETSHOESNOVA",
        store="demo",
        destination=Place(country="BR", postal_code="01512651"),
        lines=(
            Item(
                sku="sku-1234-01",
                quantity=1,
                weight=500,
                size=Dimensions(length=250, width=100, height=100),
                pre_sale=True,
            ),
        ),
        currency="BRL",
    )


def test_several_skus_keep_their_order_and_quantities(sample: Callable[[str], bytes]) -> None:
    lines = read(sample("two_skus_qty.request")).lines

    assert [(line.sku, line.quantity, line.weight, line.pre_sale) for line in lines] == [
        ("TEN-42_AZ", 2, 900, False),
        ("MEIA-UN", 3, 50, False),
    ]


def test_a_sku_that_stands_there_twice_is_two_lines() -> None:
    body = question(products=[{**PRODUCT, "quantity": 1}, {**PRODUCT, "quantity": 4}])

    assert [(line.sku, line.quantity) for line in read(body).lines] == [("a", 1), ("a", 4)]


def test_weights_and_sides_become_grams_and_millimetres_rounded_up() -> None:
    line = read(product(weight=0.3001, width=10.1, height=0.57, length=33)).lines[0]

    assert (line.weight, line.size) == (301, Dimensions(length=330, width=101, height=6))


def test_a_hub_that_sends_grams_and_metres_is_a_setting() -> None:
    line = read(product(weight=350, width=0.1, height=0.2, length=0.295), weight_unit="g", size_unit="m").lines[0]

    assert (line.weight, line.size) == (350, Dimensions(length=295, width=100, height=200))


def test_zero_weight_passes_here_because_the_store_decides_on_it() -> None:
    assert read(product(weight=0)).lines[0].weight == 0


def test_fields_the_page_does_not_have_are_ignored() -> None:
    assert read(question(coupon="X", products=[{**PRODUCT, "colour": "blue"}])) == read(question())


@pytest.mark.parametrize("given_id", [None, 7, {"a": 1}, "x" * 201])
def test_an_id_that_cannot_be_one_is_as_good_as_none(given_id: object) -> None:
    assert read(question(id=given_id)).id == ""
    assert read(question()).id == ""


def test_an_id_outside_the_pages_pattern_is_kept_for_tracing() -> None:
    assert read(question(id="pedido_7")).id == "pedido_7"


def test_a_quantity_may_be_written_as_a_decimal() -> None:
    assert read(product(quantity=2.0)).lines[0].quantity == 2


@pytest.mark.parametrize(
    "zip_code",
    ["1512651", "01512-651", "015126511", "", "0151265a", "٠١٥١٢٦٥١", "01512651\n", 1512651, None, ["01512651"]],
)
def test_a_zip_code_is_eight_digits_of_text(zip_code: object) -> None:
    assert [where for where, _ in refusals(question(zipCode=zip_code))] == ["zipCode"]


@pytest.mark.parametrize("field", ["weight", "width", "height", "length"])
@pytest.mark.parametrize(
    "number", ["NaN", "Infinity", "-Infinity", "1e400", "-0.1", "1e7", '"0.5"', "true", "null", "[1]"]
)
def test_a_measure_is_a_finite_number_of_sane_size(field: str, number: str) -> None:
    body = product(**{field: "HERE"}).replace(b'"HERE"', number.encode())

    assert [where for where, _ in refusals(body)] == [f"products.0.{field}"]


@pytest.mark.parametrize("number", [b"NaN", b"1e400"])
def test_what_is_no_finite_number_is_called_so(number: bytes) -> None:
    with pytest.raises(RequestError, match="finite number"):
        read(product(weight="HERE").replace(b'"HERE"', number))


@pytest.mark.parametrize("quantity", [0, -1, 1.5, 1e10, "2", True, None])
def test_a_quantity_is_a_whole_number_from_one(quantity: object) -> None:
    assert [where for where, _ in refusals(product(quantity=quantity))] == ["products.0.quantity"]


@pytest.mark.parametrize("sku", ["", "a b", "é", "a/b", "x" * 201, 5, None])
def test_a_sku_has_the_pages_letters(sku: object) -> None:
    assert [where for where, _ in refusals(product(skuCode=sku))] == ["products.0.skuCode"]


@pytest.mark.parametrize("flag", ["true", 1, None])
def test_pre_sale_is_true_or_false(flag: object) -> None:
    assert [where for where, _ in refusals(product(preSale=flag))] == ["products.0.preSale"]


def test_every_wrong_field_is_named_at_once_with_what_stood_there() -> None:
    body = question(zipCode="1512651", catalogCode="CAT NETSHOES", products=[PRODUCT, {**PRODUCT, "weight": -1}])

    assert refusals(body) == [("zipCode", "1512651"), ("catalogCode", "CAT NETSHOES"), ("products.1.weight", "-1")]


def test_every_missing_field_is_named() -> None:
    fields = ["skuCode", "quantity", "weight", "width", "height", "length", "preSale"]

    assert refusals(b"{}") == [("zipCode", ""), ("catalogCode", ""), ("products", "")]
    assert refusals(question(products=[{}])) == [(f"products.0.{field}", "") for field in fields]


def test_a_question_without_products_is_refused() -> None:
    assert refusals(question(products=[])) == [("products", "a list of 0")]


def test_a_question_of_thousands_of_lines_is_too_much() -> None:
    with pytest.raises(TooMuchError):
        read(question(products=[PRODUCT] * 2001))


@given(st.text(alphabet="0123456789", min_size=8, max_size=8))
def test_a_postal_code_never_loses_its_zeros(code: str) -> None:
    assert read(question(zipCode=code)).destination.postal_code == code


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(), lambda of: st.lists(of) | st.dictionaries(st.text(), of)
    )
)
def test_nothing_but_a_request_error_comes_of_any_body(body: object) -> None:
    with pytest.raises(RequestError):
        read(json.dumps(body).encode())


@pytest.mark.parametrize(
    "auth",
    [
        AUTH,
        {"kind": "app_key", "app_key": "k", "app_token": "t"},
        {"kind": "header", "value": "BASIC abc"},
        [{"kind": "header", "value": "BASIC abc"}, AUTH],
    ],
)
def test_the_example_is_the_printed_question_and_opens_the_channel(
    auth: object, sample: Callable[[str], bytes]
) -> None:
    netshoes = channel(auth=auth)
    example = netshoes.example()

    netshoes.authenticate(example)
    assert json.loads(example.body) == json.loads(sample("single_sku.request"))
    assert (example.method, example.path) == ("POST", "/v1/demo/netshoes")


def test_bad_credentials_stay_out() -> None:
    with pytest.raises(UnauthorizedError):
        channel().authenticate(ChannelRequest("POST", "/v1/demo/netshoes", headers={"authorization": "Basic Y2FuYXJ5"}))


@pytest.mark.parametrize(
    "settings",
    [
        {"auth": []},
        {"auth": {"kind": "none"}},
        {"auth": {"kind": "basic", "username": "u"}},
        {"auth": {"kind": "app_key", "app_key": "k"}},
        {"auth": AUTH, "limit": "100ms", "reserve": "100ms"},
        {"auth": AUTH, "limit": 400},
        {"auth": AUTH, "line_price": "cart"},
        {"auth": AUTH, "super_express_text": ""},
        {"auth": AUTH, "super_express_text": "EXPRESSA"},
        {"auth": AUTH, "unknown": 1},
        {},
    ],
)
def test_settings_that_cannot_work_are_refused(settings: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="NetshoesSettings"):
        NetshoesSettings.model_validate(settings, context=WRITTEN)


def test_the_engine_gets_the_limit_less_the_reserve() -> None:
    assert channel().limit == pytest.approx(0.4)
    assert channel().deadline == pytest.approx(0.3)
    assert channel(limit="350ms", reserve="50ms").deadline == pytest.approx(0.3)


def test_a_store_outside_brazil_cannot_have_this_channel() -> None:
    with pytest.raises(SettingsError) as refused:
        Netshoes(
            NetshoesSettings.model_validate({"auth": AUTH}), Storefront(store="tienda", country="ES", currency="EUR")
        )

    assert [(found.where, found.value) for found in refused.value.problems] == [
        ("store.country", "ES"),
        ("store.currency", "EUR"),
    ]


def test_every_status_says_what_it_makes_the_marketplace_do() -> None:
    assert sorted(Netshoes.statuses) == [200, 401, 413, 422, 503]
    assert all("imported freight table" in told for status, told in Netshoes.statuses.items() if status != 200)
