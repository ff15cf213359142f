"""Places as shop platforms name them in a row: a country of several, a region, a city, and `*` or nothing for any."""

from typing import Final

from portes.contract.countries import country_named
from portes.contract.postal import postal_form, postal_keys, read_range_end
from portes.contract.states import PlaceError, Ranges
from portes.errors import Problems, shown
from portes.tables.places.lookup import ranges_named
from portes.tables.protocol import ReadOptions

ANY: Final = frozenset({"", "*"})
"""What stands for any country, region, city or postal code."""


class CountryRows:
    """The rows of a file for several countries: those of the table's own count, the others are left out and told."""

    def __init__(self, options: ReadOptions, problems: Problems) -> None:
        self._country = options.country
        self._problems = problems
        self._known: dict[str, str] = {}

    def keep(self, text: str, where: str, line: int) -> bool:
        """Whether a row counts, by its country's two or three letters; letters of no country are a problem."""
        if text in ANY:
            return True
        code = self._known.get(text)
        if code is None:
            code = self._known[text] = country_named(text)
        if code and code != self._country:
            self._problems.left_out += 1
            self._problems.note(f"rows of {code} are left out: the table is one of {self._country}")
        elif not code:
            fix = "write two or three letters of ISO 3166-1, such as BR or BRA, or * for any"
            self._problems.add(where, shown(text), "is no country", fix, line)
        return code == self._country


def region_ranges(country: str, region: str, city: str) -> Ranges:
    """The postal codes of a region, or of a city in it; the whole country where both are any. Raises `PlaceError`."""
    if region in ANY and city in ANY:
        return (postal_form(country).ends,)
    if region in ANY:
        cause = "stands without its region, and the same name may be in several"
        raise PlaceError(city, cause, "write the region beside it, or postal codes in place of it")
    return ranges_named(country, region, town="" if city in ANY else city)


def code_ranges(text: str, country: str) -> tuple[Ranges, bool]:
    """The codes that a postal code stands for, and whether it is a whole one.

    Where codes are written with a hyphen, what stands before it is good for all that follows: in Brazil `01310` for
    `01310-000` to `01310-999`. Raises `PlaceError` for what is neither.
    """
    form, bare = postal_form(country), text.strip()
    if form.fixed and form.written.fullmatch(f"{bare}-{'0' * max(form.width - len(bare), 1)}"):
        code = form.read(f"{bare}-{'0' * (form.width - len(bare))}")
        return ((code, bare.ljust(form.width, "9")),), False
    try:
        code = read_range_end(text, country)
    except ValueError as error:
        words = f"write {form.words}, or what stands before its hyphen" if country == "BR" else f"write {form.words}"
        raise PlaceError(text, str(error), words) from None
    return ((code, code),), form.fixed or "-" in bare


def common_ranges(country: str, one: Ranges, other: Ranges) -> Ranges:
    """The postal codes that are in both."""
    low, high = postal_keys(country)
    spans = ((max(a[0], b[0], key=low), min(a[1], b[1], key=high)) for a in one for b in other)
    return tuple(span for span in spans if low(span[0]) <= high(span[1]))
