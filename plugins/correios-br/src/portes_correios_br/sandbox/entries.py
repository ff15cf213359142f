"""What the simulator demands of one entry, whatever it asks; it knows no price.

The codes are Correios' where one is published; the texts after them are ours.
"""

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, Final

from portes_correios_br.sandbox.calls import Call, Rejected, Reply
from portes_correios_br.sandbox.products import PRODUCTS, Product, on_card
from portes_correios_br.sandbox.tokens import Grant

MOST_ENTRIES: Final = 5
_CEP: Final = re.compile(r"\d{8}")
_NO_CEP_BELOW: Final = "01000000"
_FORMATS: Final = ("%d-%m-%Y", "%d/%m/%Y")

Fields = dict[str, Any]


class Complaint(Exception):  # noqa: N818 — it ends an entry as documented; nothing is in error
    """An entry that ends with this text, `CODE-nnn: text`."""


def answered(call: Call, name: str, code: str, answer: Callable[[Fields], Fields]) -> Reply:
    """Answer a batch entry by entry: 200 when all are well, 206 when some are, 400 when none is.

    `name` is the batch's field, `code` the API's word for a bad parameter.
    """
    entries = call.fields.get(name)
    if "idLote" not in call.fields or not isinstance(entries, list) or not 0 < len(entries) <= MOST_ENTRIES:
        raise Rejected(Reply.error(400, f"{code}: Parâmetro '{name}' inválido.", call))
    replies = [_one(fields, code, answer) for fields in entries]
    failed = sum("txErro" in reply for reply in replies)
    status = {0: 200, len(replies): 400}.get(failed, 206)
    return Reply.of(status, replies)


def _one(fields: object, code: str, answer: Callable[[Fields], Fields]) -> Fields:
    if not isinstance(fields, dict):
        return {"txErro": f"{code}: Parâmetro inválido."}
    echo = {name: fields[name] for name in ("coProduto", "nuRequisicao") if name in fields}
    try:
        return {**echo, **answer(fields)}
    except Complaint as complaint:
        return {**echo, "txErro": str(complaint)}


def bad(code: str, name: str) -> Complaint:
    """A parameter that is not what it should be."""
    return Complaint(f"{code}: Parâmetro '{name}' inválido.")


def not_on_card(product: str) -> Complaint:
    """A product that the posting card does not have."""
    return Complaint(f"CON-011: Serviço {product} não disponível para o cartão de postagem.")


def product_of(fields: Fields, grant: Grant, code: str) -> Product:
    """The product of an entry, which must have a number of its own and stand on the card. Raises `Complaint`."""
    if not isinstance(fields.get("nuRequisicao"), str) or not fields["nuRequisicao"]:
        raise bad(code, "nuRequisicao")
    product = fields.get("coProduto")
    if not isinstance(product, str) or not re.fullmatch(r"\d{5}", product):
        raise bad(code, "coProduto")
    if not on_card(product, grant.card):
        raise not_on_card(product)
    return PRODUCTS[product]


def lane_of(fields: Fields, code: str) -> int:
    """Steps between the regions of an entry's CEPs. Raises `Complaint`."""
    origin, destination = (_cep(fields, name, code) for name in ("cepOrigem", "cepDestino"))
    for cep, side in ((origin, "ORIGEM"), (destination, "DESTINO")):
        if cep < _NO_CEP_BELOW:
            raise Complaint(f"ERP-005: CEP inexistente ({cep}). --> UF {side}")
    return abs(int(origin[0]) - int(destination[0]))


def _cep(fields: Fields, name: str, code: str) -> str:
    cep = fields.get(name)
    if cep is None and code == "PRZ-101":
        raise Complaint(f"PRZ-116: Parâmetro '{name}' obrigatório para obter o prazo.")
    if not isinstance(cep, str) or not _CEP.fullmatch(cep):
        raise bad(code, name)
    return cep


def day_of(fields: Fields, code: str) -> date | None:
    """The day that an entry names, in either of the two forms that are in use. Raises `Complaint`."""
    text = fields.get("dtEvento")
    if text is None:
        return None
    for form in _FORMATS:
        try:
            return datetime.strptime(str(text), form).date()  # noqa: DTZ007 — a day has no zone
        except ValueError:
            continue
    raise bad(code, "dtEvento")


def whole(fields: Fields, name: str, code: str, among: Sequence[int] | range) -> int:
    """A whole number, as a number or as text without a sign. Raises `Complaint`."""
    value = str(fields.get(name, ""))
    if not re.fullmatch(r"\d{1,6}", value) or int(value) not in among:
        raise bad(code, name)
    return int(value)
