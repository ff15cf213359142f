"""What the marketplace makes of a reply: lines read back as it documents them, its own table for all the rest."""

import json
from typing import Any

import pytest
from platforms import not_served, offer, sample, served, speaking

from portes.channels.netshoes import Netshoes
from portes.channels.protocol import ChannelReply, ChannelRequest
from portes.channels.understood import ReplyEffect
from portes.contract import Money
from portes.errors import RequestError

TWO = ChannelRequest("POST", "/v1/demo/netshoes", body=sample("netshoes__two_skus_qty.request"))
SKUS = ["TEN-42_AZ", "MEIA-UN"]


def netshoes(**settings: Any) -> Netshoes:
    auth = {"kind": "basic", "username": "netshoes", "password": "canary-4711"}
    made: Netshoes = speaking(Netshoes, **{"auth": auth, **settings})
    return made


def test_a_price_for_one_unit_is_read_for_all_units_of_its_line() -> None:
    channel = netshoes(line_price="unit")
    quote = served([offer(minor=1990)], [offer(minor=1990)], skus=SKUS)

    found = channel.understood(TWO, channel.write(quote, channel.read(TWO)))

    assert [(option.sku, option.price) for option in found.options] == [
        ("TEN-42_AZ", Money(minor=1990, currency="BRL")),
        ("MEIA-UN", Money(minor=1992, currency="BRL")),  # three units, each rounded up to the cent
    ]


@pytest.mark.parametrize("hours", [24, 8])
def test_hours_are_read_as_the_days_that_they_were_made_of(hours: int) -> None:
    channel = netshoes(hours_per_day=hours)
    quote = served([offer(days=(3, 5))], [offer(days=(2, 2))], skus=SKUS)

    found = channel.understood(TWO, channel.write(quote, channel.read(TWO)))

    assert [option.days for option in found.options] == [5, 2]


def test_an_answer_to_another_question_is_taken_for_none() -> None:
    channel = netshoes()
    reply = channel.write(served([offer()], [offer()], skus=SKUS), channel.read(TWO))
    other = ChannelRequest("POST", "/v1/demo/netshoes", body=sample("netshoes__single_sku.request"))

    found = channel.understood(other, reply)

    assert (found.effect, found.options) == (ReplyEffect.FALLBACK, ())
    assert "zipCode" in found.faults[0]


def test_an_empty_list_is_a_no_and_every_other_status_is_its_own_table() -> None:
    channel = netshoes()
    no = channel.write(not_served(2), channel.read(TWO))

    assert channel.understood(TWO, no).effect is ReplyEffect.NOT_DELIVERED
    assert channel.understood(TWO, ChannelReply(404, {}, no.body)).effect is ReplyEffect.FALLBACK
    assert channel.understood(TWO, ChannelReply(200, {}, b"<html>")).faults != ()


def test_what_no_question_was_asked_by_is_not_guessed() -> None:
    channel, empty = netshoes(), json.dumps({"zipCode": "01512651", "shippingQuotes": []}).encode()

    with pytest.raises(RequestError):
        channel.understood(ChannelRequest("POST", "/v1/demo/netshoes"), ChannelReply(200, {}, empty))
