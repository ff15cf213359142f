"""Tray's freight gateway: products read from the query as it came, quotes told as XML, the token compared."""

import json
from dataclasses import replace
from typing import Any
from urllib.parse import quote as url_quote
from urllib.parse import urlencode
from xml.etree.ElementTree import Element, SubElement, fromstring, tostring

import pytest
from platforms import not_served, offer, sample, served, speaking, unknown

from portes.catalogue import CatalogueEntry
from portes.channels.protocol import ChannelReply, ChannelRequest
from portes.channels.tray import Tray
from portes.channels.understood import ReplyEffect
from portes.contract import Dimensions, Money, Place, Quote, QuoteRequest, RequestLine
from portes.errors import Problem, RequestError, SettingsError, TooMuchError, UnauthorizedError

PRINTED: dict[str, str] = json.loads(sample("tray__two_products.request"))["query"]
TOKEN = "123ABC456DEF"
ONE = "0.2;0.3;0.4;0.024;2;0.235;8;151.33"


def tray(**settings: Any) -> Tray:
    made: Tray = speaking(Tray, **{"token": TOKEN, **settings})
    return made


def call(channel: Tray, prods: str, cep: str = "04001001", safe: str = "") -> ChannelRequest:
    return channel.call("GET", query=f"cep_destino={cep}&prods={url_quote(prods, safe=safe)}")


def read(prods: str, safe: str = "", **settings: Any) -> QuoteRequest:
    channel = tray(**settings)
    request = channel.read(call(channel, prods, safe=safe)).request
    assert request is not None
    return request


def line(prods: str, safe: str = "", **settings: Any) -> RequestLine:
    (only,) = read(prods, safe, **settings).lines
    return only


def written(quote: Quote, prods: str = ONE, entry: CatalogueEntry | None = None, **settings: Any) -> ChannelReply:
    channel = tray(**settings)
    question = channel.read(call(channel, prods))
    return channel.write_goods(quote, question, [entry] * len(question.skus))


def results(reply: ChannelReply) -> list[dict[str, str]]:
    """The results of an answer in XML."""
    assert (reply.status, reply.alarm) == (200, "")
    assert reply.headers["content-type"] == "application/xml; charset=windows-1252"
    root = fromstring(reply.body)  # noqa: S314 -- our own
    assert root.tag == "cotacao"
    assert {child.tag for child in root} <= {"resultado"}
    return [{child.tag: child.text or "" for child in result} for result in root]


def error_of(reply: ChannelReply) -> str:
    root = fromstring(reply.body)  # noqa: S314 -- our own
    assert reply.headers["content-type"] == "application/xml; charset=windows-1252"
    assert [child.tag for child in root] == ["erro"]
    return root.findtext("erro") or ""


def test_the_printed_question_is_read_in_grams_millimetres_and_centavos() -> None:
    channel = tray()
    printed = {name: value for name, value in PRINTED.items() if name != "token"}
    request = channel.read(channel.call("GET", query=urlencode(printed))).request

    assert request is not None
    first, second = request.lines
    assert request.destination == Place(country="BR", postal_code="04001001")
    assert (first.sku, first.quantity, first.weight) == ("6", 1, 100)
    assert first.size == Dimensions(length=200, width=200, height=200)
    assert first.declared_value == Money(minor=4399, currency="BRL")
    assert (second.sku, second.quantity, second.weight) == ("8", 2, 235)
    assert second.size == Dimensions(length=300, width=220, height=500)
    assert second.declared_value == Money(minor=15133, currency="BRL")  # of one unit, and so is the weight


@pytest.mark.parametrize("safe", ["", ";", "/", ";/", ";/,"])
def test_separators_are_read_as_they_are_and_percent_encoded(safe: str) -> None:
    two = read(f"{ONE}/0,2;0,2;0,2;0,008;1;0,1;6;43,99", safe)

    assert [(line.sku, line.weight) for line in two.lines] == [("8", 235), ("6", 100)]
    assert [line.declared_value and line.declared_value.minor for line in two.lines] == [15133, 4399]


@pytest.mark.parametrize("code", ["A/B", "A;B", "A/1;2", "CAMISA AZUL", "A+B", "ÇÃO", "A&B=C", "A,B", "1/2/3", "a%2Fb"])
def test_a_code_of_odd_signs_comes_through_also_before_another_product(code: str) -> None:
    product = f"0.2;0.3;0.4;0.024;2;0.235;{code};151.33"

    assert [line.sku for line in read(f"{product}/{product}/{ONE}").lines] == [code, code, "8"]


def test_a_plus_in_a_code_is_a_space_unless_the_setting_says_that_it_is_itself() -> None:
    written = "0.2;0.3;0.4;0.024;2;0.235;A+B;151.33"

    assert line(written, safe="+").sku == "A B"
    assert line(written, safe="+", plus="plus").sku == "A+B"


def test_a_zero_side_or_weight_is_left_to_the_catalogue() -> None:
    assert line("0;0.3;0.4;0.024;2;0.235;8;1").size is None
    assert line("0.2;0.3;0.4;0.024;2;0,000;8;1").weight is None
    assert line("0.2001;0.3;0.4;;2;0.2351;8;1").size == Dimensions(length=201, width=300, height=400)
    assert line("0.2001;0.3;0.4;;2;0.2351;8;1").weight == 236


@pytest.mark.parametrize(
    ("prods", "fields"),
    [
        ("", ["prods.0"]),
        ("0.2;0.3;0.4;0.024;2;0.235;8", ["prods.0"]),
        (f"{ONE}/", ["prods.0.price"]),
        (
            "a;0.3;-1;0.024;2.5;1e3;;x",
            [f"prods.0.{n}" for n in ("length", "height", "quantity", "weight", "code", "price")],
        ),
        (f"{ONE}/0.2;0.3;0.4;0.024;0;0.235;8;1", ["prods.1.quantity"]),
        ("0.2;0.3;0.4;0.024;1000001;0.235;8;1", ["prods.0.quantity"]),
        (
            "40;0.3;0.4;0.024;1;100000.1;8;999999999",
            ["prods.0.length", "prods.0.weight", "prods.0.price"],
        ),  # cm, g, cents
        (f"0.2;0.3;0.4;0.024;1;0.235;{'8' * 201};1", ["prods.0.code"]),
        ("0.2;0.3;0.4;0.024;1;0.235;8;1.234,56", ["prods.0.price"]),
    ],
)
def test_a_wrong_part_of_a_product_is_named_by_its_place(prods: str, fields: list[str]) -> None:
    with pytest.raises(RequestError) as refused:
        read(prods)

    assert [problem.where for problem in refused.value.problems] == fields


@pytest.mark.parametrize(
    ("query", "field"),
    [
        (f"prods={ONE}", "cep_destino"),
        ("cep_destino=04001001", "prods"),
        (f"cep_destino=0400100&prods={ONE}", "cep_destino"),
        (f"cep_destino=04001001&prods={ONE}&prods={ONE}", "prods"),
    ],
)
def test_a_wrong_parameter_is_named(query: str, field: str) -> None:
    channel = tray()

    with pytest.raises(RequestError) as refused:
        channel.read(channel.call("GET", query=query))
    assert [problem.where for problem in refused.value.problems] == [field]


def test_a_quote_is_told_as_options_of_the_whole_cart_in_the_elements_of_the_chapter() -> None:
    quote = served([offer(minor=1990)], [offer(minor=361)])
    reply = written(quote, f"{ONE}/{ONE}", titles={"normal": "ENTREGA {carrier}"})

    assert results(reply) == [
        {
            "codigo": "correios:03298",
            "transportadora": "Correios",
            "servico": "ENTREGA Correios",
            "transporte": "TERRESTRE",
            "valor": "23,51",
            "peso": "0,94",
            "prazo_min": "3",
            "prazo_max": "5",
        }
    ]


def test_each_service_of_the_cart_is_an_option_with_its_own_code_and_transport() -> None:
    quote = served([offer(), offer("express", 3550, (1, 2))])
    found = results(written(quote, codes={"correios:03298": "123"}, transport={"express": "AEREO"}))

    assert [(one["codigo"], one["transporte"]) for one in found] == [("123", "TERRESTRE"), ("correios:03220", "AEREO")]
    assert [one["servico"] for one in found] == ["Correios", "Correios Express"]
    with pytest.raises(ValueError, match="one code"):
        tray(codes={"correios:03298": "1", "correios:03220": "1"})


def test_decimals_are_written_with_a_comma_or_a_point() -> None:
    quote = served([offer(minor=100000)])

    comma, point = results(written(quote))[0], results(written(quote, decimal_sign="point"))[0]
    assert (comma["valor"], comma["peso"], point["valor"], point["peso"]) == ("1000,00", "0,47", "1000.00", "0.47")


@pytest.mark.parametrize(
    ("weight", "told"), [("0.1", "0,10"), ("0.235", "0,235"), ("10", "10,00"), ("1000", "1000,00")]
)
def test_a_weight_has_two_decimals_or_as_many_as_it_takes(weight: str, told: str) -> None:
    assert results(written(served([offer()]), f"0.2;0.3;0.4;0.024;1;{weight};8;1"))[0]["peso"] == told


def test_a_weight_that_the_call_lacks_is_the_catalogue_s_or_left_out() -> None:
    bare = "0.2;0.3;0.4;0.024;2;0;8;1"

    assert results(written(served([offer()]), bare, CatalogueEntry(weight=500)))[0]["peso"] == "1,00"
    assert "peso" not in results(written(served([offer()]), bare))[0]
    channel = tray()
    assert "peso" not in results(channel.write(served([offer()]), channel.read(call(channel, bare))))[0]


def test_an_answer_is_xml_in_windows_1252_whatever_the_letters_and_kept_as_utf_8() -> None:
    reply = written(served([offer(carrier_name="São João <&> 日 Cargas")]))

    assert reply.body.startswith(b"<?xml version='1.0' encoding='windows-1252'?>")
    assert "São João &lt;&amp;&gt; &#26085; Cargas".encode("windows-1252") in reply.body
    assert results(reply)[0]["transportadora"] == "São João <&> 日 Cargas"
    assert reply.kept is not None
    assert "São João" in reply.kept.decode()


def test_a_sign_that_xml_cannot_hold_is_told_as_a_space() -> None:
    assert error_of(tray().excuse(503, "bad \x00\x0b sign", {})) == "bad    sign"


def test_what_is_not_delivered_is_an_answer_without_results() -> None:
    reply = written(not_served())

    assert results(reply) == []
    assert tray().understood(call(tray(), ONE), reply).effect is ReplyEffect.NOT_DELIVERED


def test_what_is_not_known_is_xml_without_results_and_no_answer() -> None:
    channel = tray()
    reply = written(unknown())
    understood = channel.understood(call(channel, ONE), reply)

    assert (reply.status, reply.is_answer) == (503, False)
    assert "not known" in error_of(reply)
    assert (understood.effect, understood.faults) == (ReplyEffect.NO_FREIGHT, ())


def test_offers_are_held_back_only_where_the_setting_says_so() -> None:
    quote = served([offer("express")], failed=["normal"])

    assert written(quote).status == 200
    assert written(quote, withhold="normal").status == 503


@pytest.mark.parametrize(
    ("error", "status", "as_set"),
    [
        (RequestError(Problem("prods.0.weight", "x", "is no number", "write the kilograms")), 422, 200),
        (TooMuchError(Problem("prods", "", "are too many")), 413, 200),
        (UnauthorizedError(Problem("query", "", "wrong")), 401, 401),
    ],
)
def test_a_wrong_question_is_answered_with_xml_and_the_status_that_is_set(
    error: RequestError, status: int, as_set: int
) -> None:
    reply, other = tray().refuse(error), tray(error_status=200).refuse(error)

    assert (reply.status, other.status, reply.is_answer, other.is_answer) == (status, as_set, False, False)
    assert error.problems[0].cause in error_of(reply)
    assert tray().understood(call(tray(), ONE), other).effect is ReplyEffect.NO_FREIGHT


def test_an_excuse_is_xml_with_its_headers_and_the_status_that_is_set() -> None:
    reply = tray().excuse(503, "too many calls", {"retry-after": "1"})

    assert (reply.status, reply.headers["retry-after"], error_of(reply)) == (503, "1", "too many calls")
    assert tray(error_status=200).excuse(500, "", {}).status == 200
    assert error_of(tray().excuse(500, "", {})) == "Internal Server Error"


def test_an_answer_that_breaks_the_rules_is_xml_with_an_alarm() -> None:
    broken = written(served([offer().model_copy(update={"carrier_name": ""})]))

    assert (broken.status, "transportadora" in broken.alarm) == (503, True)
    assert error_of(broken)


def test_the_printed_answer_is_understood_with_commas_and_with_points() -> None:
    channel = tray()
    printed = json.loads(sample("tray__two_results.response"))
    root = Element("cotacao")
    for result in printed["cotacao"]["resultado"]:
        element = SubElement(root, "resultado")
        for name, text in result.items():
            SubElement(element, name).text = text
    xml = tostring(root, encoding=printed["encoding"], xml_declaration=True)
    headers = {"content-type": printed["content_type"]}

    for body in (xml, xml.replace(b"23,51", b"23.51")):
        understood = channel.understood(call(channel, ONE), ChannelReply(200, headers, body))
        assert [(one.name, one.price.minor, one.days) for one in understood.options] == [
            ("123", 2351, 4),
            ("456", 1541, 7),
        ]
        assert (understood.effect, understood.faults) == (ReplyEffect.PRICES, ())


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        (b"<cotacao>", b"<cotacao", "is no XML"),
        (b"cotacao>", b"quote>", "its element is quote"),
        (b"<codigo>correios:03298</codigo>", b"", "lacks codigo"),
        (b"<codigo>correios:03298</codigo>", b"<codigo>correios:03220</codigo>", "stands there twice"),
        (b"<prazo_min>3", b"<prazo_min>30", "prazo_min is more"),
        (b"<valor>19,90", b"<valor>R$ 19,90", "is no number"),
    ],
)
def test_an_answer_that_breaks_the_chapter_s_rules_is_a_fault(old: bytes, new: bytes, fault: str) -> None:
    reply = written(served([offer(), offer("express", 3550, (1, 2))]))
    assert old in reply.body
    channel = tray()

    assert fault in channel.understood(call(channel, ONE), replace(reply, body=reply.body.replace(old, new))).faults[0]
    assert channel.understood(call(channel, ONE), replace(reply, headers={})).faults


@pytest.mark.parametrize("token", [TOKEN, "a+b c/&=%ç", "日本"])
def test_a_call_with_the_token_is_let_in_and_another_is_not(token: str) -> None:
    channel = tray(token=token)
    right = call(channel, ONE)

    channel.authenticate(right)
    for query in ({}, {"token": ""}, {"token": f"{token}x"}, {"Token": token}):
        with pytest.raises(UnauthorizedError) as refused:
            channel.authenticate(replace(right, query=query))
        reply = channel.refuse(refused.value)
        assert (reply.status, "www-authenticate" in reply.headers) == (401, True)
        assert token not in error_of(reply)
    assert token not in repr(right)


def test_two_tokens_hold_while_one_replaces_the_other_and_none_is_not_enough() -> None:
    old = call(tray(), ONE)

    tray(token=["the-new-one", TOKEN]).authenticate(old)
    with pytest.raises(UnauthorizedError):
        tray(token="the-new-one").authenticate(old)
    with pytest.raises(ValueError, match="token"):
        tray(token="")
    with pytest.raises(ValueError, match="token"):
        tray(token=[])


def test_it_speaks_for_stores_of_brazil() -> None:
    with pytest.raises(SettingsError, match=r"store\.country"):
        speaking(Tray, "PT", "EUR", token=TOKEN)


def test_the_example_is_a_question_that_its_own_channel_takes() -> None:
    channel = tray()
    example = channel.example()

    channel.authenticate(example)
    assert (example.method, channel.read(example).skus) == ("GET", ("sku-1234-01",))
