"""The simulator's delivery time API: business days by product and distance, holidays aside; it knows no token."""

from datetime import date, timedelta
from typing import Final

from portes_correios_br.sandbox.entries import Complaint, Fields, day_of, lane_of, product_of
from portes_correios_br.sandbox.tokens import Grant

CODE: Final = "PRZ-101"
FAR: Final = "699"
"""CEPs that begin so are delivered to the post office only."""
_FAR_DAYS: Final = 7
_NOTICE: Final = "Área com distribuição restrita: o prazo é acrescido de 7 dias úteis."


def time(fields: Fields, grant: Grant, today: date, *, without: str) -> Fields:
    """The delivery time of one entry, in Correios' fields. `without`: a family that goes nowhere."""
    product = product_of(fields, grant, CODE)
    steps = lane_of(fields, CODE)
    start = day_of(fields, CODE) or today
    if product.family == without or (steps and not product.everywhere):
        raise Complaint("PRZ-008: Serviço indisponível para o trecho informado.")
    far = fields["cepDestino"].startswith(FAR)
    days = product.days + steps // product.steps_a_day + (_FAR_DAYS if far else 0)
    answer = {
        "prazoEntrega": days,
        "dataMaxima": f"{_after(start, days).isoformat()}T23:58:00",
        "entregaDomiciliar": "N" if far else "S",
        "entregaSabado": "S" if product.family == "sedex" else "N",
    }
    return answer | ({"msgPrazo": _NOTICE} if far else {})


def _after(day: date, days: int) -> date:
    """So many days from Monday to Friday later."""
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day
