"""The OpenAPI 3.1 document of the public address, made from what the channels declare."""

from collections.abc import Iterator, Mapping, Sequence
from importlib.metadata import version
from typing import Any, Final

import orjson
from pydantic.json_schema import models_json_schema

from portes.channels.credentials import Expected, Guarded
from portes.channels.problems import PROBLEM_JSON, ProblemBody
from portes.channels.protocol import Masked
from portes.web.endpoints import Endpoint
from portes.web.problems import REQUEST_ID

Json = dict[str, Any]

_SERVICE_STATUSES: Final = {
    401: "The credentials are missing or wrong.",
    408: "The body did not arrive in time.",
    413: "The body is too large, or it asks for too many lines or units.",
    415: "The body has a content-encoding.",
    422: "The question cannot be answered as it was put; `errors` names each field.",
    500: "The service failed. No stack trace is told.",
    503: "More calls came than can be answered in time; nobody was asked.",
}
_TOKEN: Final[Json] = {"token": {"type": "apiKey", "in": "path", "name": "token"}}
"""A secret segment of the address, which OpenAPI has no scheme for: it is a parameter."""
_TOKEN_PARAMETER: Final[Json] = {
    "name": "token",
    "in": "path",
    "required": True,
    "description": "The secret segment of this address, from the store's settings.",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{16,}$"},
}
_SCHEMA: Final = "#/components/schemas/{model}"


def openapi_document(endpoints: Sequence[Endpoint], public_url: str) -> Json:
    """Describe every channel of every store, and the health check."""
    schemas, components = _schemas(endpoints)
    paths: Json = {"/healthz": _health()}
    paths |= {
        address: {method.lower(): _operation(endpoint, method, address, schemas) for method in endpoint.methods}
        for endpoint in endpoints
        for address in _addresses(endpoint)
    }
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Portes",
            "version": version("portes"),
            "summary": "Answers marketplaces' freight questions in real time.",
        },
        "servers": [{"url": public_url}],
        "paths": paths,
        "components": {"schemas": components, "securitySchemes": _security_schemes(endpoints)},
    }


def _schemas(endpoints: Sequence[Endpoint]) -> tuple[Mapping[Any, Json], Json]:
    read = {endpoint.channel.request_model: None for endpoint in endpoints}
    written = {endpoint.channel.response_model: None for endpoint in endpoints}
    inputs = [(model, "validation") for model in read]
    outputs = [(model, "serialization") for model in [*written, ProblemBody]]
    references, found = models_json_schema([*inputs, *outputs], ref_template=_SCHEMA)  # type: ignore[list-item] # literals
    return references, found["$defs"]


def _addresses(endpoint: Endpoint) -> Iterator[str]:
    """Where it answers; the secret segment of an address by its name."""
    ways = _alternatives(endpoint)
    for tail in endpoint.tails:
        if _TOKEN not in ways or ways != [_TOKEN] * len(ways):
            yield f"{endpoint.path}{tail}"
        if _TOKEN in ways:
            yield f"{endpoint.path}/{{token}}{tail}"


def _operation(endpoint: Endpoint, method: str, address: str, schemas: Mapping[Any, Json]) -> Json:
    channel = endpoint.channel
    question = {"schema": schemas[channel.request_model, "validation"], "example": _question(endpoint)}
    return {
        "operationId": "_".join([endpoint.store.name, endpoint.key, *_distinct(endpoint, method, address)]),
        "summary": f"Ask {endpoint.store.name} by {endpoint.key}",
        "tags": [endpoint.store.name],
        **({"parameters": [_TOKEN_PARAMETER]} if "{token}" in address else {}),
        "security": _security(endpoint, in_address="{token}" in address),
        "requestBody": {"required": True, "content": {"application/json": question}},
        "responses": _responses(endpoint, schemas),
    }


def _distinct(endpoint: Endpoint, method: str, address: str) -> Iterator[str]:
    """What tells an operation of a channel from its others; nothing for the only one of most channels."""
    if "{token}" in address and [*_addresses(endpoint)] != [address]:
        yield "by_token"
    tail = address.rpartition("/")[2] if len(endpoint.tails) > 1 else ""
    if tail:
        yield tail
    if len(endpoint.methods) > 1:
        yield method.lower()


def _question(endpoint: Endpoint) -> Any:  # noqa: ANN401 — whatever JSON the channel reads
    channel = endpoint.channel
    body = channel.example().body or b"null"
    return orjson.loads(channel.masked(body) if isinstance(channel, Masked) else body)


def _responses(endpoint: Endpoint, schemas: Mapping[Any, Json]) -> Json:
    statuses = _SERVICE_STATUSES | dict(endpoint.channel.statuses)
    answer = {"application/json": {"schema": schemas[endpoint.channel.response_model, "serialization"]}}
    problem = {PROBLEM_JSON: {"schema": schemas[ProblemBody, "serialization"]}}
    return {
        str(status): {
            "description": statuses[status],
            "headers": {REQUEST_ID: {"description": "The log's name of this call.", "schema": {"type": "string"}}},
            "content": answer if status < 300 else problem,
        }
        for status in sorted(statuses)
    }


def _health() -> Json:
    answer = {"description": "The process answers.", "content": {"application/json": {"schema": {"type": "object"}}}}
    return {"get": {"operationId": "health", "summary": "Whether the process answers", "responses": {"200": answer}}}


def _security_schemes(endpoints: Sequence[Endpoint]) -> Json:
    return {
        name: scheme
        for endpoint in endpoints
        for schemes in _alternatives(endpoint)
        if schemes != _TOKEN
        for name, scheme in schemes.items()
    }


def _security(endpoint: Endpoint, *, in_address: bool) -> list[Json]:
    """Each way to be let in once: any one of the list, all that stands in it. None where the address itself is."""
    ways: list[Json] = []
    if in_address:
        return ways
    for schemes in _alternatives(endpoint):
        if schemes == _TOKEN:
            continue
        way: Json = {name: [] for name in schemes}
        if way not in ways:
            ways.append(way)
    return ways


def _alternatives(endpoint: Endpoint) -> list[Json]:
    channel = endpoint.channel
    credentials = channel.credentials if isinstance(channel, Guarded) else ()
    return [dict(_scheme(value) for value in credential.expected()) for credential in credentials]


def _scheme(value: Expected) -> tuple[str, Json]:
    """The name of what a credential wants to see, and how it is said; nothing of the value itself."""
    name = value.names[0]
    if value.scheme:
        return value.scheme, {"type": "http", "scheme": value.scheme}
    return name, {"type": "apiKey", "in": value.place, "name": name}
