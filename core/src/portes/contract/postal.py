"""Postal codes of countries: how people write them, when one has lost its zero, and the order in which they stand."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

_SIGNS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_SEPARATORS: Final = re.compile(r"[\s.-]")
_NOUGHTS: Final = re.compile(r"(?<=[0-9]{4})\.0+$")
"""What a spreadsheet puts after a number: `1310100.0`."""
_BRITISH: Final = re.compile(r"([A-Z]{1,2})(?:([0-9]{1,2})([A-Z]?)([0-9][A-Z]{2})?)?")


class RestoredCode(str):
    """A postal code whose leading zero was put back: it came one digit short."""

    __slots__ = ()


def _as_it_is(code: str) -> str:
    return code


def _british(code: str) -> str:
    """A code or the beginning of one, its district in two digits: `PH21AA` is `PH0201AA`, `PH161AA` is `PH1601AA`."""
    match = _BRITISH.fullmatch(code)
    if match is None:
        return ""
    area, district, part, inward = match.groups("")
    if not district:
        return area  # all that begins with it
    whole = area.ljust(2, "0") + district.rjust(2, "0")
    return whole + (part or "0") + inward if part or inward else whole


@dataclass(frozen=True, slots=True)
class PostalForm:
    """The form of a country's postal codes, and codes as numbers that sort as the country orders them."""

    words: str
    """The form, for a message."""
    code: re.Pattern[str]
    """A code in canonical text."""
    written: re.Pattern[str]
    """What people write: separators only where they belong, so that `1512651.0` is no CEP."""
    width: int = 10
    """The most characters of a code; shorter ones are padded when they are compared."""
    base: int = 36
    fixed: bool = False
    """Whether every code has `width` digits, so that one with a digit less has lost its leading zero."""
    ordered: bool = True
    """Whether codes and prefixes of unequal length compare; otherwise nobody here knows how."""
    bounds: tuple[str, str] = ("", "")
    """What the country's first code begins with, and its last one."""
    spread: Callable[[str], str] = _as_it_is
    """A code or prefix as text that sorts character by character; empty when it is none."""

    @property
    def size(self) -> int:
        """One more than the largest number a code can have."""
        return int(self.base**self.width)

    def read(self, text: str) -> str:
        """The canonical text of what people write; `01310-100` is `01310100`. Raises `ValueError` for another form."""
        written = text.strip().upper()
        if not self.written.fullmatch(written):
            raise ValueError(f"is not written as {self.words}")
        return _SEPARATORS.sub("", written)

    def restored(self, text: str) -> RestoredCode | None:
        """The code with its zero put back, when it is one digit short; None when that is not what is wrong with it."""
        whole = f"0{text.strip()}"
        return RestoredCode(self.read(whole)) if self.fixed and self.written.fullmatch(whole) else None

    def begins(self, prefix: str) -> bool:
        """Whether a code may begin with a canonical prefix."""
        plain = self.spread(prefix)
        return 0 < len(plain) <= self.width and all(sign in _SIGNS[: self.base] for sign in plain)

    @property
    def ends(self) -> tuple[str, str]:
        """The first and the last code of the country, or what they begin with where codes have no fixed length."""
        first, last = self.bounds[0] or "0", self.bounds[1] or _SIGNS[self.base - 1]
        return (first.ljust(self.width, "0"), last.ljust(self.width, "9")) if self.fixed else (first, last)

    def reaches(self, low: str, high: str) -> bool:
        """Whether any code of the country lies between two codes or prefixes."""
        first, last = self.bounds
        return self.low(first) <= self.high(high) and self.low(low) <= self.high(last)

    def low(self, code: str) -> int:
        """Number of a code, or of the first code that starts with a prefix."""
        return int(self.spread(code).ljust(self.width, "0"), self.base)

    def high(self, code: str) -> int:
        """Number of a code, or of the last code that starts with a prefix."""
        return int(self.spread(code).ljust(self.width, _SIGNS[self.base - 1]), self.base)

    def end_of(self, number: int, *, last: bool) -> str:
        """The canonical code of which a number is the first that it holds, or the last; empty where there is none.

        Where codes may be prefixes it is the longest one: the number of `AD500` is that of ten characters.
        """
        text, filler, number_of = (
            self.text(number),
            _SIGNS[self.base - 1] if last else "0",
            self.high if last else self.low,
        )
        while text:
            if self.code.fullmatch(text) and number_of(text) == number:
                return text
            if not text.endswith(filler):
                break
            text = text[:-1]
        return ""

    def text(self, number: int) -> str:
        """The code that a number stands for, padded."""
        signs = []
        for _ in range(self.width):
            number, sign = divmod(number, self.base)
            signs.append(_SIGNS[sign])
        return "".join(reversed(signs))


def _form(words: str, code: str, written: str, width: int = 10, base: int = 36, **more: Any) -> PostalForm:  # noqa: ANN401 — fields
    return PostalForm(words, re.compile(code), re.compile(written), width, base, **more)


_ANY_WORDS: Final = "letters and digits without separators"
_ANY_PATTERNS: Final = (re.compile(r"[A-Z0-9]{2,10}"), re.compile(r"[A-Z0-9](?:[\s-]?[A-Z0-9]){1,9}"))
_ANY: Final = PostalForm(_ANY_WORDS, *_ANY_PATTERNS, ordered=False)
_FORMS: Final = {
    "AD": _form("AD and 3 digits, such as AD500", r"AD[0-9]{3}", r"AD[\s-]?[0-9]{3}", bounds=("AD", "AD")),
    "BR": _form(
        "8 digits without hyphen, such as 01512651",
        r"[0-9]{8}",
        r"[0-9]{2}[\s.]?[0-9]{3}[\s-]?[0-9]{3}",
        8,
        10,
        fixed=True,
    ),
    "ES": _form(
        "5 digits from 01000 to 52999, such as 28013",
        r"(?:0[1-9]|[1-4][0-9]|5[0-2])[0-9]{3}",
        r"[0-9]{5}",
        5,
        10,
        fixed=True,
        bounds=("01", "52"),
    ),
    "PT": _form(
        "4 or 7 digits without hyphen, such as 1100148",
        r"[0-9]{4}(?:[0-9]{3})?",
        r"[0-9]{4}(?:[\s-]?[0-9]{3})?",
        7,
        10,
    ),
} | dict.fromkeys(("GB", "GG", "IM", "JE"), PostalForm(_ANY_WORDS, *_ANY_PATTERNS, spread=_british, bounds=("A", "ZZ")))


def postal_form(country: str) -> PostalForm:
    """The form of a country's postal codes, ISO 3166-1 alpha-2."""
    return _FORMS.get(country, _ANY)


def postal_keys(country: str) -> tuple[Callable[[str], int], Callable[[str], int]]:
    """Two quick functions from a canonical code (as in `Place`) to its number: as the first and the last of a range.

    They differ where a code may be a prefix.
    """
    form = postal_form(country)
    return (int, int) if form.fixed else (form.low, form.high)


def read_range_end(text: str, country: str) -> str:
    """The canonical text of a code that ends a range in a file; a leading zero that a spreadsheet dropped is put back.

    Where the country's codes have no fixed length, a prefix passes too. Raises `ValueError` with the cause.
    """
    form = postal_form(country)
    if form.fixed and len(text) == form.width and text.isdecimal() and text.isascii():
        return text  # already canonical; large tables have millions of them
    bare = _NOUGHTS.sub("", text.strip())
    restored = form.restored(bare)
    if restored is not None:
        return restored
    try:
        code = form.read(bare)
    except ValueError:
        code = ""
    if not code or not (form.fixed or form.code.fullmatch(code)) or not form.begins(code):
        raise ValueError(f"is no postal code of {country}")
    return code


def postal_prefix(text: str, country: str) -> tuple[str, str] | None:
    """The first and the last code that begin with a prefix: `28*`, and in Spain a province alone, `28` or `7`.

    None when a text is no prefix: where codes have no fixed length, one without `*` is read as an end of a range.
    """
    form = postal_form(country)
    starred = text.strip().endswith("*")
    prefix = _SEPARATORS.sub("", text.strip().rstrip("*")).upper()
    if not starred:
        prefix = prefix.rjust(2, "0") if country == "ES" and re.fullmatch(r"[0-9]{1,2}", prefix) else ""
    if not prefix or not form.begins(prefix) or not form.reaches(prefix, prefix):
        return None
    return (prefix.ljust(form.width, "0"), prefix.ljust(form.width, "9")) if form.fixed else (prefix, prefix)
