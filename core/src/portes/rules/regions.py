"""Regions as rules name them: postal prefixes and inclusive ranges."""

import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Annotated, Final, NamedTuple

from pydantic import AfterValidator, Field

from portes.contract import Place
from portes.contract.countries import country_fault

_REGION: Final = re.compile(r"(?:([A-Z]{2}):)?([A-Z0-9]{1,10})(?:\.\.([A-Z0-9]{1,10}))?")
_FORM: Final = 'write a prefix such as "69", or a range such as "01000000..05999999", without hyphens or spaces'


class _PostalSpan(NamedTuple):
    """All postal codes, of a country or of any (""), whose first characters lie between two texts of one length."""

    country: str
    low: str
    high: str


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
    _span(text)
    return text


Region = Annotated[str, AfterValidator(_checked), Field(examples=["69", "01000000..05999999", "PT:1000..1999"])]
"""A settings field's text: a prefix (`69`) or an inclusive range of codes or prefixes (`01000000..05999999`, `01..05`).

A country before a colon (`PT:1000..1999`) binds it to that country; without one it holds in every country.
"""


class _Runs(NamedTuple):
    """Spans of one length, sorted and apart from each other."""

    length: int
    lows: list[str]
    highs: list[str]

    def hold(self, code: str) -> bool:
        part = code[: self.length]
        index = bisect_right(self.lows, part) - 1
        return index >= 0 and part <= self.highs[index] and len(part) == self.length


class Regions:
    """Many regions as one: `place in regions`, by binary search; letters sort after digits, as in ASCII."""

    __slots__ = ("_runs",)

    def __init__(self, texts: Iterable[str]) -> None:
        """Raise `ValueError` for a text that is no `Region`."""
        alike: defaultdict[tuple[str, int], list[_PostalSpan]] = defaultdict(list)
        for span in map(_span, texts):
            alike[span.country, len(span.low)].append(span)
        self._runs: defaultdict[str, list[_Runs]] = defaultdict(list)
        for (country, length), spans in alike.items():
            self._runs[country].append(_joined(length, sorted(spans)))

    def __contains__(self, place: Place) -> bool:
        runs = (*self._runs.get("", ()), *self._runs.get(place.country, ()))
        return any(run.hold(place.postal_code) for run in runs)


def _joined(length: int, spans: Sequence[_PostalSpan]) -> _Runs:
    runs = _Runs(length, [], [])
    for span in spans:
        if runs.highs and span.low <= runs.highs[-1]:
            runs.highs[-1] = max(runs.highs[-1], span.high)
        else:
            runs.lows.append(span.low)
            runs.highs.append(span.high)
    return runs
