"""A checked rate table, or one whose format was found out, in a few words or as JSON; it reads no file."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Final

from portes.errors import Problem, escaped_json
from portes.tables import (
    Axis,
    Detection,
    ReadOptions,
    Summary,
    TableReport,
    WrittenFile,
    price_words,
    weight_question,
    weight_words,
)

_TWIN: Final = "it fits"
_AXES: Final[dict[Axis, str]] = {"weight": "weights", "value": "values", "units": "units", "volume": "volumes"}


def check_lines(report: TableReport, found: Detection | None, options: ReadOptions) -> Iterator[str]:
    """What a check says, line by line: the format where it was found out, then the problems or what the table holds."""
    if found:
        yield f"Format {found.format}: {found.why}."
        yield from (f"Doubt: {doubt}." for doubt in found.doubts if doubt.startswith(_TWIN))
    yield from map(str, report.problems)
    if report.summary is None:
        return
    yield f"Nothing to mend in {report.file}: {summary_words(report.summary, options, timed=not report.of_fees)}."
    yield from (f"Note: {note}." for note in report.summary.notes)
    if question := weight_question(report.summary):
        yield f"Please look: {question}."


def written_lines(folder: Path, files: Sequence[WrittenFile], notes: Iterable[str]) -> Iterator[str]:
    """What was written where, a line for each file, and what is to be known of it."""
    for file in files:
        yield f"Wrote {folder / file.name}: {file.rows} rows, {len(file.content)} bytes."
    yield from (f"Note: {note}." for note in notes)


def written_json(
    folder: Path, files: Sequence[WrittenFile], notes: Iterable[str], problems: Iterable[Problem] = ()
) -> str:
    """What was written where as JSON, sizes in bytes, with notes; no file where there are problems."""
    said = {
        "files": [{"file": str(folder / one.name), "rows": one.rows, "bytes": len(one.content)} for one in files],
        "notes": [*notes],
        "problems": [asdict(problem) for problem in problems],
    }
    return _json(said)


def unknown_words(file: Path, found: Detection | None) -> str:
    """What is said of a file in no known format."""
    why = found.why if found else ""
    rest = f"; `portes tables detect {file} --write FILE.toml` writes a mapping to be edited"
    return f"{file}: {why}{rest if found and found.draft else ''}"


def check_json(file: Path, report: TableReport | None, found: Detection | None) -> str:
    """A check as JSON: amounts as in a table, in millionths of a minor unit, and borders in thousandths."""
    summary = report.summary if report else None
    said = {
        "file": str(file),
        "format": report.format if report else None,
        "detected": found.why if found else None,
        "problems": [asdict(problem) for problem in report.problems] if report else [],
        "summary": asdict(summary) if summary else None,
        "question": (weight_question(summary) if summary else "") or None,
    }
    return _json(said)


def detection_lines(found: Detection, written: Path | None) -> Iterator[str]:
    """What was found out about a file, line by line, and what to do next."""
    if found.format:
        yield f"{found.file} is in the format {found.format}: {found.why}."
    else:
        yield f"{found.file} is in no installed format: {found.why}."
    yield from (f"Doubt: {doubt}." for doubt in found.doubts)
    if written:
        yield f"Wrote {written}: look at each line, then `portes tables check {found.file} --beside mapping={written}`."
    elif not found.format and found.draft:
        yield f"`portes tables detect {found.file} --write FILE.toml` writes a mapping to be edited."


def detection_json(found: Detection, written: Path | None) -> str:
    """What was found out about a file, as JSON."""
    said = {
        "file": str(found.file),
        "format": found.format or None,
        "why": found.why,
        "doubts": found.doubts,
        "mapping": found.draft or None,
        "written": str(written) if written else None,
    }
    return _json(said)


def _json(said: object) -> str:
    return escaped_json(json.dumps(said, ensure_ascii=False, indent=2))


def summary_words(summary: Summary, options: ReadOptions, *, timed: bool = True) -> str:
    """What a table holds: rows, ranges, the spans of weights, prices and percentages, days, services, what is out."""
    currency = options.currency
    lowest, highest = (price_words(price, currency) for price in (summary.lowest_price, summary.highest_price))
    services = ", ".join(filter(None, summary.services))
    parts = [f"{summary.rows} rows", f"{summary.ranges} postal ranges", _brackets(summary, options)]
    parts += [f"prices from {lowest} to {highest}"]
    parts += [_percents(summary)] if summary.highest_percent else []
    timed = timed or bool(summary.days_max)
    parts += [f"{summary.days_min} to {summary.days_max} business days"] if timed else []
    parts += [f"services {services}"] if services else []
    parts += [f"{summary.refused} rows without service"] if summary.refused else []
    parts += [f"{summary.on_request} rows on request"] if summary.on_request else []
    parts += [f"{summary.left_out} lines left out"] if summary.left_out else []
    return ", ".join(parts)


def _brackets(summary: Summary, options: ReadOptions) -> str:
    if summary.axis == "weight" and not summary.heaviest and summary.endless:
        return "any weight"
    lowest, highest = (_border(border, summary, options) for border in (summary.lightest, summary.heaviest))
    return f"{_AXES[summary.axis]} from {lowest} to {highest}{' and above' if summary.endless else ''}"


def _border(border: int, summary: Summary, options: ReadOptions) -> str:
    """A border of a bracket in words, from thousandths of its unit."""
    if summary.axis == "weight":
        return weight_words(border, summary.weight_unit)
    if summary.axis == "value":
        return price_words(border * 1000, options.currency)
    return f"{Decimal(border).scaleb(-3).normalize():f}{' cm³' if summary.axis == 'volume' else ''}"


def _percents(summary: Summary) -> str:
    span = (Decimal(percent).scaleb(-6).normalize() for percent in (summary.lowest_percent, summary.highest_percent))
    return "{:f} % to {:f} % of the declared value".format(*span)
