"""Mercado Livre: one consolidated item read, quotes told with its codes, statuses and cache headers."""

import json
from dataclasses import replace
from typing import Any

import pytest
from platforms import AUTH, asked, not_served, offer, sample, served, speaking, told, unknown

from portes.channels.mercado_livre import MercadoLivre
from portes.channels.mercado_livre.settings import MercadoLivreSettings
from portes.channels.mercado_livre.wire import FIELDS, MercadoLivreRequest
from portes.channels.protocol import ChannelQuestion, ChannelReply
from portes.channels.understood import ReplyEffect
from portes.contract import Dimensions, Money, Place, Quote, QuoteRequest, Verdict
from portes.errors import Problem, RequestError, SettingsError, TooMuchError, UnauthorizedError

PRINTED: dict[str, Any] = json.loads(sample("mercado_livre__zipcode.request"))


def livre(**settings: Any) -> MercadoLivre:
    made: MercadoLivre = speaking(MercadoLivre, **settings)
    return made


def question(**changed: object) -> dict[str, Any]:
    return {**PRINTED, **changed}


def item(**changed: object) -> dict[str, Any]:
    return question(items=[{**PRINTED["items"][0], **changed}])


def read(body: dict[str, Any], **settings: object) -> QuoteRequest:
    channel = livre(**settings)
    request = channel.read(asked(channel, body)).request
    assert request is not None
    return request


def written(quote: Quote, body: dict[str, Any] = PRINTED, **settings: object) -> ChannelReply:
    channel = livre(**settings)
    return channel.write(quote, channel.read(asked(channel, body, "GET")))


def problem(reply: ChannelReply) -> tuple[int, int]:
    """Status and code of what is said in place of an answer."""
    body = json.loads(reply.body)
    assert body.keys() == {"message", "error_code"}
    assert reply.headers["cache-control"] == "no-store"
    return reply.status, body["error_code"]


def test_the_printed_question_is_read_in_grams_millimetres_and_centavos() -> None:
    request = read(PRINTED)

    (line,) = request.lines
    assert request.destination == Place(country="BR", postal_code="88063038")
    assert (line.sku, line.quantity, line.consolidated, line.weight) == ("RB-PC890A", 1, 1, 500)
    assert line.size == Dimensions(height=100, width=100, length=310)
    assert line.declared_value == Money(minor=6990, currency="BRL")


def test_units_that_the_platform_has_consolidated_are_one_piece_and_never_multiplied() -> None:
    (line,) = read({**item(quantity=3, price=209.7), "declared_value": None}).lines

    assert (line.quantity, line.consolidated, line.units, line.weight) == (1, 3, 3, 500)
    assert line.size == Dimensions(height=100, width=100, length=310)
    assert line.declared_value == Money(minor=20970, currency="BRL")  # the line's price is that of all units


def test_a_declared_value_goes_before_the_price_and_neither_is_left_to_the_catalogue() -> None:
    nothing = {**item(price=None), "declared_value": None}

    assert read(question(declared_value=10.05)).lines[0].declared_value == Money(minor=1005, currency="BRL")
    assert read(nothing).lines[0].declared_value is None


def test_a_broken_measure_is_rounded_up_and_a_zero_left_to_the_catalogue() -> None:
    sides = {"height": 10.01, "width": 10, "length": 31, "weight": 499.2}
    (line,) = read(item(dimensions=sides)).lines
    (zero,) = read(item(dimensions={**sides, "height": 0, "weight": 0})).lines

    assert (line.weight, line.size) == (500, Dimensions(height=101, width=100, length=310))
    assert (zero.weight, zero.size) == (None, None)


@pytest.mark.parametrize("value", [0, "0", 3123212, "3123212"])
def test_numbers_that_the_page_has_as_texts_too_are_read_and_told_as_they_came(value: int | str) -> None:
    body = question(seller_id=value, items=[{**PRINTED["items"][0], "variation_id": value, "store_id": value}])

    (packed,) = told(written(served([offer()]), body))["packages"][0]["items"]
    assert packed["variation_id"] == value
    assert type(packed["variation_id"]) is type(value)


def test_an_item_without_a_variation_is_told_the_platform_s_zero() -> None:
    plain = {name: value for name, value in PRINTED["items"][0].items() if name != "variation_id"}

    assert told(written(served([offer()]), question(items=[plain])))["packages"][0]["items"][0]["variation_id"] == 0


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (item(quantity=0), "items.0.quantity"),
        (item(SKU=""), "items.0.SKU"),
        (item(price=-1), "items.0.price"),
        (item(price=10**9), "items.0.price"),
        (question(declared_value=10**9), "declared_value"),
        (item(dimensions=None), "items.0.dimensions"),
        (item(dimensions={"height": 1, "width": 1, "length": "a", "weight": 1}), "items.0.dimensions.length"),
        (item(variation_id=1.5), "items.0.variation_id"),
        (question(items=[]), "items"),
        (question(items=PRINTED["items"] * 2), "items"),
        (question(destination={"type": "zipcode"}), "destination.value"),
        (question(destination={"type": "zipcode", "value": "Santiago/Maipú"}), "destination.value"),
        (question(destination={"type": "city", "value": "Santiago/Maipú"}), "destination.type"),
        ({"items": PRINTED["items"], "destination": PRINTED["destination"]}, "seller_id"),
    ],
)
def test_a_wrong_field_is_named_as_the_platform_calls_it(body: dict[str, Any], field: str) -> None:
    channel = livre()

    with pytest.raises(RequestError) as refused:
        channel.read(asked(channel, body))

    assert [found.where for found in refused.value.problems] == [field]


def test_a_lower_case_sku_is_told_to_be_written_in_upper_case() -> None:
    lower = {**{name: value for name, value in PRINTED["items"][0].items() if name != "SKU"}, "sku": "RB-PC890A"}

    with pytest.raises(RequestError, match=r"items\.0\.SKU: is missing; write the seller's own SKU .* upper-case"):
        read(question(items=[lower]))


def test_every_field_of_ours_has_a_name_that_the_platform_sends() -> None:
    whole = json.dumps(MercadoLivreRequest.model_json_schema())

    assert all(f'"{theirs.rpartition(".")[2]}"' in whole for theirs in FIELDS.values() if not theirs.endswith("*"))


def test_a_served_quote_is_one_package_with_the_echo_and_a_quotation_of_each_type() -> None:
    offers = [offer(transit=4), offer(minor=2500), offer("express", 3550, (1, 2))]
    body = told(written(served(offers), item(quantity=2)))

    dimensions = PRINTED["items"][0]["dimensions"]
    packed = {"id": "MLB1223500643", "variation_id": 0, "quantity": 2, "dimensions": dimensions}
    assert body == {
        "destinations": ["88063038"],
        "packages": [
            {
                "dimensions": dimensions,
                "items": [packed],
                "quotations": [
                    {"price": 19.9, "handling_time": 1, "shipping_time": 4, "promise": 5, "service": 1},
                    {"price": 35.5, "handling_time": 0, "shipping_time": 2, "promise": 2, "service": 2},
                ],
            }
        ],
    }


def test_a_destination_is_echoed_as_it_was_written() -> None:
    there = question(destination={"type": "zipcode", "value": "01512-651"})

    assert told(written(served([offer()]), there))["destinations"] == ["01512-651"]
    assert read(there).destination.postal_code == "01512651"


def test_the_service_of_a_type_is_the_two_digits_that_are_set() -> None:
    reply = written(served([offer("express")]), services={"express": "07"})

    assert told(reply)["packages"][0]["quotations"][0]["service"] == 7
    assert livre().understood(asked(livre(), PRINTED), reply).options[0].name == "07"  # the platform fills it up
    with pytest.raises(ValueError, match="services"):
        livre(services={"express": "7"})


def test_an_answer_may_be_kept_privately_and_has_a_tag_that_changes_with_it() -> None:
    one, same, other = (written(served([offer(minor=minor)])) for minor in (1990, 1990, 2000))

    assert (one.headers["cache-control"], one.headers["age"]) == ("private, max-age=300", "0")
    assert one.headers["etag"] == same.headers["etag"] != other.headers["etag"]
    assert one.headers["etag"][0] == one.headers["etag"][-1] == '"'


def test_the_setting_says_for_how_long_an_answer_may_be_kept_or_not_at_all() -> None:
    assert written(served([offer()]), max_age="1h").headers["cache-control"] == "private, max-age=3600"
    assert written(served([offer()]), max_age="0s").headers["cache-control"] == "no-store"


def unstocked() -> Quote:
    quote = not_served(code="out_of_stock")
    return without_origin(quote)


def without_origin(quote: Quote) -> Quote:
    """The same, said before any origin was chosen, as the engine says what it finds out itself."""
    lines = [
        line.model_copy(
            update={
                "refusals": tuple([no.model_copy(update={"origin_id": 0}) for no in line.refusals]),
                "failures": tuple([one.model_copy(update={"origin_id": 0}) for one in line.failures]),
            }
        )
        for line in quote.lines
    ]
    return quote.model_copy(update={"lines": tuple(lines)})


def not_in_the_catalogue() -> Quote:
    quote = without_origin(unknown())
    failed = quote.lines[0].failures[0]
    hint = failed.failure.model_copy(update={"hint": "the SKU is not in the store's catalogue"})
    line = quote.lines[0].model_copy(update={"failures": (failed.model_copy(update={"failure": hint}),)})
    return quote.model_copy(update={"lines": (line,)})


@pytest.mark.parametrize(
    ("quote", "status", "code", "effect"),
    [
        (not_served(), 400, 3, ReplyEffect.NOT_DELIVERED),
        (not_served(code="out_of_stock"), 400, 3, ReplyEffect.NOT_DELIVERED),  # a carrier's own code is none of ours
        (unstocked(), 500, 1, ReplyEffect.FALLBACK),
        (without_origin(not_served(code="unknown_sku")), 500, 4, ReplyEffect.MESSAGE),
        (not_in_the_catalogue(), 500, 4, ReplyEffect.MESSAGE),
        (unknown(), 500, -1, ReplyEffect.FALLBACK),
    ],
)
def test_each_outcome_without_a_price_has_its_code_and_status(
    quote: Quote, status: int, code: int, effect: ReplyEffect
) -> None:
    reply = written(quote)
    channel = livre()
    understood = channel.understood(asked(channel, PRINTED), reply)

    assert problem(reply) == (status, code)
    assert (understood.effect, understood.faults) == (effect, ())
    assert bool(reply.is_answer) is (code != -1)  # only at -1 nothing is known


def test_offers_are_held_back_for_the_sheet_where_normal_delivery_failed() -> None:
    quote = served([offer("express")], failed=["normal"])

    assert problem(written(quote)) == (500, -1)
    assert written(quote).withheld
    assert written(quote, withhold="never").status == 200


@pytest.mark.parametrize(
    ("wheres", "code", "answers"),
    [
        (["destination.value"], 2, True),
        (["destination.type"], -1, None),
        (["items.0.SKU"], -1, None),
        (["items.0.SKU", "destination.value"], -1, None),
    ],
)
def test_a_wrong_question_is_an_internal_error_and_a_wrong_destination_one_of_its_own(
    wheres: list[str], code: int, *, answers: bool | None
) -> None:
    reply = livre().refuse(RequestError([Problem(where, "x", "is wrong") for where in wheres]))

    assert (problem(reply), reply.is_answer) == ((500, code), answers)
    assert f"{wheres[0]}: is wrong" in json.loads(reply.body)["message"]


def test_too_much_and_a_crash_are_internal_errors_too_and_keep_what_headers_say() -> None:
    assert problem(livre().refuse(TooMuchError(Problem("items", "", "are too many")))) == (500, -1)
    excuse = livre().excuse(503, "too many calls", {"retry-after": "1"})
    assert (problem(excuse), excuse.headers["retry-after"]) == ((500, -1), "1")


def test_a_header_that_was_agreed_lets_a_call_in_and_no_other_does() -> None:
    channel = livre(auth={"kind": "header", "name": "X-Me1-Key", "value": "agreed word for word"})
    call = asked(channel, PRINTED, "GET")

    channel.authenticate(call)
    assert call.headers["x-me1-key"] == "agreed word for word"
    for headers in ({}, {"x-me1-key": "agreed word for wor"}, {"authorization": "agreed word for word"}):
        with pytest.raises(UnauthorizedError) as refused:
            channel.authenticate(replace(call, headers=headers))
        reply = channel.refuse(refused.value)
        assert (reply.status, json.loads(reply.body)["error_code"], "www-authenticate" in reply.headers) == (
            401,
            -1,
            True,
        )


def test_a_store_that_lets_anybody_ask_does_not_start() -> None:
    with pytest.raises(ValueError, match="auth"):
        livre(auth=[])


@pytest.mark.parametrize("ours", [337352780, "337352780"])
def test_a_call_for_another_seller_is_refused_where_the_seller_is_set(ours: int | str) -> None:
    assert read(question(seller_id="337352780"), seller_id=ours).lines
    with pytest.raises(UnauthorizedError, match="another seller") as refused:
        read(question(seller_id=1), seller_id=ours)

    assert livre().refuse(refused.value).status == 401


def test_it_speaks_for_stores_of_brazil_since_elsewhere_a_commune_is_named() -> None:
    with pytest.raises(SettingsError, match=r"store\.country"):
        speaking(MercadoLivre, "CL", "CLP")


def test_an_answer_that_breaks_the_page_s_rules_is_an_internal_error_with_an_alarm() -> None:
    reply = written(
        Quote(id="q-1", verdict=Verdict.SERVED, currency="BRL", lines=served([offer()], [offer("express")]).lines)
    )

    assert problem(reply) == (500, -1)
    assert "packages.0.quotations" in reply.alarm


def test_the_printed_answer_is_understood_but_for_the_headers_that_it_was_printed_without() -> None:
    channel = livre()
    body = question(
        destination={"type": "zipcode", "value": "88063038"},
        items=[{**PRINTED["items"][0], "variation_id": 3123212}],
    )
    cases = json.loads(sample("mercado_livre__cache_headers.cases"))
    bare = ChannelReply(200, {}, sample("mercado_livre__two_quotations.response"))
    kept = {"cache-control": "private, max-age=1000000", "age": "0", "etag": cases[0]["headers"]["ETag"]}
    understood = channel.understood(asked(channel, body), replace(bare, headers=kept))

    assert [(one.name, one.price.minor, one.days) for one in understood.options] == [("99", 11988, 4), ("99", 0, 6)]
    assert understood.faults == ()
    assert len(channel.understood(asked(channel, body), bare).faults) == 3
    printed = {"cache-control": cases[0]["headers"]["Cache-Control"], "age": "0", "etag": "x"}
    assert channel.understood(asked(channel, body), replace(bare, headers=printed)).faults == (
        "Cache-Control has neither no-store nor private and max-age",  # the page writes ; and : for , and =
    )


def test_the_printed_error_is_understood_and_a_code_with_the_wrong_status_is_a_fault() -> None:
    channel = livre()
    printed = sample("mercado_livre__error.response")
    three = json.dumps({"message": "no", "error_code": 3}).encode()

    assert channel.understood(asked(channel), ChannelReply(500, {}, printed)).faults == ()
    assert channel.understood(asked(channel), ChannelReply(400, {}, printed)).faults
    assert channel.understood(asked(channel), ChannelReply(500, {}, three)).faults
    assert channel.understood(asked(channel), ChannelReply(500, {}, b"<html>")).faults
    assert channel.understood(asked(channel), ChannelReply(503, {}, b"")).effect is ReplyEffect.FALLBACK
    assert channel.understood(asked(channel), ChannelReply(304)).effect is ReplyEffect.PRICES


def test_an_answer_to_another_question_or_with_days_that_do_not_add_up_is_a_fault() -> None:
    channel = livre()
    reply = written(served([offer()]))
    other = question(
        destination={"type": "zipcode", "value": "01512651"}, items=[{**PRINTED["items"][0], "id": "MLB2"}]
    )
    broken = replace(reply, body=reply.body.replace(b'"promise":5', b'"promise":6'))

    assert len(channel.understood(asked(channel, other), reply).faults) == 2
    assert "promise" in channel.understood(asked(channel, PRINTED), broken).faults[0]


def test_the_example_is_a_get_with_a_body_that_its_own_channel_takes() -> None:
    channel = livre(seller_id="42")
    example = channel.example()

    channel.authenticate(example)
    question = channel.read(example)
    assert isinstance(question, ChannelQuestion)
    assert question.request is not None
    assert (example.method, question.request.lines[0].sku) == ("GET", "sku-1234-01")


def test_calendar_and_grouping_of_the_channel_go_into_its_questions() -> None:
    channel = MercadoLivre(
        MercadoLivreSettings.model_validate({"auth": AUTH}),
        replace(livre()._storefront, calendar="BR-SP", grouping="together"),
    )
    request = channel.read(asked(channel, PRINTED)).request

    assert request is not None
    assert (request.calendar, request.grouping) == ("BR-SP", "together")


def test_the_reserve_leaves_half_of_the_limit_for_the_way_from_virginia() -> None:
    assert (livre().limit, livre().deadline) == (0.4, 0.2)
    assert livre(reserve="50ms").deadline == pytest.approx(0.35)
