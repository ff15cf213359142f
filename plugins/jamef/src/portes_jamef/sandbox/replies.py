"""What the simulator is asked and what it replies, in Jamef's envelope; it knows no route."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import Any, Final
from uuid import NAMESPACE_URL, uuid5

BRASILIA: Final = timezone(timedelta(hours=-3))


@dataclass(frozen=True)
class Call:
    """One question to the simulator."""

    route: str
    """Method and path: `POST /auth/v1/login`."""
    address: str
    """Who asks, as the limit on logins counts."""
    authorization: str
    body: bytes
    moment: datetime

    @classmethod
    def of(cls, environ: Mapping[str, Any], moment: datetime) -> "Call":
        """The question in a WSGI environment."""
        return cls(
            route=f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}",
            address=environ.get("REMOTE_ADDR", ""),
            authorization=environ.get("HTTP_AUTHORIZATION", ""),
            body=environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)),
            moment=moment,
        )

    @property
    def fields(self) -> dict[str, Any]:
        """The body, an object of JSON; empty when it is none."""
        try:
            fields = json.loads(self.body)
        except ValueError:
            return {}
        return fields if isinstance(fields, dict) else {}

    @property
    def correlation_id(self) -> str:
        """The same for the same question, so that its answer has the same bytes; nothing of a password is in it."""
        told = {name: value for name, value in self.fields.items() if name != "password"}
        return str(uuid5(NAMESPACE_URL, f"{self.route} {json.dumps(told, sort_keys=True)}"))


@dataclass(frozen=True)
class Reply:
    """One answer of the simulator."""

    status: int
    body: bytes = b""
    kind: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)


class Rejected(Exception):  # noqa: N818 — it ends a call as documented; nothing is in error
    """A call that ends with this reply."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply


def plain(status: int, body: object, **headers: str) -> Reply:
    """An answer in JSON, as it stands."""
    text = json.dumps(body, ensure_ascii=False).encode()
    return Reply(status, text, headers={name.replace("_", "-"): value for name, value in headers.items()})


def gateway(status: int, error: str) -> Reply:
    """An error of the gateway before the API, which knows no envelope."""
    return plain(status, {"error": error})


def well(call: Call, words: str, offers: list[dict[str, Any]], status: int = 200) -> Reply:
    """An answer in the envelope."""
    return plain(status, {"situacao": status, "mensagem": words, "dado": offers, **_signed(call)})


def complaint(call: Call, status: int, words: str, details: str | None = None, component: str = "cotacao") -> Reply:
    """An error in the envelope."""
    entry = {"detalhes": details, "componenteFalho": f"simulado/{component}"}
    return plain(status, {"situacao": status, "mensagem": words, "erros": [entry], **_signed(call)})


def _signed(call: Call) -> dict[str, str]:
    return {"idCorrelacao": call.correlation_id, "dataHora": call.moment.astimezone(BRASILIA).isoformat()}
