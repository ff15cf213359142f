"""Words that stand in tables in place of a number, and what they say."""

from typing import Final
from unicodedata import combining, normalize

_ERRORS: Final = frozenset(
    {"#REF!", "#DIV/0!", "#N/A", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA"}
    | {
        "#¡REF!",
        "#¡DIV/0!",
        "#N/D",
        "#¡VALOR!",
        "#¿NOMBRE?",
        "#¡NUM!",
        "#¡NULO!",
        "#VALOR!",
        "#NOME?",
        "#NÚM!",
        "#NULO!",
    }
)
"""What spreadsheets write into a text file for an error, in English, Spanish and Portuguese."""

_REQUEST_WORDS: Final = frozenset(
    ["sob consulta", "a consultar", "consultar", "consulta", "a consulta", "bajo consulta", "on request"]
)
"""What tariffs print in place of a price that the carrier makes by hand, without accents."""


def is_error(text: str) -> bool:
    """Whether a text is what spreadsheets write for an error."""
    return text.startswith("#") and text.strip() in _ERRORS


def is_on_request(text: str) -> bool:
    """Whether a text says that the carrier makes the price by hand."""
    # most prices are numbers: where no letter has a small and a capital form there is no word
    return text.lower() != text.upper() and _plain_words(text) in _REQUEST_WORDS


def _plain_words(text: str) -> str:
    """The words of a text in small letters, without accents, signs or doubled spaces."""
    bare = "".join(sign for sign in normalize("NFKD", text.casefold()) if not combining(sign))
    return " ".join(bare.strip(" .*-").split())
