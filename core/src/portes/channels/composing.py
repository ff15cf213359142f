"""Calls put as a marketplace would put them, out of a documented one: another place, other goods."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import orjson

_LINES: Final = "lines"


class ComposedLine(NamedTuple):
    """One line of a call that is composed: its measures are those of the documented one, where calls bring any."""

    sku: str
    quantity: int = 1


def composed_body(body: bytes, fields: Mapping[str, str], code: str, lines: Sequence[ComposedLine]) -> bytes:
    """The JSON body of a documented call, asking about another postal code and other goods.

    `fields` are the channel's: they say where in the body all of that stands. A postal code that the documented call
    has as a number stays one.
    """
    tree = orjson.loads(body)
    _put(tree, fields["destination"].split("."), code)
    steps = fields[_LINES].split(".")
    template = _found(tree, steps)[0]
    _put(tree, steps, [_line(template, fields, line) for line in lines])
    return orjson.dumps(tree)


def _line(template: Mapping[str, Any], fields: Mapping[str, str], line: ComposedLine) -> dict[str, Any]:
    begins = len(fields[f"{_LINES}.*"].split("."))
    made = orjson.loads(orjson.dumps(template))
    for name, value in (("sku", line.sku), ("quantity", line.quantity)):
        _put(made, fields[f"{_LINES}.*.{name}"].split(".")[begins:], value)
    return dict(made)


def _found(tree: Any, steps: Sequence[str]) -> Any:  # noqa: ANN401 -- any JSON
    for step in steps:
        tree = tree[int(step) if step.isdigit() else step]
    return tree


def _put(tree: Any, steps: Sequence[str], value: object) -> None:  # noqa: ANN401 -- any JSON
    *before, last = steps
    holder = _found(tree, before)
    holder[last] = int(value) if isinstance(value, str) and isinstance(holder.get(last), int) else value
