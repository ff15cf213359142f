"""The detection of a file's format: what it is, why, and what is doubtful."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from portes.errors import Problem
from portes.tables.detection.draft import draft_mapping
from portes.tables.detection.headers_seen import guess_beside, guess_format
from portes.tables.formats.mapping.description import WORD
from portes.tables.opening import LARGEST_TABLE, TableReport, check_table
from portes.tables.protocol import ReadOptions
from portes.tables.questions import weight_question
from portes.tables.reading.sheets import read_source
from portes.tables.reading.workbooks import read_once

_DOUBTFUL = "may mean"
"""What problems of numbers say that can be read in two ways."""


@dataclass(frozen=True, slots=True)
class Detection:
    """What a file of unknown layout looks like."""

    file: Path
    format: str
    """Empty where it is in none that is installed."""
    why: str
    doubts: tuple[str, ...]
    report: TableReport | None
    """The check of the file in this format."""
    draft: str
    """A mapping to begin with, as TOML; empty where the file has no table at all."""


def format_of(source: bytes, options: ReadOptions) -> str:
    """The format of a table by the words of its header, without reading its rows; empty where none has them."""
    if WORD in options.beside:
        return WORD
    with read_once():
        guess = guess_format(source, options)
    return guess.name if guess else ""


def detect_table(path: Path, options: ReadOptions) -> Detection:
    """The format of a file by the words of its header; a mapping beside it is its format.

    Raises `SettingsError` when the file cannot be read.
    """
    source = read_source(path, LARGEST_TABLE)
    with read_once():
        guess = None if WORD in options.beside else guess_format(source, options)
        aside = None if guess or WORD in options.beside else guess_beside(source, options)
        draft = "" if aside else draft_mapping(source, options)
    if aside:
        why = f"{aside.why}: these are the {aside.word} that belong beside a table"
        why += f", in the format {aside.format} for example: check that table, with --beside {aside.word}={path}"
        return Detection(path, "", why, (), None, "")
    if guess is None and WORD not in options.beside:
        why = "no line has the documented header of a format" if draft else "no line has two cells"
        return Detection(path, "", why, (), None, draft)
    name, why = (guess.name, guess.why) if guess else (WORD, "a mapping is given beside it")
    if guess and guess.of_fees:
        why += "; these are fees by place, which a component of a tariff names as its file"
    report = check_table(path, name, options)
    twins = [f"it fits {other} as well" for other in guess.others] if guess else []
    return Detection(path, name, why, (*twins, *_doubts(report)), report, draft)


def _doubts(report: TableReport) -> Iterator[str]:
    """What is not understood, or could mean two things, a line each; of the rest the first, and how many there are."""
    others = [problem for problem in report.problems if not _is_doubt(problem)]
    told = [*filter(_is_doubt, report.problems), *others[:1]]
    causes: set[tuple[str, str]] = set()
    for problem in told:
        if (problem.where, problem.cause) not in causes or problem.where.endswith("header"):
            causes.add((problem.where, problem.cause))
            bare = Problem(problem.where, problem.value, problem.cause, problem.fix)
            yield f"line {problem.line}: {bare}" if problem.line else str(bare)
    rest = len(others) - 1
    if rest > 0:
        yield f"{rest} more problem{'s' if rest > 1 else ''}; `portes tables check {report.file}` tells"
    if report.summary and (question := weight_question(report.summary)):
        yield question


def _is_doubt(problem: Problem) -> bool:
    return problem.where == "format" or problem.where.endswith("header") or _DOUBTFUL in problem.cause
