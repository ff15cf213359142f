"""A client that asks the simulator as WSGI does, and the questions that it asks."""

import json
from base64 import b64encode
from collections.abc import Iterable
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

from portes_correios_br.sandbox import Sandbox

LOGIN = "/token/v1/autentica"
TOKEN = "/token/v1/autentica/cartaopostagem"
PRICES = "/preco/v1/nacional"
TIMES = "/prazo/v1/nacional"
BASIC = "Basic " + b64encode(b"shop:code").decode()
CARD = {"numero": "0012345678"}
PRICE = {
    "coProduto": "03220",
    "nuRequisicao": "1",
    "nuContrato": "9912345679",
    "nuDR": 29,
    "cepOrigem": "01001000",
    "cepDestino": "20040020",
    "psObjeto": "300",
    "tpObjeto": "2",
    "comprimento": "20",
    "largura": "20",
    "altura": "20",
}
TIME = {"coProduto": "03220", "nuRequisicao": "1", "cepOrigem": "01001000", "cepDestino": "20040020"}

Reply = tuple[int, Any]


class Clock:
    """A clock that the test moves."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 11, 23, 13, 0, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def monotonic(self) -> float:
        return self.moment.timestamp()


class Client:
    """Asks a simulator as WSGI does."""

    def __init__(self, *moods: str) -> None:
        self.clock = Clock()
        self._sandbox = Sandbox(moods, self.clock)
        self.bearer = ""

    def ask(self, path: str, body: object = None, authorization: str | None = None, method: str = "POST") -> Reply:
        content = b"" if body is None else json.dumps(body).encode()
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "CONTENT_LENGTH": str(len(content)),
            "wsgi.input": BytesIO(content),
            "HTTP_AUTHORIZATION": self.bearer if authorization is None else authorization,
        }
        told: list[str] = []
        answer = b"".join(self._called(environ, told))
        return int(told[0].split()[0]), json.loads(answer) if answer.startswith((b"{", b"[")) else answer

    def _called(self, environ: dict[str, Any], told: list[str]) -> Iterable[bytes]:
        def start_response(status: str, _headers: list[tuple[str, str]]) -> None:
            told.append(status)

        return self._sandbox(environ, start_response)

    def log_in(self, path: str = TOKEN, body: object = CARD) -> Any:
        """Fetch a token and use it from now on; the answer it came in."""
        status, answer = self.ask(path, body, BASIC)
        assert status == 201
        self.bearer = f"Bearer {answer['token']}"
        return answer

    def prices(self, *entries: dict[str, Any]) -> Reply:
        return self.ask(PRICES, {"idLote": "1", "parametrosProduto": list(entries)})

    def times(self, *entries: dict[str, Any]) -> Reply:
        return self.ask(TIMES, {"idLote": "1", "parametrosPrazo": list(entries)})


def errors(reply: Reply) -> list[str]:
    """The code of each entry's error, empty where it has none."""
    return [entry.get("txErro", "").partition(":")[0] for entry in reply[1]]


def message(reply: Reply) -> tuple[int, str]:
    status, body = reply
    return status, body["msgs"][0].partition(":")[0]
