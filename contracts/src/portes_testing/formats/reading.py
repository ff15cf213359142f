"""A format as the product finds it, reading under a count of steps: what it yields, tells and raises."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from portes.errors import Problem, Problems, SettingsError, pass_interrupt
from portes.tables import ReadOptions, Row, TableFormat, find_format
from portes.tables.formats.finding import rows_of
from portes_testing.formats.case import Broken, FormatCase, Sample
from portes_testing.harness.errors import BrokenContractError, require
from portes_testing.harness.steps import OutOfStepsError, counted_steps

_STEPS: Final = 2_000_000
"""Steps of the interpreter for any file, however small."""
_STEPS_PER_BYTE: Final = 2_000


@dataclass(frozen=True, slots=True)
class Reading:
    """What a format makes of some bytes."""

    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    """All of them, however many."""

    @property
    def unplaced(self) -> tuple[Row, ...]:
        """The rows without sheet and line: what they mean, wherever they stand."""
        return tuple(row._replace(sheet="", line=0) for row in self.rows)

    @property
    def words(self) -> str:
        """The first problems, for a message."""
        return "; ".join(map(str, self.problems[:3])) or "no problem was told"


@dataclass(eq=False)
class FormatUnderTest:
    """One format, with which a check reads as many files as it likes."""

    case: FormatCase

    @cached_property
    def plugin(self) -> type[TableFormat]:
        """The format's class, as its entry point names it."""
        try:
            return type(find_format(self.case.name))
        except SettingsError as problem:
            raise BrokenContractError(f"no store can use the format: {problem}") from None

    def sound(self, sample: Sample) -> Reading:
        """What the format makes of a sample as it is; a problem in it breaks the contract."""
        reading = self.read(sample.path.read_bytes(), options(sample), f"{sample}")
        require(not reading.problems, f"{sample} is declared sound, and is told to be broken: {reading.words}")
        require(reading.rows, f"{sample} is declared sound, and no row came of it")
        return reading

    def read(self, source: bytes, declared: ReadOptions, what: str, format_: TableFormat | None = None) -> Reading:
        """What the format makes of some bytes, by a new instance unless one is given; `what` names them in messages."""
        reader, problems = format_ or self.plugin(), Problems(what, most=None)
        try:
            with counted_steps(_STEPS + _STEPS_PER_BYTE * sum(map(len, (source, *declared.beside.values())))):
                rows = _collected(lambda: rows_of(reader, source, declared, problems))
        except OutOfStepsError as error:
            msg = f"read() comes to no end on {what}: after millions of steps it is at {error.where()}"
            raise BrokenContractError(msg) from None
        except BaseException as error:
            pass_interrupt(error)
            raise BrokenContractError(f"{type(error).__name__} escaped from read() on {what}: {error}") from error
        return Reading(rows, problems.all())


def options(declared: Sample | Broken, **other: Any) -> ReadOptions:  # noqa: ANN401 — ReadOptions' own fields
    """The options that are declared about a file, some of them replaced."""
    beside = {word: path.read_bytes() for word, path in declared.beside.items()}
    return replace(ReadOptions(**declared.options), beside=beside, **other)


def _collected(rows: Callable[[], Iterator[Row]]) -> tuple[Row, ...]:
    return tuple(rows())


__all__ = ["FormatUnderTest", "Reading", "options"]
