"""Questions that stand in the query of an address: its parameters read from the text as it came."""

from collections.abc import Mapping
from typing import Literal
from urllib.parse import unquote_to_bytes

from pydantic import Field

from portes.channels.base import TimedSettings
from portes.channels.protocol import ChannelRequest
from portes.channels.reading import read_place
from portes.contract import Place
from portes.errors import Problem, RequestError

Plus = Literal["space", "plus"]


class QuerySettings(TimedSettings):
    """Settings of a channel that is asked by the query of an address."""

    plus: Plus = Field(
        default="space",
        description="What a `+` in an address stands for: `space`, as browsers and PHP have it, or `plus` itself, as"
        " a client sends that leaves it as it is. Spaces written `%20` and pluses written `%2B` are read alike.",
    )


def read_parameters(asked: ChannelRequest, fixes: Mapping[str, str], plus: Plus) -> dict[str, str]:
    """The parameters that `fixes` names, decoded; those are told what to write instead.

    Nothing but `&` and `=` is a separator: a `;`, `,` or `|` is part of a value, encoded or not. What is no UTF-8 is
    read as Latin-1. Raises `RequestError` naming each parameter that is missing, or stands there twice.
    """
    found: dict[str, list[str]] = {name: [] for name in fixes}
    for pair in asked.raw_query.split("&"):
        name, _, value = pair.partition("=")
        if (known := _decoded(name, plus)) in found:
            found[known].append(_decoded(value, plus))
    wrong = [
        Problem(name, "", "stands there twice" if values else "is missing", fixes[name])
        for name, values in found.items()
        if len(values) != 1
    ]
    if wrong:
        raise RequestError(wrong)
    return {name: values[0] for name, values in found.items()}


def _decoded(text: str, plus: Plus) -> str:
    # a server hands the bytes of an address over as Latin-1
    raw = unquote_to_bytes((text.replace("+", " ") if plus == "space" else text).encode("latin-1", "replace"))
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def place_of(code: str, country: str, where: str) -> Place:
    """The place of a postal code in a parameter; one of digits that is one short was a number, and lost its zero.

    Raises `RequestError` at `where`, the parameter.
    """
    is_number = code.isascii() and code.isdecimal() and not code.startswith("0")
    return read_place(int(code) if is_number and len(code) < 10 else code, country, where)
