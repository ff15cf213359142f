"""What Mercado Livre makes of a reply, by the rules of its page."""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from pydantic import ValidationError

from portes.channels.mercado_livre.wire import MercadoLivreReply
from portes.channels.protocol import ChannelReply, ChannelRequest
from portes.channels.understood import ReplyEffect, Understood, UnderstoodOption
from portes.contract import Money

_EFFECTS: Final = {
    -1: ReplyEffect.FALLBACK,
    1: ReplyEffect.FALLBACK,  # an older copy of the page says so, the current one nothing
    2: ReplyEffect.MESSAGE,
    3: ReplyEffect.NOT_DELIVERED,
    4: ReplyEffect.MESSAGE,  # not stated anywhere; a product that the seller does not know has no price on the sheet
}


def understood(asked: ChannelRequest, reply: ChannelReply) -> Understood:
    """Prices, that it is not delivered there, a message, or the sheet."""
    if reply.status == 304:
        return Understood(ReplyEffect.PRICES)
    if reply.status == 200:
        return _prices(asked, reply)
    if reply.status not in (400, 500):
        return Understood(ReplyEffect.FALLBACK)
    try:
        code = json.loads(reply.body)["error_code"]
        effect = _EFFECTS[code]
    except (ValueError, KeyError, TypeError):
        return Understood(ReplyEffect.FALLBACK, faults=("the body names no error_code of the page",))
    faults = () if (code == 3) == (reply.status == 400) else (f"error_code {code} does not go with {reply.status}",)
    return Understood(effect, faults=faults)


def _prices(asked: ChannelRequest, reply: ChannelReply) -> Understood:
    try:
        body = json.loads(reply.body, parse_float=Decimal)
        MercadoLivreReply.model_validate_json(reply.body)
        options = tuple([_option(one) for package in body["packages"] for one in package["quotations"]])
    except ValidationError as error:
        return Understood(
            ReplyEffect.FALLBACK, faults=tuple([f"{each['loc']}: {each['msg']}" for each in error.errors()])
        )
    except ValueError as error:
        return Understood(ReplyEffect.FALLBACK, faults=(str(error),))
    faults = (*_header_faults(reply), *_echo_faults(json.loads(asked.body or b"{}"), body))
    return Understood(ReplyEffect.PRICES, options, faults)


def _option(quotation: dict[str, Any]) -> UnderstoodOption:
    """A price as the buyer chooses it, named by the two digits that the order has."""
    price = Money.of(Decimal(quotation["price"]), "BRL")
    return UnderstoodOption(f"{quotation['service']:02d}", price, quotation["promise"])


def _header_faults(reply: ChannelReply) -> Iterator[str]:
    kept = {part.strip().partition("=")[0] for part in reply.headers.get("cache-control", "").split(",")}
    if "no-store" not in kept and not kept >= {"private", "max-age"}:
        yield "Cache-Control has neither no-store nor private and max-age"
    if "no-store" not in kept:  # with it, the page prints an answer without the other two
        yield from (f"the header {name} is missing" for name in sorted({"age", "etag"} - reply.headers.keys()))


def _echo_faults(asked: dict[str, Any], told: dict[str, Any]) -> Iterator[str]:
    if not asked:
        return
    if asked["destination"]["value"] not in told["destinations"]:
        yield "destinations has not the one that was asked"
    (item,) = asked["items"]
    for package in told["packages"]:
        for one in package["items"]:
            wanted = (item["id"], item.get("variation_id", 0), item["quantity"])
            if (one["id"], one["variation_id"], one["quantity"]) != wanted:
                yield f"the package holds {one['quantity']} of {one['id']}, which was not asked"
