"""Finds the secrets of settings."""

import itertools
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from pydantic import BaseModel, Secret, SecretBytes, SecretStr

from portes.redaction.shapes import LONG


def is_short(secret: str) -> bool:
    """Whether a secret is so short that it reads like a word, or can be tried."""
    return len(secret) < LONG


class FoundSecret(NamedTuple):
    """A secret of some settings."""

    text: str
    key: str
    """The key it stands under, the nearest one of a model; empty for a value that no model holds."""
    beside: tuple[str, ...]
    """The texts beside it in the same model: its user may be among them."""

    def __repr__(self) -> str:
        return f"FoundSecret({self.key})"


def secrets_in(value: object, key: str = "", beside: tuple[str, ...] = ()) -> Iterator[FoundSecret]:
    """Every secret of a model, a container or a single value, however deep; `key` and `beside` say where it stands."""
    if isinstance(value, SecretBytes):
        yield FoundSecret(value.get_secret_value().decode("utf-8", "surrogateescape"), key, beside)
    elif isinstance(value, Secret | SecretStr):
        yield FoundSecret(str(value.get_secret_value()), key, beside)
    elif isinstance(value, BaseModel):
        texts = tuple(own for _, own in value if isinstance(own, str))
        yield from itertools.chain.from_iterable(secrets_in(own, name, texts) for name, own in value)
    elif isinstance(value, Mapping):
        yield from secrets_in(value.values(), key, beside)
    elif isinstance(value, Collection) and not isinstance(value, str | bytes | bytearray):
        yield from itertools.chain.from_iterable(secrets_in(each, key, beside) for each in value)
