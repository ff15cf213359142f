"""The OpenAPI 3.1 document of the public address, made from what the channels declare."""

from collections.abc import Mapping, Sequence
from importlib.metadata import version
from itertools import count
from typing import Any, Final

import orjson
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from portes.channels.credentials import Credential, Expected, Guarded
from portes.channels.problems import PROBLEM_JSON, ProblemBody
from portes.channels.protocol import Addressed, Channel, Masked
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
_CRASHED: Final = 500
_TOO_MUCH: Final = 413
_TOKEN: Final = {
    "name": "token",
    "in": "path",
    "required": True,
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{16,}$"},
    "description": "The secret segment of this address, from the store's settings.",
}
_SCHEMA: Final = "#/components/schemas/{model}"


def openapi_document(endpoints: Sequence[Endpoint], public_url: str) -> Json:
    """Describe every channel of every store, and the health check."""
    schemas, components = _schemas(endpoints)
    paths: Json = {"/healthz": _health()}
    for endpoint in endpoints:
        paths |= _operations(endpoint, schemas)
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
    channels = [endpoint.channel for endpoint in endpoints]
    read = {channel.request_model: None for channel in channels if _reads(channel) == "body"}
    excuses = [_excuse_model(channel) for channel in channels]
    written = dict.fromkeys([*(channel.response_model for channel in channels), *filter(None, excuses), ProblemBody])
    inputs = [(model, "validation") for model in read]
    outputs = [(model, "serialization") for model in written]
    references, found = models_json_schema([*inputs, *outputs], ref_template=_SCHEMA)  # type: ignore[list-item] # literals
    return references, found["$defs"]


def _reads(channel: Channel) -> str:
    return channel.reads if isinstance(channel, Addressed) else "body"


def _excuse_model(channel: Channel) -> type[BaseModel] | None:
    return channel.excuse_model if isinstance(channel, Addressed) else None


def _operations(endpoint: Endpoint, schemas: Mapping[Any, Json]) -> Json:
    """The operations of an endpoint by address and method; an address with a token is one of its own."""
    places: dict[bool, Json] = {}
    for credential in _credentials(endpoint) or (None,):
        values = credential.expected() if credential is not None else ()
        has_token = any(value.place == "path" for value in values)
        schemes = dict(_scheme(value) for value in values if value.place != "path")
        places.setdefault(has_token, {})[" ".join(schemes)] = {name: [] for name in schemes}
    ids = (f"_{number}" if number else "" for number in count())
    return {
        f"{endpoint.path}{'/{token}' if has_token else ''}{tail}": {
            method.lower(): {
                "operationId": f"{endpoint.store.name}_{endpoint.key}{next(ids)}",
                "security": [way for way in ways.values() if way],
                **_operation(endpoint, schemas, has_token=has_token),
            }
            for method in endpoint.methods
        }
        for has_token, ways in places.items()
        for tail in endpoint.tails
    }


def _operation(endpoint: Endpoint, schemas: Mapping[Any, Json], *, has_token: bool) -> Json:
    parameters = [_TOKEN] if has_token else []
    asked: Json = {}
    if _reads(endpoint.channel) == "query":
        parameters += _parameters(endpoint.channel)
    else:
        question = schemas[endpoint.channel.request_model, "validation"]
        content = {"application/json": {"schema": question, "example": _question(endpoint)}}
        asked = {"requestBody": {"required": True, "content": content}}
    return {
        "summary": f"Ask {endpoint.store.name} by {endpoint.key}",
        "tags": [endpoint.store.name],
        **({"parameters": parameters} if parameters else {}),
        **asked,
        "responses": _responses(endpoint, schemas),
    }


def _parameters(channel: Channel) -> list[Json]:
    """The parameters of a question, with the example's values; credentials are no fields of the model."""
    schema, example = channel.request_model.model_json_schema(), channel.example().query
    return [
        {
            "name": name,
            "in": "query",
            "required": name in schema.get("required", ()),
            "schema": own,
            **({"example": example[name]} if name in example else {}),
        }
        for name, own in schema["properties"].items()
    ]


def _question(endpoint: Endpoint) -> Any:  # noqa: ANN401 — whatever JSON the channel reads
    channel = endpoint.channel
    body = channel.example().body or b"null"
    return orjson.loads(channel.masked(body) if isinstance(channel, Masked) else body)


def _responses(endpoint: Endpoint, schemas: Mapping[Any, Json]) -> Json:
    channel = endpoint.channel
    statuses = _SERVICE_STATUSES | dict(channel.statuses)
    media_type = channel.media_type if isinstance(channel, Addressed) else "application/json"
    own = _excuse_model(channel)
    answer = {media_type: {"schema": schemas[channel.response_model, "serialization"]}}
    problem = {PROBLEM_JSON: {"schema": schemas[ProblemBody, "serialization"]}}
    excuse = problem if own is None else {media_type: {"schema": schemas[own, "serialization"]}}
    told = {status: excuse if status in {*channel.statuses, _CRASHED} else problem for status in statuses}
    told[_TOO_MUCH] = excuse | problem  # a body that is too long is the service's to refuse, and too many lines are not
    return {
        str(status): {
            "description": statuses[status],
            "headers": {REQUEST_ID: {"description": "The log's name of this call.", "schema": {"type": "string"}}},
            **({} if status == 304 else {"content": answer if status < 300 else told[status]}),
        }
        for status in sorted(statuses)
    }


def _health() -> Json:
    answer = {"description": "The process answers.", "content": {"application/json": {"schema": {"type": "object"}}}}
    return {"get": {"operationId": "health", "summary": "Whether the process answers", "responses": {"200": answer}}}


def _security_schemes(endpoints: Sequence[Endpoint]) -> Json:
    return dict(
        _scheme(value)
        for endpoint in endpoints
        for credential in _credentials(endpoint)
        for value in credential.expected()
        if value.place != "path"
    )


def _credentials(endpoint: Endpoint) -> Sequence[Credential]:
    return endpoint.channel.credentials if isinstance(endpoint.channel, Guarded) else ()


def _scheme(value: Expected) -> tuple[str, Json]:
    """The name of what a credential wants to see, and how it is said; nothing of its value."""
    name = value.names[0]
    if value.scheme:
        return value.scheme, {"type": "http", "scheme": value.scheme}
    return name, {"type": "apiKey", "in": value.place, "name": name}
