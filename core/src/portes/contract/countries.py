"""Countries by their code of ISO 3166-1, and what is meant by codes in use that are none."""

from functools import lru_cache
from typing import Final

FORM: Final = r"^[A-Z]{2}$"
"""What a code looks like, for schemas; not every two letters are one."""

_MEANT: Final = {
    "UK": "GB",
    "XI": "GB",  # Northern Ireland, in customs papers
    "EL": "GR",
    "IC": "ES",  # the Canary Islands: reserved by ISO for customs, and in use at carriers
    "EA": "ES",  # Ceuta and Melilla, likewise
    "XC": "ES",  # the same two, in customs papers
    "XL": "ES",
    "FX": "FR",
    "SU": "RU",
    "TP": "TL",
    "ZR": "CD",
}


_LETTERS: Final = {"BH": "BHR", "BG": "BGR", "GT": "GTM", "MA": "MAR", "SZ": "SWZ", "VU": "VUT", "XK": "XKX"}
"""Three letters that the list we use has wrong; held against ISO 3166-1 of 2026."""


@lru_cache(maxsize=1)
def country_codes() -> frozenset[str]:
    """Every code of ISO 3166-1 alpha-2, and XK, by which everybody names Kosovo."""
    # the list alone: to load all its countries takes another tenth of a second, and nouns without one need neither
    from holidays.registry import EntityLoader

    return frozenset(EntityLoader.get_country_codes(include_aliases=False))


def country_fault(code: str) -> tuple[str, str] | None:
    """What is wrong with a country code, and what to write instead; None when nothing is."""
    if code in country_codes():
        return None
    bare = code.strip().upper()
    if bare in country_codes():
        return "is no country code", f"write {bare}"
    if bare in _MEANT:
        return "is no country code", f"write {_MEANT[bare]}: {bare} is no code of ISO 3166-1"
    return "is no country code", "write the two letters of ISO 3166-1, such as BR or ES"


def country_named(letters: str) -> str:
    """The code of the country that two or three letters of ISO 3166-1 stand for, `BRA` or `br`; empty for no such."""
    bare = letters.strip().upper()
    return bare if bare in country_codes() else _by_three_letters().get(bare, "")


def letters_of_country(code: str) -> frozenset[str]:
    """The two and the three letters of ISO 3166-1 that stand for a country, in capitals."""
    return frozenset({code, *(three for three, two in _by_three_letters().items() if two == code)})


@lru_cache(maxsize=1)
def _by_three_letters() -> dict[str, str]:
    from holidays.registry import COUNTRIES  # as above

    return {_LETTERS.get(two, three): two for _, two, three, *_ in COUNTRIES.values()}
