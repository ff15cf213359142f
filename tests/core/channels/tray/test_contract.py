"""Tray passes the suite that the contract kit has for channels."""

import json
from collections.abc import Mapping
from urllib.parse import quote as url_quote
from xml.etree.ElementTree import Element, SubElement, tostring

from platforms import SAMPLES

from portes.channels.understood import ReplyEffect
from portes_testing import BROKEN, AskedLine, Asks, ChannelCase, ChannelContract, ReplySample, RequestSample

PRINTED = SAMPLES / "tray__two_results.response.json"
NONE = b'<?xml version="1.0" encoding="windows-1252"?><cotacao />'
XML = {"content-type": "application/xml"}


def printed_xml(results: list[Mapping[str, str]]) -> bytes:
    """The answer that the chapter prints as XML, whose tree the sample has as JSON."""
    root = Element("cotacao")
    for result in results:
        one = SubElement(root, "resultado")
        for name, text in result.items():
            SubElement(one, name).text = text
    told: bytes = tostring(root, encoding="windows-1252")
    return told


def asked(**changed: str) -> str:
    """A query with one product, percent-encoded."""
    known = {"cep": "04001001", "cep_destino": "20040020", "prods": "0.2;0.2;0.2;0.008;3;0.1;sku;1.50", **changed}
    return "&".join(f"{name}={url_quote(text, safe='')}" for name, text in known.items())


RESULTS = json.loads(PRINTED.read_bytes())["cotacao"]["resultado"]
TWO = RequestSample(
    SAMPLES / "tray__two_products.request.json",
    Asks("04001001", [
        AskedLine("6", 1, 100, (200, 200, 200), 4399),
        AskedLine("8", 2, 235, (300, 220, 500), 15133),
    ]),
    in_query=True,
)  # fmt: skip


class TestTray(ChannelContract):
    case = ChannelCase(
        "tray",
        requests=[
            TWO,
            RequestSample(
                b"", Asks("20040020", [AskedLine("sku", 3, 100, (200, 200, 200), 150)]), method="GET", query=asked()
            ),
            RequestSample(b"", method="GET", query=asked(prods="1;2;3"), wrong=["prods.0"]),
        ],
        replies=[
            ReplySample(printed_xml(RESULTS), ReplyEffect.PRICES, headers=XML, prices=[2351, 1541]),
            ReplySample(PRINTED, BROKEN),  # the same as JSON, which the panel does not take
            ReplySample(NONE, ReplyEffect.NOT_DELIVERED, headers=XML),
            ReplySample(b"", BROKEN, status=503),
        ],
        settings={"token": "123ABC456DEF-canary"},
        unknown=[ReplyEffect.NO_FREIGHT],
    )
