"""The published JSON Schemas of the quote contract, made from its nouns; it knows no channel and no carrier."""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Literal

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from portes.contract import Answer, Quote, QuoteRequest, Service, Shipment

VERSION: Final = "v1"
"""The folder of the schemas; it changes when a reader of the old ones would stumble."""

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_Side = Literal["validation", "serialization"]

PUBLISHED: Final[Mapping[str, tuple[type[BaseModel], _Side]]] = MappingProxyType(
    {
        "answer": (Answer, "serialization"),
        "quote": (Quote, "serialization"),
        "quote_request": (QuoteRequest, "validation"),
        "service": (Service, "validation"),
        "shipment": (Shipment, "validation"),
    }
)
"""File name without suffix → noun, and whose side it describes.

`validation` is what Portes reads (a field with a default may be left out), `serialization` what it
writes (every field is there).
"""


class _WithoutFieldTitles(GenerateJsonSchema):
    """A title that repeats the field's name tells a reader nothing."""

    def field_title_should_be_set(self, schema: object) -> bool:  # noqa: ARG002 — pydantic names the argument
        return False


def schema(name: str) -> dict[str, object]:
    """The JSON Schema of a published noun, with its `$id` and title."""
    noun, side = PUBLISHED[name]
    body = noun.model_json_schema(mode=side, schema_generator=_WithoutFieldTitles)
    return {"$schema": _DIALECT, "$id": f"urn:portes:contract:{VERSION}:{name}", "title": noun.__name__} | body


def texts() -> dict[str, str]:
    """Every published file: its name and its text, the same for the same nouns."""
    return {f"{name}.json": json.dumps(schema(name), indent=2, ensure_ascii=False) + "\n" for name in PUBLISHED}


__all__ = ["PUBLISHED", "VERSION", "schema", "texts"]
