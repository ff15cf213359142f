"""Which town of a list a name means: without accents, case and hyphens, and with abbreviations written out."""

import re
from collections.abc import Iterator, Mapping
from itertools import islice, product
from typing import Final

from portes.contract.names import folded, without_accents
from portes.contract.states import PlaceError
from portes.contract.suggestions import nearest

_SHORT: Final = {
    "alm": ("almirante",),
    "cap": ("capitao",),
    "cel": ("coronel",),
    "dr": ("doutor",),
    "eng": ("engenheiro",),
    "gen": ("general",),
    "gov": ("governador",),
    "mal": ("marechal",),
    "n": ("nossa",),
    "pe": ("padre",),
    "pres": ("presidente",),
    "s": ("sao", "santo", "santa"),
    "sen": ("senador",),
    "sra": ("senhora",),
    "sta": ("santa",),
    "sto": ("santo",),
}
"""Abbreviations in names of towns, and what they may stand for."""
_MOST_READINGS: Final = 64


def one_town(town: str, known: Mapping[str, str], cause: str, fix: str) -> str:
    """The folded name of the town that is meant, among those known with the names to show by their folded ones.

    Raises `PlaceError` where an abbreviation may stand for several; where none is meant, with the cause, and with the
    fix beside what was probably meant.
    """
    name = folded(town)
    if name in known:
        return name
    meant = [reading for reading in dict.fromkeys(_readings(town)) if reading in known]
    if len(meant) == 1:
        return meant[0]
    if meant:
        raise PlaceError(town, f"may be {' or '.join(known[each] for each in meant)}", "write the name in full")
    near = nearest(without_accents(town), known.values())
    raise PlaceError(town, cause, f"did you mean {near[0]}? If not, {fix}" if near else fix)


def _readings(town: str) -> Iterator[str]:
    """Every name that a town's may stand for once its abbreviations are written out, folded."""
    words = [word.casefold() for word in re.findall(r"[^\W_]+", without_accents(town))]
    choices = [_SHORT.get(word, (word,)) for word in words]
    if any(word in _SHORT for word in words):
        yield from ("".join(reading) for reading in islice(product(*choices), _MOST_READINGS))
