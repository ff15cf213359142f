"""What the simulator is asked and what it replies, in its own words; it knows no API."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar


@dataclass(frozen=True)
class Call:
    """One question to the simulator."""

    route: str
    """Method and path: `POST /preco/v1/nacional`."""
    authorization: str
    body: bytes

    @classmethod
    def of(cls, environ: Mapping[str, Any]) -> "Call":
        """The question in a WSGI environment."""
        length = int(environ.get("CONTENT_LENGTH") or 0)
        route = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
        return cls(route, environ.get("HTTP_AUTHORIZATION", ""), environ["wsgi.input"].read(length))

    @property
    def path(self) -> str:
        """The path without the method."""
        return self.route.partition(" ")[2]

    @property
    def fields(self) -> dict[str, Any]:
        """The body, an object of JSON; empty when it is none."""
        try:
            fields = json.loads(self.body)
        except ValueError:
            return {}
        return fields if isinstance(fields, dict) else {}


@dataclass(frozen=True)
class Reply:
    """One answer of the simulator."""

    status: int
    body: bytes = b""
    kind: str = "application/json"
    headers: Mapping[str, str] = field(default_factory=dict)

    MOMENT: ClassVar[str] = "2026-01-01T00:00:00"
    """The `date` of error bodies: a constant, so that the same question gets the same bytes."""

    @classmethod
    def of(cls, status: int, body: object, **headers: str) -> "Reply":
        """An answer in JSON."""
        text = json.dumps(body, ensure_ascii=False).encode()
        return cls(status, text, headers={name.replace("_", "-"): value for name, value in headers.items()})

    @classmethod
    def error(cls, status: int, text: str, call: Call) -> "Reply":
        """An error outside the entries, as the gateway words it."""
        method, _, path = call.route.partition(" ")
        return cls.of(status, {"msgs": [text], "date": cls.MOMENT, "method": method, "path": path})


class Rejected(Exception):  # noqa: N818 — it ends a call as documented; nothing is in error
    """A call that ends with this reply."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status)
        self.reply = reply
