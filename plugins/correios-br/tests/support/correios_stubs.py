"""Services, paths and simulators that answer otherwise, for tests that ask a carrier."""

import json
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Any

from portes_correios_br.sandbox import Sandbox
from portes_testing import parcel

Quoting = Callable[..., Any]

SEDEX = {"code": "03220", "delivery": "express"}
PAC = {"code": "03298", "delivery": "normal"}
MINI = {"code": "04227", "delivery": "normal"}
LARGE = {"code": "03212", "delivery": "express"}
PRICES = "/preco/v1/nacional"
TIMES = "/prazo/v1/nacional"
TOKEN = "/token/v1/autentica/cartaopostagem"
BOX = parcel(250, 200, 150, 40, value="90.00 BRL")


def tampered(path: str, change: Callable[[list[dict[str, Any]]], object], status: int = 200) -> type[Sandbox]:
    """A simulator that changes the entries of its answers on one path."""

    class Tampered(Sandbox):
        def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            if environ["PATH_INFO"] != path:
                return super().__call__(environ, start_response)
            entries = json.loads(b"".join(super().__call__(environ, lambda _status, _headers: None)))
            start_response(f"{status} Tampered", [("Content-Type", "application/json")])
            return [json.dumps(change(entries)).encode()]

    return Tampered


def sunk_by(
    wrong: Callable[[dict[str, Any]], bool], text: str = "PRC-101: Parâmetro inválido.", *, listed: bool = False
) -> type[Sandbox]:
    """A simulator that answers 400 to a whole call, naming no entry, when one of its entries is wrong.

    `listed`: it names the entry of a call that holds no other.
    """

    class Sunk(Sandbox):
        def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            environ["wsgi.input"] = BytesIO(body)
            asked = json.loads(body or b"{}")
            entries = [each for name in ("parametrosProduto", "parametrosPrazo") for each in asked.get(name, ())]
            if not any(map(wrong, entries)):
                return super().__call__(environ, start_response)
            start_response("400 Sunk", [("Content-Type", "application/json")])
            alone = [
                {"coProduto": each["coProduto"], "nuRequisicao": each["nuRequisicao"], "txErro": text}
                for each in entries
            ]
            return [json.dumps(alone if listed and len(entries) == 1 else {"msgs": [text]}).encode()]

    return Sunk
