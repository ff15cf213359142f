"""Correios on loopback with ready-made answers after a fixed delay, so that it is never what takes the time.

`python -m benchmarks.delayed PORT SECONDS`. It answers tokens, prices and times of two products; of a question it reads
the numbers that its answer sends back.
"""

import asyncio
import json
import re
import sys
from datetime import UTC, datetime, timedelta
from typing import Any, Final, cast

import uvloop

PRODUCTS: Final = ("03220", "03298")
READY_MADE: Final = "#####"
"""Stands in an answer where the question's own number of five digits comes."""
NUMBER: Final = re.compile(rb'"nuRequisicao":"(\d{5})"')


def token() -> dict[str, Any]:
    """A token for a day."""
    end = datetime.now(UTC) + timedelta(days=1)
    card = {"numero": "0012345678", "contrato": "9912345678", "dr": 36, "api": [34, 35]}
    return {"token": "ready-made", "expiraEm": end.strftime("%Y-%m-%dT%H:%M:%S"), "zoneOffset": "+00:00"} | {
        "cartaoPostagem": card
    }


def entries(fields: dict[str, Any]) -> list[Any]:
    """An entry with these fields for each product."""
    return [{"coProduto": code, "nuRequisicao": READY_MADE, **fields} for code in PRODUCTS]


def bodies() -> dict[str, Any]:
    """What is answered, by the beginning of the path."""
    price = {"pcProduto": "25,10", "pcFinal": "25,10", "psCobrado": "300", "inPesoCubico": "N"}
    time = {"prazoEntrega": 3, "dataMaxima": "2026-12-04T23:58:00", "entregaDomiciliar": "S", "entregaSabado": "N"}
    return {"/token": token(), "/preco": entries(price), "/prazo": entries(time)}


class Correios(asyncio.Protocol):
    """One connection: every call is answered after the delay."""

    def __init__(self, answers: dict[bytes, bytes], seconds: float) -> None:
        self._answers = answers
        self._seconds = seconds
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Listen."""
        self._transport = cast("asyncio.WriteTransport", transport)

    def data_received(self, data: bytes) -> None:
        """Answer once a whole call is there."""
        self._received += data
        head, separator, body = self._received.partition(b"\r\n\r\n")
        if separator and len(body) >= _length(head):
            answer = self._answers[head.split(b" ", 2)[1][:6]]
            for number in NUMBER.findall(body):
                answer = answer.replace(READY_MADE.encode(), number, 1)
            self._received = b""
            asyncio.get_running_loop().call_later(self._seconds, self._transport.write, answer)


def _length(head: bytes) -> int:
    lines = (line.partition(b":") for line in head.lower().split(b"\r\n"))
    return next((int(value) for name, _, value in lines if name == b"content-length"), 0)


def _answer(body: object) -> bytes:
    content = json.dumps(body).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
    return head.encode() + content


async def main(port: int, seconds: float) -> None:
    """Serve until stopped."""
    answers = {path.encode(): _answer(body) for path, body in bodies().items()}
    server = await asyncio.get_running_loop().create_server(lambda: Correios(answers, seconds), "127.0.0.1", port)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1]), float(sys.argv[2])))
