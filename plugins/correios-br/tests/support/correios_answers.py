"""Answers of Correios for tests of how they are read: published samples, and entries made for the test."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from portes.toolbox import HttpResponse
from portes_correios_br import wire
from portes_correios_br.questions import Lane, PriceQuestion, TimeQuestion
from portes_correios_br.services import Piece

SAMPLES = Path(__file__).parents[1] / "samples"
LANE = Lane("70002900", "05311900", None)
PIECE = Piece(300, (20, 20, 20), (), None)


def sample(name: str) -> Any:
    return json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))


def received(body: object, status: int = 200, **headers: str) -> HttpResponse:
    return HttpResponse(
        status, {name.replace("_", "-"): value for name, value in headers.items()}, json.dumps(body).encode()
    )


def prices(*products: str, piece: Piece = PIECE) -> list[PriceQuestion]:
    return [PriceQuestion(product, LANE, piece) for product in products]


def times(*products: str) -> list[TimeQuestion]:
    return [TimeQuestion(product, LANE) for product in products]


def numbers(questions: Sequence[object]) -> list[str]:
    """What the questions of one call go by, from 1."""
    return [str(number) for number, _ in enumerate(questions, start=1)]


def read_prices(reply: HttpResponse, questions: list[PriceQuestion]) -> list[Any]:
    return list(wire.read_prices(reply, questions, numbers(questions), lambda _odd: None))


def read_times(reply: HttpResponse, questions: list[TimeQuestion]) -> list[Any]:
    return list(wire.read_times(reply, questions, numbers(questions), lambda _odd: None))


def priced(**fields: Any) -> Any:
    """What is said to one question when its entry has these fields."""
    return read_prices(received([{"coProduto": "03220", "nuRequisicao": "1", **fields}]), prices("03220"))[0]


def timed(**fields: Any) -> Any:
    """What is said to one question for a time when its entry has these fields."""
    return read_times(received([{"coProduto": "03220", "nuRequisicao": "1", **fields}]), times("03220"))[0]
