"""The OpenAPI 3.1 document of the public address, made from what the channels declare."""

from collections.abc import Mapping, Sequence
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
_SCHEMA: Final = "#/components/schemas/{model}"


def openapi_document(endpoints: Sequence[Endpoint], public_url: str) -> Json:
    """Describe every channel of every store, and the health check."""
    schemas, components = _schemas(endpoints)
    paths: Json = {"/healthz": _health()}
    paths |= {f"{endpoint.path}{endpoint.tails[0]}": {"post": _operation(endpoint, schemas)} for endpoint in endpoints}
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


def _operation(endpoint: Endpoint, schemas: Mapping[Any, Json]) -> Json:
    channel = endpoint.channel
    question = {"schema": schemas[channel.request_model, "validation"], "example": _question(endpoint)}
    return {
        "operationId": f"{endpoint.store.name}_{endpoint.key}",
        "summary": f"Ask {endpoint.store.name} by {endpoint.key}",
        "tags": [endpoint.store.name],
        "security": _security(endpoint),
        "requestBody": {"required": True, "content": {"application/json": question}},
        "responses": _responses(endpoint, schemas),
    }


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
        for name, scheme in schemes.items()
    }


def _security(endpoint: Endpoint) -> list[Json]:
    """Each way to be let in once: any one of the list, all that stands in it."""
    ways: list[Json] = []
    for schemes in _alternatives(endpoint):
        way: Json = {name: [] for name in schemes}
        if way not in ways:
            ways.append(way)
    return ways


def _alternatives(endpoint: Endpoint) -> list[Json]:
    channel = endpoint.channel
    credentials = channel.credentials if isinstance(channel, Guarded) else ()
    return [dict(_scheme(header) for header in credential.expected()) for credential in credentials]


def _scheme(header: Expected) -> tuple[str, Json]:
    """The name of a header that a credential wants to see, and how it is said; nothing of its value."""
    name = header.names[0]
    if header.scheme:
        return header.scheme, {"type": "http", "scheme": header.scheme}
    return name, {"type": "apiKey", "in": "header", "name": name}
