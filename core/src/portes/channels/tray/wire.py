"""What travels between Tray and a freight gateway, and the rules for it.

Source: the chapter on freight integrations of the platform's documents for developers.
"""

from typing import Annotated, Final
from xml.sax.saxutils import escape

from pydantic import Field

from portes.channels.reading import ReplyModel, WireModel
from portes.contract.bounds import MOST_LINES, MOST_QUANTITY

FIELDS: Final = {
    "destination": "cep_destino",
    "lines": "prods",
    "lines.*": "prods.*",
    "lines.*.sku": "prods.*.code",
    "lines.*.quantity": "prods.*.quantity",
    "lines.*.weight": "prods.*.weight",
    "lines.*.size.length": "prods.*.length",
    "lines.*.size.width": "prods.*.width",
    "lines.*.size.height": "prods.*.height",
    "lines.*.declared_value": "prods.*.price",
}
"""What the parts of a question are called; those of a product have a place and no name in the chapter."""

PARTS: Final = ("length", "width", "height", "volume", "quantity", "weight", "code", "price")
"""The parts of a product, in their order: metres, cubic metres, units, kilograms, the code, the price of one unit."""

FIXES: Final = {
    "cep_destino": "write the CEP of 8 digits, such as 04001001",
    "prods": f"write {';'.join(PARTS)} of each product, parted by /, at most {MOST_LINES}",
}
PART_FIXES: Final = {
    "length": "write the metres of one unit, such as 0.25",
    "width": "write the metres of one unit, such as 0.25",
    "height": "write the metres of one unit, such as 0.25",
    "quantity": f"write a whole number from 1, at most {MOST_QUANTITY}",
    "weight": "write the kilograms of one unit, such as 0.235",
    "code": "write the product's code",
    "price": "write the price of one unit in reais, such as 43.99",
}

CHARSET: Final = "windows-1252"

_Number = Annotated[str, Field(pattern=r"^[0-9]+([.,][0-9]+)?$")]
_Days = Annotated[str, Field(pattern=r"^[0-9]+$")]
_Words = Annotated[str, Field(min_length=1)]


class TrayRequest(WireModel):
    """The parameters of a question; the token is a credential, and others are not read."""

    cep_destino: str
    """The destination's CEP."""
    prods: Annotated[str, Field(min_length=1)]
    """The products, parted by `/`, their parts by `;`: length, width and height in metres, volume in cubic metres,
    quantity, weight in kilograms, code, price of one unit."""


class TrayOption(ReplyModel):
    """One way to have the cart delivered; all of it is text in the XML."""

    codigo: _Words
    transportadora: _Words
    servico: _Words
    transporte: _Words
    valor: _Number
    """Reais for the whole cart."""
    peso: _Number | None = None
    """Kilograms of the whole cart; left out where nobody knows them."""
    prazo_min: _Days
    prazo_max: _Days


class TrayReply(ReplyModel):
    """An answer with status 200, the element `cotacao`; without results it is not delivered there."""

    resultado: list[TrayOption]


class TrayProblem(ReplyModel):
    """What is said in place of an answer: `cotacao` with a word on why, and no result."""

    erro: _Words


def to_xml(reply: TrayReply | TrayProblem) -> bytes:
    """The element `cotacao` of an answer or of a problem, in windows-1252; other letters by their numbers."""
    if isinstance(reply, TrayProblem):
        inside = _element("erro", reply.erro)
    else:
        inside = "".join([f"<resultado>{_elements(result)}</resultado>" for result in reply.resultado])
    # put together as text: a tree of elements takes five times as long, of which a marketplace asks hundreds a second
    whole = f"<?xml version='1.0' encoding='{CHARSET}'?>\n<cotacao>{inside}</cotacao>"
    return whole.encode(CHARSET, "xmlcharrefreplace")


def _elements(result: TrayOption) -> str:
    return "".join([_element(name, text) for name, text in result if text is not None])


def _element(name: str, text: str) -> str:
    return f"<{name}>{escape(_printable(text))}</{name}>"


def _printable(text: str) -> str:
    """The text without signs that XML cannot hold at all."""
    return text if text.isprintable() else "".join(sign if sign.isprintable() else " " for sign in text)
