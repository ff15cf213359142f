"""The simulator's prices on demand: fields checked as the documents say, then priced; it knows no login.

Ours, because nobody published them: the statuses and texts of refusals and of whatever is wrong with us, that an
unknown branch is refused, and that a lane which is not served is answered with an empty list.
"""

import json
import re
from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from portes.contract.states import state_of
from portes_jamef.branches import branches
from portes_jamef.documents import document
from portes_jamef.sandbox.replies import BRASILIA, Call, Rejected, Reply, complaint, plain, well
from portes_jamef.sandbox.tariff import AIR, Load, arrival, price

REQUIRED: Final = (
    "tipoTransporte",
    "documentoDevedor",
    "cepOrigem",
    "cepDestino",
    "pesoMercadoria",
    "valorNotaFiscal",
    "metragemCubica",
    "filialOrigem",
)
NOT_SERVED: Final = "699"
"""CEPs that begin so have no offer, and nothing is collected there."""
_WELL: Final = "Operação realizada com sucesso"
_TROUBLES: Final[Mapping[str, tuple[int, str, str | None]]] = {
    "branch_unknown": (400, "Filial de origem não encontrada.", "filialOrigem"),
    "branch_404": (404, "Filial não encontrada.", None),
    "payer_unknown": (400, "Cliente sem tabela de frete vigente.", "documentoDevedor"),
    "payer_404": (404, "documentoDevedor sem contrato.", None),
    "origin_unknown": (400, "CEP de origem não encontrado.", "cepOrigem"),
    "request_refused": (400, "Requisição inválida.", "required key [metragemCubica] not found"),
}
"""Status, words and details by mood; all of them ours, but for the last details, which a public client tells."""
_CEP: Final = re.compile(r"\d{8}")
_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ"

Fields = Mapping[str, Any]


def quote(call: Call, moods: Collection[str]) -> Reply:
    """Answer a question. Raises `Rejected`."""
    load, collected = _load(call)
    _refuse_by_mood(call, {*moods, "origin_unknown"} if load.origin.startswith(NOT_SERVED) else moods)
    if load.destination.startswith(NOT_SERVED) or "no_lanes" in moods or _grounded(load, moods):
        raise Rejected(_without_offer(call, moods))
    offer = _offer(call, load, collected, dated="dateless" not in moods)
    if "odd_decorations" in moods:
        offer |= {"numeroCotacao": 12345, "modalidadeTransporte": int(load.transport), "imposto": "", "frete": "161,20"}
    return well(call, _WELL, [offer], 201 if "created" in moods else 200)


def _grounded(load: Load, moods: Collection[str]) -> bool:
    return load.transport == AIR and "road_only" in moods


def _without_offer(call: Call, moods: Collection[str]) -> Reply:
    """Of a lane that is not served: an empty list, unless a mood says it otherwise."""
    if "lanes_404" in moods:
        return complaint(call, 404, "Nenhuma cotação encontrada para o trecho.")
    if "lanes_422" in moods:
        return complaint(call, 422, "Rota não atendida.")
    return well(call, _WELL, [])


def _refuse_by_mood(call: Call, moods: Collection[str]) -> None:
    """Raise `Rejected` where the mood is trouble: mostly something of ours that Jamef does not take."""
    for mood in sorted(_TROUBLES.keys() & moods):
        status, words, details = _TROUBLES[mood]
        raise Rejected(complaint(call, status, words, details))
    if "payer_unpriced" in moods:
        raise Rejected(well(call, "Cliente sem tabela de frete vigente.", []))
    if "calculation_failed" in moods:
        failed = complaint(call, 200, _WELL, "Falha no cálculo")
        raise Rejected(plain(200, {**json.loads(failed.body), "dado": []}))
    if "ill" in moods:
        path = "calculo-frete-flow/processors/4"
        raise Rejected(complaint(call, 500, "Erro interno ao calcular o frete.", None, path))


def _offer(call: Call, load: Load, collected: date, *, dated: bool) -> dict[str, Any]:
    priced = price(load)
    offer: dict[str, Any] = {"numeroCotacao": _number(call), "modalidadeTransporte": load.transport}
    if dated:
        offer["previsaoEntrega"] = arrival(load, collected).strftime("%d/%m/%Y")
    named = {"frete": priced.freight, "imposto": priced.tax, "total": priced.total}
    return offer | {name: float(amount) for name, amount in named.items()}  # two decimals print as they are


def _number(call: Call) -> str:
    """Six characters like those of homologation, the same for the same question."""
    digits = int(call.correlation_id.replace("-", ""), 16)
    return "".join(_LETTERS[digits // len(_LETTERS) ** place % len(_LETTERS)] for place in range(6))


def _load(call: Call) -> tuple[Load, date]:
    fields = call.fields
    for name in REQUIRED:
        if name not in fields:
            raise _bad(call, f"required key [{name}] not found")
    _check_codes(call, fields)
    load = Load(
        transport=fields["tipoTransporte"],
        origin=_cep(call, fields, "cepOrigem"),
        destination=_cep(call, fields, "cepDestino"),
        weight=_positive(call, fields, "pesoMercadoria"),
        volume=_positive(call, fields, "metragemCubica"),
        value=_positive(call, fields, "valorNotaFiscal"),
    )
    return load, _day(call, fields)


def _check_codes(call: Call, fields: Fields) -> None:
    if fields["tipoTransporte"] not in {"1", "2"}:
        raise _bad(call, "tipoTransporte")
    for name in ("documentoDevedor", "documentoRemetente", "documentoDestino"):
        if name in fields and not _is_document(fields[name]):
            raise _bad(call, name)
    if fields["filialOrigem"] not in branches():
        raise _bad(call, "filialOrigem")
    pieces = fields.get("quantidadeVolume", 1)
    if type(pieces) is not int or pieces < 1:
        raise _bad(call, "quantidadeVolume")


def _is_document(value: object) -> bool:
    try:
        return isinstance(value, str) and document(value) == value
    except ValueError:
        return False


def _cep(call: Call, fields: Fields, name: str) -> str:
    cep = fields[name]
    if not isinstance(cep, str) or not _CEP.fullmatch(cep) or not state_of("BR", cep):
        raise _bad(call, name)
    return cep


def _positive(call: Call, fields: Fields, name: str) -> Decimal:
    value = fields[name]
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1_000_000_000:
        raise _bad(call, name)
    return Decimal(str(value))


def _day(call: Call, fields: Fields) -> date:
    """The day of collection; today where none is named. One in the past is taken, as in homologation."""
    text = fields.get("dataColeta")
    if text is None:
        return call.moment.astimezone(BRASILIA).date()
    try:
        return datetime.strptime(str(text), "%d/%m/%Y").date()  # noqa: DTZ007 — a day has no zone
    except ValueError:
        raise _bad(call, "dataColeta") from None


def _bad(call: Call, details: str) -> Rejected:
    return Rejected(complaint(call, 400, "Requisição inválida.", details, "validacao"))
