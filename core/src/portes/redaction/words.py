"""Finds secrets that may read like a word where they stand alone, and what a cut left of one."""

import re
from functools import lru_cache
from typing import Final

from portes.redaction.shapes import MASK, STUMP, SURE, longest_first

_BEGINS: Final = re.compile(
    r"(?:(?<![\w-])|(?<=\\[nrt])|(?<=\\u[0-9A-Fa-f]{4})|(?<=%[0-9A-Fa-f]{2}))(?:(?!\d)|(?<!\d[.,]))"
)
"""Where a word may begin: behind no other and within no number; of an escaped sign the letters are no word."""
_ENDS: Final = r"(?![\w-])(?:(?<!\d)|(?![.,]\d))"
_BARE_BEGINS: Final = re.compile(r"(?<![^\s\"'=])")
_BARE_ENDS: Final = r"(?![^\s\"'&])"
"""Around a secret of signs alone, which stands beside words without being one of them."""
_KEY_BEGINS: Final = re.compile(r"[{,](?:\s|\\+[nrt])*\\*\"[^\"]*\Z")
_KEY_ENDS: Final = re.compile(r"[^\"]{0,200}\"\s*:")
_LONGEST_KEY: Final = 200
"""Characters of a key on either side of a word in it."""


@lru_cache(maxsize=64)
def word_pattern(shapes: frozenset[str]) -> re.Pattern[str] | None:
    """A pattern for shapes that end where a word may; none for no shapes.

    It is made when a text is looked through, for of tokens many come before the next text does. Where they begin is
    looked at when one was found: a pattern that asks for it first reads five times as long.
    """
    return (
        re.compile("|".join(re.escape(shape) + _end_of(shape) for shape in longest_first(shapes))) if shapes else None
    )


def _end_of(shape: str) -> str:
    if not any(map(str.isalnum, shape)):
        return _BARE_ENDS
    return _ENDS if _in_word(shape[-1]) else ""


def _begins_well(text: str, at: int, shape: str) -> bool:
    if not any(map(str.isalnum, shape)):
        return bool(_BARE_BEGINS.match(text, at))
    return not _in_word(shape[0]) or bool(_BEGINS.match(text, at))


def _in_word(sign: str) -> bool:
    return sign.isalnum() or sign in "_-"


def without_words(text: str, words: re.Pattern[str], least: int) -> str:
    """The text, each word of at least so many characters masked that stands alone and in no key of JSON."""
    parts, done, at = list[str](), 0, 0
    while found := words.search(text, at):
        start, end = found.span()
        if end - start >= least and _begins_well(text, start, found[0]) and not _in_key(text, start, end):
            parts += text[done:start], MASK
            done = at = end
        else:
            at = start + 1
    return "".join((*parts, text[done:]))


def _in_key(text: str, start: int, end: int) -> bool:
    """Whether a word is a key of JSON, or stands in one."""
    return bool(_KEY_ENDS.match(text, end) and _KEY_BEGINS.search(text[max(0, start - _LONGEST_KEY) : start]))


def stump_of(text: str, shape: str) -> int:
    """How many characters of the beginning of a secret stand at the end of a text; 0 for fewer than tell it.

    Of one that may read like a word only those count that begin one.
    """
    end = text[-STUMP:]
    at = shape.find(end) if len(end) == STUMP else -1
    while at >= 0:
        length = at + STUMP
        if text.endswith(shape[:length]) and (len(shape) >= SURE or not text[:-length][-1:].isalnum()):
            return length
        at = shape.find(end, at + 1)
    return 0
