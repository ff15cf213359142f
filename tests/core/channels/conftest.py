"""What the channels' tests share: quotes made of a few figures, and the samples."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from offers import lead_time

from portes.contract import (
    DeliveryType,
    FailedService,
    Failure,
    FailureKind,
    Money,
    Offer,
    Quote,
    QuoteLine,
    Rate,
    Source,
    TransitTime,
    Verdict,
)

SAMPLES = Path(__file__).parent / "samples"

MakeOffer = Callable[..., Offer]
MakeQuote = Callable[..., Quote]


def offer(delivery: str, cents: int, days: tuple[int, int], **changed: object) -> Offer:
    price = Money(minor=cents, currency="BRL")
    figures: dict[str, Any] = {
        "delivery": DeliveryType(delivery),
        "price": price,
        "lead_time": lead_time(*days),
        "carrier": "correios",
        "carrier_id": 1,
        "carrier_name": "Correios",
        "origin_id": 1,
        "rate": Rate(
            service="03298",
            cost=price,
            transit=TransitTime(min=days[0], max=days[1], calendar="BR"),
            source=Source.TABLE,
        ),
    }
    return Offer(**{**figures, **changed})


def quote(verdict: str, *lines: tuple[str, tuple[Offer, ...]], failed: tuple[str, ...] = ()) -> Quote:
    failures = tuple(
        FailedService(
            carrier="jamef",
            delivery=DeliveryType(delivery),
            origin_id=1,
            failure=Failure(service="road", kind=FailureKind.LATE, hint="no answer within 4 s"),
        )
        for delivery in failed
    )
    answered = tuple(QuoteLine(sku=sku, offers=offers, failures=failures) for sku, offers in lines)
    offered = [{one.delivery for one in offers} for _, offers in lines]
    certain = {delivery for delivery in DeliveryType if all(delivery in types for types in offered)}
    possible = {delivery for delivery in DeliveryType if all(delivery in types | {*failed} for types in offered)}
    uncertain = () if verdict == "not_served" else tuple(one for one in DeliveryType if one in possible - certain)
    return Quote(id="q-1", verdict=Verdict(verdict), currency="BRL", lines=answered, uncertain=uncertain)


@pytest.fixture(scope="session")
def make_offer() -> MakeOffer:
    return offer


@pytest.fixture(scope="session")
def make_quote() -> MakeQuote:
    return quote


@pytest.fixture(scope="session")
def sample() -> Callable[[str], bytes]:
    return lambda name: (SAMPLES / f"netshoes__{name}.json").read_bytes()
