"""Offers in another currency than the store's: a platform that is told bare numbers would take them for its own."""

import pytest
from platforms import offer, served, speaking, told

from portes.channels.shopify import Shopify
from portes.channels.understood import ReplyEffect


def test_offers_in_another_currency_are_not_told_and_somebody_is_alarmed() -> None:
    channel: Shopify = speaking(Shopify, "CA", "USD")
    reply = channel.write(served([offer(currency="USD"), offer("express", currency="EUR")]), None)

    assert reply.status == 503
    assert "a price is in EUR" in reply.alarm
    assert channel.understood(channel.example(), reply).effect is ReplyEffect.FALLBACK


@pytest.mark.parametrize("currency", ["USD", "JPY"])
def test_offers_in_the_store_s_own_currency_are_told(currency: str) -> None:
    channel: Shopify = speaking(Shopify, "US", currency)

    assert told(channel.write(served([offer(currency=currency)]), None))["rates"][0]["currency"] == currency
