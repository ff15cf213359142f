"""What Via makes of a reply, by what is public of its first version."""

import json
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from portes.channels.protocol import ChannelReply, ChannelRequest
from portes.channels.understood import ReplyEffect, Understood, UnderstoodOption
from portes.channels.via.wire import ViaReply
from portes.contract import Money


def understood(asked: ChannelRequest, reply: ChannelReply) -> Understood:
    """A price for each SKU, that it is not delivered there, or no freight at all."""
    if reply.status != 200:
        return Understood(ReplyEffect.NO_FREIGHT)
    try:
        ViaReply.model_validate_json(reply.body)
        freights: list[dict[str, Any]] = json.loads(reply.body, parse_float=Decimal)["freights"]
    except ValueError as error:
        return Understood(ReplyEffect.NO_FREIGHT, faults=(str(error),))
    if not freights:
        return Understood(ReplyEffect.NOT_DELIVERED)
    options = [
        UnderstoodOption(
            one["freightType"], Money.of(Decimal(one["freightAmount"]), "BRL"), one["deliveryTime"], one["skuIdOrigin"]
        )
        for one in freights
    ]
    return Understood(ReplyEffect.PRICES, tuple(options), tuple(_faults(asked, freights)))


def _faults(asked: ChannelRequest, freights: list[dict[str, Any]]) -> Iterator[str]:
    """Each SKU and quantity that was asked is answered once, and nothing else."""
    told = Counter(f"{one['skuIdOrigin']},{one['quantity']}" for one in freights)
    wanted = Counter(asked.query.get("skuId", "").split("|"))
    for entry in (wanted - told).elements():
        yield f"{entry} is not answered"
    for entry in (told - wanted).elements():
        yield f"{entry} was not asked, or is answered twice"
