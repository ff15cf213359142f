"""What a settings file takes from the environment and from files, kept out of every message about it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from portes.errors import Problem, shown
from portes.settings.source import SettingsFile, below, expand, is_reference

_LEAST: Final = 2
"""Characters of a taken text that is looked for within others; a number needs twice as many."""
_FIGURES: Final = re.compile(r"[\w.,:/-]*\d[\w.,:/-]*")
_ELIDED: Final = "…"


class TakenTexts:
    """The texts that a file takes, and the reference that stands for each in a message."""

    def __init__(self, tables: Mapping[str, Any], source: SettingsFile) -> None:
        self._hidden: dict[str, str] = {}
        self._places: dict[str, str] = {}
        """The whole text at each key path that takes something."""
        for where, written in _references(tables, ""):
            expanded = expand(written, where, source.afresh())
            self._hidden |= expanded.hidden
            if expanded.tree != written:
                self._hidden[expanded.tree] = written
                self._places[where] = expanded.tree
        parts = sorted(filter(_is_telling, self._hidden), key=len, reverse=True)
        self._pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, parts))})(?!\w)") if parts else None

    def scrubbed(self, problems: Iterable[Problem]) -> tuple[Problem, ...]:
        """The same problems, with references where something taken stood, and without figures made of it."""
        return tuple(map(self._scrubbed, problems)) if self._hidden else tuple(problems)

    def _scrubbed(self, problem: Problem) -> Problem:
        whole = next((text for place, text in self._places.items() if _is_at(problem.where, place)), "")
        cause, fix = (_without_figures(self._text(words), whole) for words in (problem.cause, problem.fix))
        return problem.reworded(self._value(problem.value), cause, fix)

    def _value(self, value: str) -> str:
        cut = value.removesuffix(_ELIDED)
        for taken, reference in self._hidden.items():
            if value == shown(taken) or (cut != value and cut and taken.startswith(cut)):
                return reference
        return self._text(value)

    def _text(self, text: str) -> str:
        return self._pattern.sub(lambda match: self._hidden[match[0]], text) if self._pattern else text


def _references(tree: object, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(tree, str):
        if is_reference(tree):
            yield where, tree
    elif isinstance(tree, dict | list):
        for key, inner in tree.items() if isinstance(tree, dict) else enumerate(tree):
            yield from _references(inner, below(where, key))


def _is_telling(text: str) -> bool:
    return len(text) >= (2 * _LEAST if text.isdigit() else _LEAST)


def _is_at(where: str, place: str) -> bool:
    return where == place or where.startswith(f"{place}.") or place.startswith(f"{where}.")


def _without_figures(words: str, taken: str) -> str:
    """The words without numbers, codes and days that were made of a taken text to propose another writing of it."""
    core = _bare(taken)

    def elided(match: re.Match[str]) -> str:
        own = _bare(match[0])
        made_of_it = len(own) >= 2 * _LEAST and len(core) >= 2 * _LEAST and (own in core or core in own)
        return _ELIDED if made_of_it else match[0]

    return _FIGURES.sub(elided, words) if core else words


def _bare(text: str) -> str:
    return re.sub(r"[\W_]", "", text).lower()
