"""Regions as rules name them: postal prefixes, inclusive ranges, and states."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import Annotated, Final, Literal, NamedTuple

from pydantic import AfterValidator, Field

from portes.contract import Place
from portes.contract.countries import country_fault
from portes.contract.postal import PostalForm, postal_form
from portes.contract.states import PlaceError, Ranges, find_state, ranges_of_part, states
from portes.contract.suggestions import did_you_mean

_REGION: Final = re.compile(r"(?:([A-Z]{2}):)?([A-Z0-9]{1,10})(?:\.\.([A-Z0-9]{1,10}))?")
_STATE: Final = re.compile(r"([A-Z]{2})-([A-Z0-9]{1,3})(?:/([a-z]+))?")
_PART: Final = re.compile(r"([A-Z]{2})/([a-z]+)")
_FORM: Final = 'write a prefix such as "69", or a range such as "01000000..05999999", without hyphens or spaces'


class _PostalSpan(NamedTuple):
    """All postal codes, of a country or of any (""), whose first characters lie between two texts of one length."""

    country: str
    low: str
    high: str


def _spans(text: str) -> tuple[_PostalSpan, ...]:
    if match := _STATE.fullmatch(text):
        country, state, part = match.groups()
        return _ranges(country, lambda: _of_state(country, state, part))
    if match := _PART.fullmatch(text):
        country, part = match.groups()
        return _ranges(country, lambda: _of_all_states(country, part))
    return (_span(text),)


def _ranges(country: str, find: Callable[[], Ranges]) -> tuple[_PostalSpan, ...]:
    try:
        return tuple(_PostalSpan(country, first, last) for first, last in find())
    except PlaceError as error:
        raise ValueError(f"{error}; {error.fix}") from error


def _of_state(country: str, state: str, part: str | None) -> Ranges:
    try:
        whole = find_state(country, state).ranges
    except PlaceError as error:
        known = [each.code for each in states(country)]
        if not known:
            raise
        near = did_you_mean(state, known).replace("did you mean ", f"did you mean {country}-")
        fix = near or f'write its code, such as "{country}-{known[-1]}"'
        raise PlaceError(state, str(error), fix) from error
    if part is None:
        return whole
    named, region = _part(part), f"{country}-{state}"
    try:
        return ranges_of_part(country, state, named)
    except PlaceError as error:
        raise PlaceError(part, str(error), f'write "{region}/capital" or "{region}"') from error


def _of_all_states(country: str, word: str) -> Ranges:
    part = _part(word)
    known = states(country)
    if not known:
        find_state(country, word)  # raises: nobody here has a list of its states
    capitals = {state.code: ranges_of_part(country, state.code, "capital") for state in known}
    if part == "capital":
        return tuple(span for ranges in capitals.values() for span in ranges)
    wide = [state for state in known if capitals[state.code] != state.ranges]
    return tuple(span for state in wide for span in ranges_of_part(country, state.code, part))


def _part(word: str) -> Literal["capital", "interior"]:
    parts: dict[str, Literal["capital", "interior"]] = {"capital": "capital", "interior": "interior"}
    if word not in parts:
        raise PlaceError(word, f"names the part {word} of a state", "write capital or interior")
    return parts[word]


def _span(text: str) -> _PostalSpan:
    match = _REGION.fullmatch(text)
    if match is None:
        raise ValueError(f"is no region; {_FORM}")
    country, low, high = match[1] or "", match[2], match[3] or match[2]
    fault = country_fault(country) if country else None
    if fault:
        cause, fix = fault
        raise ValueError(f"names {country}, which {cause}; {fix}")
    if len(low) != len(high):
        raise ValueError(f"is a range whose ends differ in length; {_FORM}")
    if low > high:
        raise ValueError(f"is a range that ends before it begins; write {high}..{low}")
    return _PostalSpan(country, low, high)


def _checked(text: str) -> str:
    _spans(text)
    return text


Region = Annotated[
    str, AfterValidator(_checked), Field(examples=["69", "01000000..05999999", "PT:1000..1999", "BR-SP"])
]
"""A settings field's text: a prefix (`69`) or an inclusive range of codes or prefixes (`01000000..05999999`, `01..05`).

A state of Brazil (`BR-SP`) or a province of Spain (`ES-28`) is all of its codes; `BR-SP/capital` and `BR-SP/interior`
are its parts, `BR/capital` and `BR/interior` those of every state. A country before a colon
(`PT:1000..1999`) binds it to that country; without one it holds in every country.
"""


def region_fault(text: str, country: str) -> tuple[str, str] | None:
    """The cause and the fix of a region that cannot be meant in the country it names, or in this one; None if it can.

    A code that lost its leading zero would be taken for the beginning of other codes.
    """
    if _STATE.fullmatch(text) or _PART.fullmatch(text):
        return None
    span = _span(text)
    country = span.country or country
    form = postal_form(country)
    begins = form.begins(span.low) and form.begins(span.high)
    reaches = begins and form.reaches(span.low, span.high)
    zeros = span.low.startswith("0"), span.high.startswith("0")
    if begins and form.fixed and len(span.low) == form.width - 1 and not all(zeros):
        lost = "" if any(zeros) else _written(span, "0", "")
        kept = _written(span, "", "0", "9") if reaches else ""
        fix = f"{lost} if a leading zero was lost, {kept} if not" if lost and kept else lost or kept
        return f"has {len(span.low)} digits, and a postal code of {country} {form.width}", f"write {fix}"
    if reaches:
        return None
    return f"is no beginning of a postal code of {country}", f"write {form.words}, or the first characters of one"


def _written(span: _PostalSpan, before: str, *after: str) -> str:
    """A span as a region, with signs before both ends and behind the low and the high one."""
    low, high = f"{before}{span.low}{after[0]}", f"{before}{span.high}{after[-1]}"
    country = f"{span.country}:" if span.country else ""
    return f'"{country}{low}"' if low == high else f'"{country}{low}..{high}"'


class _Runs(NamedTuple):
    """Spans of numbers, sorted and apart from each other."""

    lows: list[int]
    highs: list[int]

    def hold(self, low: int, high: int) -> bool:
        index = bisect_right(self.lows, low) - 1
        return index >= 0 and high <= self.highs[index]


class Regions:
    """Many regions as one: `place in regions`, by binary search, in the order that tables have too.

    A code that stands for a whole area (`1100` in Portugal) is inside when all of the area is.
    """

    __slots__ = ("_runs", "_spans")

    def __init__(self, texts: Iterable[str]) -> None:
        """Raise `ValueError` for a text that is no `Region`."""
        self._spans = tuple(span for text in texts for span in _spans(text))
        self._runs: dict[str, _Runs] = {}
        """By country, made when a place there is first looked for."""

    def __contains__(self, place: Place) -> bool:
        country, code = place.country, place.postal_code
        form, runs = postal_form(country), self._runs.get(country)
        if runs is None:
            runs = self._runs[country] = _joined(self.spans_in(country), form)
        return runs.hold(form.low(code), form.high(code))

    def meet(self, others: "Regions", country: str) -> bool:
        """Whether there is any code of a country that lies in these and in the others."""
        form = postal_form(country)
        own, theirs = (_joined(each.spans_in(country), form) for each in (self, others))
        return any(
            low <= other_high and other_low <= high
            for low, high in zip(*own, strict=True)
            for other_low, other_high in zip(*theirs, strict=True)
        )

    def spans_in(self, country: str) -> Sequence[_PostalSpan]:
        """The spans that hold in a country, named there or everywhere."""
        return [span for span in self._spans if span.country in {"", country}]

    @property
    def countries(self) -> frozenset[str]:
        """The countries that they are bound to; empty text where one holds everywhere."""
        return frozenset(span.country for span in self._spans)


def _joined(spans: Iterable[_PostalSpan], form: PostalForm) -> _Runs:
    runs = _Runs([], [])
    ends = ((form.low(span.low), form.high(span.high)) for span in spans if form.begins(span.low))
    for low, high in sorted(ends):
        if runs.highs and low <= runs.highs[-1]:
            runs.highs[-1] = max(runs.highs[-1], high)
        else:
            runs.lows.append(low)
            runs.highs.append(high)
    return runs
