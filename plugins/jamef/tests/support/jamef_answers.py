"""Answers of Jamef's made by hand, and the question that they answer."""

import json
from datetime import date
from typing import Any

from portes.contract import Money
from portes.toolbox import HttpResponse
from portes_jamef.wire import Question

CHRISTMAS = date(2024, 12, 25)
ID = "6a2dc000-b812-11ef-9cb7-0c37964d58aa"


def asked(transport: str = "1", day: date = CHRISTMAS) -> Question:
    return Question(
        transport, "11222333000181", None, "31030370", "20040020", "01", 10, 50_000, 420_000_000, 1500_00, day
    )


def brl(centavos: int) -> Money:
    return Money(minor=centavos, currency="BRL")


def received(body: object, status: int = 200, **headers: str) -> HttpResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpResponse(status, named, json.dumps(body).encode())


def offered(*more: dict[str, Any], **fields: Any) -> dict[str, Any]:
    """An answer with one good offer, its fields replaced, and others after it; None takes a field away."""
    offer = {"modalidadeTransporte": "1", "previsaoEntrega": "30/12/2024", "total": 423.79} | fields
    kept = {name: value for name, value in offer.items() if value is not None}
    return {"situacao": 200, "dado": [kept, *more], "idCorrelacao": ID}
