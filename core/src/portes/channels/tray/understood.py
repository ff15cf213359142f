"""What Tray makes of a reply, by its chapter on freight integrations."""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Final
from xml.etree.ElementTree import Element, ParseError, fromstring

from portes.channels.protocol import ChannelReply
from portes.channels.understood import ReplyEffect, Understood, UnderstoodOption
from portes.contract import Money

_ELEMENTS: Final = ("codigo", "transportadora", "servico", "transporte", "valor", "prazo_min", "prazo_max")


def understood(reply: ChannelReply) -> Understood:
    """The options of the cart, that it is not delivered there, or no freight at all; the panel takes only XML."""
    try:
        root = fromstring(reply.body)  # noqa: S314 -- what a channel of ours has written
    except (ParseError, LookupError, ValueError) as error:
        return Understood(ReplyEffect.NO_FREIGHT, faults=(f"is no XML: {error}",))
    faults = [] if root.tag == "cotacao" else [f"its element is {root.tag}, not cotacao"]
    if "xml" not in reply.headers.get("content-type", ""):
        faults.append("its content type is not that of XML")
    if reply.status != 200 or root.find("erro") is not None:
        return Understood(ReplyEffect.NO_FREIGHT, faults=tuple(faults))
    results = root.findall("resultado")
    faults += [fault for result in results for fault in _faults(result)]
    codes = Counter(result.findtext("codigo") for result in results)
    faults += [f"codigo {code} stands there twice" for code, times in codes.items() if times > 1]
    options = () if faults else tuple([_option(result) for result in results])
    return Understood(ReplyEffect.PRICES if results else ReplyEffect.NOT_DELIVERED, options, tuple(faults))


def _faults(result: Element) -> Iterator[str]:
    missing = [name for name in _ELEMENTS if not result.findtext(name)]
    if missing:
        yield f"a result lacks {', '.join(missing)}"
        return
    try:
        if int(result.findtext("prazo_min", "")) > int(result.findtext("prazo_max", "")):
            yield "prazo_min is more than prazo_max"
        _price(result)
    except (ValueError, InvalidOperation):
        yield "a price or a time is no number"


def _price(result: Element) -> Decimal:
    return Decimal(result.findtext("valor", "").replace(",", "."))


def _option(result: Element) -> UnderstoodOption:
    price, days = Money.of(_price(result), "BRL"), int(result.findtext("prazo_max", ""))
    return UnderstoodOption(result.findtext("codigo", ""), price, days)
