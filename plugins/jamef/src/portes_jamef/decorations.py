"""The fields of an answer that only decorate it, and the types they are documented with; no price hangs on them."""

from collections.abc import Iterator
from typing import Any, Final

_TYPES: Final[dict[str, tuple[type, ...]]] = {
    "situacao": (int,),
    "mensagem": (str,),
    "idCorrelacao": (str,),
    "dataHora": (str,),
    "numeroCotacao": (str,),
    "modalidadeTransporte": (str,),
    "frete": (int, float),
    "imposto": (int, float),
    "refreshToken": (str,),
    "tokenType": (str,),
    "expiresIn": (int,),
}


def odd_fields(answer: dict[str, Any]) -> Iterator[str]:
    """The names of those whose type is another one, in the envelope or in what it holds; null is no oddity."""
    held = answer.get("dado")
    entries = [each for each in held if isinstance(each, dict)] if isinstance(held, list) else []
    for fields in (answer, *entries):
        yield from (name for name in _TYPES.keys() & fields.keys() if not _is_documented(name, fields[name]))


def _is_documented(name: str, value: object) -> bool:
    return value is None or type(value) in _TYPES[name]


__all__ = ["odd_fields"]
