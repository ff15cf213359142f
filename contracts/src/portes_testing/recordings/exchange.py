"""One question on the wire and its answer, and the cassette files that hold them."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import yaml

from portes.toolbox.response import HttpResponse

FORMAT = 1
"""The version of vcrpy's cassette format that is read and written."""


@dataclass(frozen=True, slots=True)
class SentRequest:
    """A request as it left us. Its repr shows neither headers nor body: both may hold secrets."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def __repr__(self) -> str:
        return f"SentRequest({self.method} {self.path}, {len(self.body)} bytes)"

    @property
    def path(self) -> str:
        """The path alone, `/` when empty."""
        return urlsplit(self.url).path or "/"

    @property
    def query(self) -> tuple[tuple[str, str], ...]:
        """Names and values, sorted: their order means nothing."""
        return tuple(sorted(parse_qsl(urlsplit(self.url).query, keep_blank_values=True)))

    @property
    def json(self) -> Any:  # noqa: ANN401 — whatever the carrier's API speaks
        """The body read as JSON. Raises `ValueError` for another body."""
        return json.loads(self.body)

    @property
    def question(self) -> tuple[object, ...]:
        """What makes two calls the same question, the host aside: method, path, query and body."""
        return (self.method, self.path, self.query, canonical(self.body))

    def header(self, name: str) -> str:
        """A header by its name in any case of letters; empty when it was not sent."""
        return next((value for key, value in self.headers.items() if key.lower() == name.lower()), "")


@dataclass(frozen=True, slots=True)
class Exchange:
    """A question and the answer it got."""

    request: SentRequest
    response: HttpResponse

    def __str__(self) -> str:
        return f"{self.request.method} {self.request.path} → {self.response.status}"


def canonical(body: bytes) -> bytes:
    """A body in one form for comparing: JSON without spaces and with sorted names, anything else as it is."""
    try:
        return json.dumps(json.loads(body), sort_keys=True, separators=(",", ":")).encode()
    except ValueError:
        return body


def read_cassette(path: Path) -> tuple[Exchange, ...]:
    """Read a file that vcrpy or `write_cassette` wrote. Raises `ValueError` for another format."""
    state = path.stat()
    return _read(path, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=256)
def _read(path: Path, _changed: int, _size: int) -> tuple[Exchange, ...]:
    # every fault of a recording reads it again, and reading YAML takes longer than the whole fault
    loader = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader  # the former is many times as quick
    content = loader(path.read_text(encoding="utf-8")).get_single_data()
    if not isinstance(content, dict) or content.get("version") != FORMAT:
        msg = f"{path} is no cassette of format {FORMAT}"
        raise ValueError(msg)
    return tuple(_exchange(interaction) for interaction in content["interactions"])


def write_cassette(path: Path, exchanges: Iterable[Exchange]) -> None:
    """Write a file that vcrpy can replay, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"version": FORMAT, "interactions": [_interaction(exchange) for exchange in exchanges]}
    path.write_text(yaml.safe_dump(content, allow_unicode=True, width=100), encoding="utf-8")


def _exchange(interaction: Mapping[str, Any]) -> Exchange:
    sent, answered = interaction["request"], interaction["response"]
    request = SentRequest(sent["method"], sent["uri"], first_values(sent["headers"]), as_bytes(sent["body"]))
    body = as_bytes(answered["body"]["string"])
    return Exchange(request, HttpResponse(answered["status"]["code"], first_values(answered["headers"]), body))


def _interaction(exchange: Exchange) -> dict[str, Any]:
    sent, received = exchange.request, exchange.response
    return {
        "request": {
            "method": sent.method,
            "uri": sent.url,
            "headers": {name: [value] for name, value in sent.headers.items()},
            "body": _as_text(sent.body),
        },
        "response": {
            "status": {"code": received.status, "message": ""},
            "headers": {name: [value] for name, value in received.headers.items()},
            "body": {"string": _as_text(received.body)},
        },
    }


def first_values(headers: Mapping[str, str | bytes | Sequence[str]]) -> dict[str, str]:
    """Headers as vcrpy keeps them (a list of values each, or one), with one value each."""
    return {name: _first(value) for name, value in headers.items()}


def _first(value: str | bytes | Sequence[str]) -> str:
    if isinstance(value, bytes):
        return value.decode("latin-1")
    return value if isinstance(value, str) else ", ".join(value)


def as_bytes(body: str | bytes | None) -> bytes:
    """A body as it goes over the wire."""
    return body.encode() if isinstance(body, str) else body or b""


def _as_text(body: bytes) -> str | bytes:
    try:
        return body.decode()
    except UnicodeDecodeError:
        return body


__all__ = ["Exchange", "SentRequest", "canonical", "read_cassette", "write_cassette"]
