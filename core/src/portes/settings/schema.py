"""What a model allows where, read from its JSON Schema."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from portes.contract.suggestions import nearest

Node = dict[str, Any]
Path = Sequence[str | int]


class _Schema(GenerateJsonSchema):
    """A plugin may use a type without a JSON Schema; its other keys are still known."""

    def emit_warning(self, kind: str, detail: str) -> None:
        """Say nothing: a default that JSON cannot hold is no fault of the file that is read."""

    def handle_invalid_for_json_schema(self, schema: core_schema.CoreSchema, error_info: str) -> JsonSchemaValue:  # noqa: ARG002 — pydantic's signature
        return {}

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> JsonSchemaValue:  # noqa: ARG002 — the same
        return {"type": "string", "format": "decimal"}


def renamed_keys(**today: str) -> dict[str, Any]:
    """What a model says in its `json_schema_extra` of keys that had another name: the old name, and today's."""
    return {"renamed": today}


class Shape:
    """The keys of a model, level by level."""

    def __init__(self, model: type[BaseModel]) -> None:
        schema = model.model_json_schema(schema_generator=_Schema)
        self._definitions: dict[str, Node] = schema.get("$defs", {})
        self.root: Node = schema
        """The schema of the whole table."""

    def keys(self, path: Path) -> list[str]:
        """The known keys of the table at a path, in the model's order; a single one may stand for a list of one."""
        found: dict[str, None] = {}
        for node in (*self._at(path), *self._at((*path, 0))):
            found |= dict.fromkeys(node.get("properties", ()))
        return list(found)

    def nearest(self, path: Path, key: str) -> str | None:
        """The known key that an unknown one was probably meant to be."""
        return next(iter(nearest(key, self.keys(path))), None)

    def renamed(self, path: Path, key: str) -> str | None:
        """What a key of the table at a path is called today, when it had this name before; see `renamed_keys`."""
        return next((node["renamed"][key] for node in self._at(path) if key in node.get("renamed", ())), None)

    def is_secret(self, path: Path) -> bool:
        """Whether a text at a path is a secret; where the model takes one for a list of one, too."""
        return any(node.get("writeOnly") for node in (*self._at(path), *self._at((*path, 0))))

    def holds_secret(self, path: Path) -> bool:
        """Whether the value at a path, or anything that may stand inside, is a secret."""
        return any(self._holds(node, frozenset()) for node in self._at(path))

    def secret_keys(self) -> list[str]:
        """The name of every key that holds a secret itself, in whatever table of the model."""
        tables = [self.root, *self._definitions.values()]
        named = [(key, node) for table in tables for key, node in table.get("properties", {}).items()]
        return [key for key, node in named if any(each.get("writeOnly") for each in (node, *_children(node)))]

    def kinds(self, path: Path) -> frozenset[str]:
        """The types and formats that the value at a path may have: `integer`, `string`, `date`, `decimal`."""
        nodes = self._at(path)
        return frozenset(kind for node in nodes for kind in (node.get("type"), node.get("format")) if kind)

    def _at(self, path: Path) -> list[Node]:
        nodes = list(self.alternatives(self.root))
        for part in path:
            nodes = [found for node in nodes for child in self._below(node, part) for found in self.alternatives(child)]
        return nodes

    def _below(self, node: Node, part: str | int) -> Iterator[Node]:
        if isinstance(part, str) and isinstance(node.get("items"), dict):
            # the key of a single table, where the model takes one for a list of one
            for item in self.alternatives(node["items"]):
                yield from self._below(item, part)
        else:
            yield from _step(node, part)

    def alternatives(self, node: Node) -> Iterator[Node]:
        """A schema and all that it refers to or lets choose from, what it refers to first."""
        if "$ref" in node:
            yield from self.alternatives(self._definitions[node["$ref"].rpartition("/")[2]])
        for word in ("anyOf", "oneOf", "allOf"):
            for choice in node.get(word, ()):
                yield from self.alternatives(choice)
        yield node

    def _holds(self, node: Node, seen: frozenset[str]) -> bool:
        reference = node.get("$ref", "")
        if reference in seen:
            return False
        if node.get("writeOnly"):
            return True
        seen |= {reference} if reference else set()
        inside = [*_children(node), *self._referred(reference)]
        return any(self._holds(child, seen) for child in inside)

    def _referred(self, reference: str) -> list[Node]:
        return [self._definitions[reference.rpartition("/")[2]]] if reference else []


def _step(node: Node, part: str | int) -> list[Node]:
    if isinstance(part, int):
        listed = node.get("prefixItems", [])
        return [listed[part]] if part < len(listed) else _tables(node.get("items"))
    named = node.get("properties", {}).get(part)
    return [named] if named is not None else _tables(node.get("additionalProperties"))


def _children(node: Node) -> Iterator[Node]:
    yield from node.get("properties", {}).values()
    yield from (choice for word in ("anyOf", "oneOf", "allOf", "prefixItems") for choice in node.get(word, ()))
    yield from (*_tables(node.get("items")), *_tables(node.get("additionalProperties")))


def _tables(schema: object) -> list[Node]:
    return [schema] if isinstance(schema, dict) else []


@lru_cache(maxsize=256)
def shape_of(model: type[BaseModel]) -> Shape:
    """The shape of a model, worked out once."""
    return Shape(model)
