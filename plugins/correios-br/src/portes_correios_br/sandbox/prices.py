"""The simulator's price API: entries checked, priced by the formula of its products; it knows no token."""

import re
from typing import Final

from portes_correios_br.sandbox.entries import Complaint, Fields, bad, day_of, lane_of, product_of, whole
from portes_correios_br.sandbox.products import BAND, DETOUR, HEAVIEST, Product
from portes_correios_br.sandbox.tokens import CONTRACT, REGION, Grant

CODE: Final = "PRC-101"
_RECEIPT, _OWN_HAND = "001", "002"
_CHARGES: Final = {_RECEIPT: 7_00, _OWN_HAND: 8_50}
_SIZES: Final = (("comprimento", range(16, 106)), ("largura", range(11, 106)), ("altura", range(2, 106)))
_SUM: Final = 200
_LIGHT: Final = 5_000
"""Grams of cubic weight up to which only the scale counts."""
_VALUE: Final = re.compile(r"\d{1,7}(\.\d{2})?")


def price(fields: Fields, grant: Grant, *, swapped: bool) -> Fields:
    """The price of one entry, in Correios' fields. `swapped`: Mini Envios are never what they were asked as."""
    product = product_of(fields, grant, CODE)
    steps = lane_of(fields, CODE)
    day_of(fields, CODE)
    grams = whole(fields, "psObjeto", CODE, range(1, HEAVIEST + 1))
    charged = max(grams, _cubic_weight(fields))
    answer = _freight(product, charged, steps, _discount(fields)) | _extras(fields, product)
    final = answer.pop("final") + answer.pop("extras")
    asked, instead, most = DETOUR
    if fields["coProduto"] == asked and (swapped or grams > most):
        return {"coProduto": instead, "pcFinal": _reais(2 * final)}
    return answer | {
        "inPesoCubico": "S" if charged > grams else "N",
        "psCobrado": str(charged),
        "vlBaseCalculoImposto": _reais(final),
        "pcFinal": _reais(final),
    }


def _cubic_weight(fields: Fields) -> int:
    """Grams that a box is charged as, 0 where only the scale counts."""
    if whole(fields, "tpObjeto", CODE, (1, 2, 3)) != 2:
        return 0
    sides = [whole(fields, name, CODE, among) for name, among in _SIZES]
    if sum(sides) > _SUM:
        raise bad(CODE, "comprimento")
    length, width, height = sides
    cubic = -(-length * width * height * 1000 // 6000)
    return cubic if cubic > _LIGHT else 0


def _discount(fields: Fields) -> int:
    """Percent off the list price; nothing off, and not a word, for who does not name the contract of his token."""
    named = (fields.get("nuContrato"), fields.get("nuDR"))
    return 5 + REGION % 6 if named == (CONTRACT, REGION) else 0


def _freight(product: Product, grams: int, steps: int, discount: int) -> Fields:
    halves = -(-min(grams, BAND) // 500)
    kilograms = -(-max(0, grams - BAND) // 1000)
    band = product.base + product.half_kilogram * halves + product.step * steps
    more = product.kilogram * kilograms
    off = (band + more) * discount // 100
    answer = {
        "pcBase": _reais(product.base),
        "pcFaixa": _reais(band),
        "qtAdicional": str(kilograms),
        "pcBaseGeral": _reais(band + more),
        "peVariacao": f"0,{discount:02}00",
        "vlTotalDescVariacao": _reais(off),
        "pcReferencia": _reais(band + more - off),
        "pcProduto": _reais(band + more - off),
        "final": band + more - off,
    }
    if kilograms:
        answer |= {"pcCadaAdicional": _reais(product.kilogram), "pcTotalAdicional": _reais(more)}
    return answer


def _extras(fields: Fields, product: Product) -> Fields:
    codes = _codes(fields)
    if (product.value_extra in codes) != ("vlDeclarado" in fields):
        raise bad(CODE, "vlDeclarado")
    known = {**_CHARGES, product.value_extra: 0}
    if not set(codes) <= set(known) or (_OWN_HAND in codes and not product.own_hand):
        raise bad(CODE, "servicosAdicionais")
    charges = [(code, _value_charge(fields, product) if code == product.value_extra else known[code]) for code in codes]
    answer: Fields = {"peAdValorem": "0,0100", "vlSeguroAutomatico": _reais(product.insured)}
    if charges:
        answer["servicoAdicional"] = [
            {
                "coServAdicional": code,
                "tpServAdicional": "V" if code == product.value_extra else "A",
                "pcServicoAdicional": _reais(charge),
            }
            for code, charge in charges
        ]
        answer["pcTotalServicosAdicionais"] = _reais(sum(charge for _, charge in charges))
    return {**answer, "extras": sum(charge for _, charge in charges)}


def _codes(fields: Fields) -> list[str]:
    listed = fields.get("servicosAdicionais", [])
    codes = [each.get("coServAdicional") for each in listed if isinstance(each, dict)]
    if len(codes) != len(listed) or len(set(codes)) != len(codes):
        raise bad(CODE, "servicosAdicionais")
    return [str(code) for code in codes]


def _value_charge(fields: Fields, product: Product) -> int:
    """One percent of what is declared above the automatic insurance, rounded to the centavo."""
    text = str(fields["vlDeclarado"])
    if not _VALUE.fullmatch(text):
        raise bad(CODE, "vlDeclarado")
    value = int(text.replace(".", "")) if "." in text else 100 * int(text)
    if not product.insured <= value <= product.most:
        between = f"entre R$ {_reais(product.insured)} e R$ {_reais(product.most)}"
        raise Complaint(f"ERP-013: O valor declarado deve estar {between}.")
    return (value - product.insured + 50) // 100


def _reais(centavos: int) -> str:
    return f"{centavos // 100},{centavos % 100:02}"
