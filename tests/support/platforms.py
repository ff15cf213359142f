"""Channels of shop platforms for tests: made from settings, their samples, and quotes to be told in their words."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from offers import lead_time

from portes.channels.protocol import Channel, ChannelReply, ChannelRequest, Storefront
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
    Refusal,
    RefusalKind,
    RefusedService,
    Source,
    TransitTime,
    Verdict,
)

SAMPLES = Path(__file__).parents[1] / "core" / "channels" / "samples"
TOKEN = "t0ken-that-nobody-guesses"
"""Of an address that is a secret."""
AUTH = {"kind": "url_token", "token": TOKEN}


def speaking(kind: Any, country: str = "BR", currency: str = "BRL", **settings: object) -> Any:
    """A channel of the store `demo`; with the token of an address where nothing else is said."""
    known = kind.Settings.model_fields
    auth = {"auth": AUTH} if "auth" in known and not settings.keys() & {"auth", "secret"} else {}
    return kind(kind.Settings.model_validate({**auth, **settings}), Storefront("demo", country, currency))


def sample(name: str) -> bytes:
    """The body of a sample, by its file's name without the ending."""
    return (SAMPLES / f"{name}.json").read_bytes()


def asked(channel: Channel, body: bytes | dict[str, Any] = b"", method: str = "POST") -> ChannelRequest:
    """A call that shows the channel's own credentials, signed where it signs."""
    told = body if isinstance(body, bytes) else json.dumps(body).encode()
    made: ChannelRequest = channel.call(method, body=told)  # type: ignore[attr-defined] # of the channels' base
    return made


def offer(
    delivery: str = "normal",
    minor: int = 1990,
    days: tuple[int, int] = (3, 5),
    *,
    currency: str = "BRL",
    transit: int | None = None,
    **changed: object,
) -> Offer:
    """One offer; its carrier needs `transit` days of the `days` at most, all of them unless it says otherwise."""
    price = Money(minor=minor, currency=currency)
    most = days[1] if transit is None else transit
    figures: dict[str, Any] = {
        "delivery": DeliveryType(delivery),
        "price": price,
        "lead_time": lead_time(*days),
        "carrier": "correios",
        "carrier_id": 1,
        "carrier_name": "Correios",
        "origin_id": 1,
        "rate": Rate(
            service={"normal": "03298", "express": "03220"}.get(delivery, "03158"),
            cost=price,
            transit=TransitTime(min=min(days[0], most), max=most, calendar="BR"),
            source=Source.TABLE,
        ),
    }
    return Offer(**{**figures, **changed})


def served(*lines: Sequence[Offer], failed: Sequence[str] = (), skus: Sequence[str] = ()) -> Quote:
    """A quote with these offers for each line; the types that `failed` are missing from it."""
    named = skus or [f"sku-{number}" for number, _ in enumerate(lines, 1)]
    failures = tuple([_failed(delivery) for delivery in failed])
    answered = [
        QuoteLine(sku=sku, offers=tuple(offers), failures=failures) for sku, offers in zip(named, lines, strict=True)
    ]
    uncertain = tuple([DeliveryType(delivery) for delivery in failed])
    currency = lines[0][0].price.currency
    return Quote(id="q-1", verdict=Verdict.SERVED, currency=currency, lines=tuple(answered), uncertain=uncertain)


def not_served(lines: int = 1, currency: str = "BRL", code: str = "") -> Quote:
    """A quote that nobody serves; the refusals have the `code`."""
    refusal = Refusal(service="03298", kind=RefusalKind.OTHER if code else RefusalKind.NOT_SERVED, code=code)
    no = RefusedService(carrier="correios", delivery=DeliveryType.NORMAL, origin_id=1, refusal=refusal)
    answered = tuple([QuoteLine(sku=f"sku-{number}", refusals=(no,)) for number in range(1, lines + 1)])
    return Quote(id="q-1", verdict=Verdict.NOT_SERVED, currency=currency, lines=answered)


def unknown(lines: int = 1, currency: str = "BRL") -> Quote:
    """A quote of which nobody could find out."""
    answered = [QuoteLine(sku=f"sku-{number}", failures=(_failed("normal"),)) for number in range(1, lines + 1)]
    return Quote(
        id="q-1",
        verdict=Verdict.UNKNOWN,
        currency=currency,
        lines=tuple(answered),
        uncertain=(DeliveryType.NORMAL,),
    )


def _failed(delivery: str) -> FailedService:
    failure = Failure(service="road", kind=FailureKind.LATE, hint="no answer within 4 s")
    return FailedService(carrier="jamef", delivery=DeliveryType(delivery), origin_id=1, failure=failure)


def told(reply: ChannelReply, status: int = 200) -> Any:
    """The JSON of a reply that has the status and alarms nobody."""
    assert (reply.status, reply.headers["content-type"], reply.alarm) == (status, "application/json", "")
    return json.loads(reply.body)
