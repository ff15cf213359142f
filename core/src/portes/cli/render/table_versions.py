"""Versions of tables in a few words, as a list or as JSON; it opens no database."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import TYPE_CHECKING, Final

from portes.cli.kept_tables import KeptTables, TableUse
from portes.cli.render.screen import folding, plain, screen
from portes.cli.render.tables import summary_words
from portes.errors import escaped_json
from portes.tables.versions import TableVersion
from portes.tables.versions.kept import Activation, priced_days

if TYPE_CHECKING:
    from rich.text import Text

_BREAK: Final = re.compile(r"(?<!to)(?<!from)(?<!by) ")
"""A blank, but for one that a day hangs on."""


@dataclass(frozen=True)
class ListedVersion:
    """A version and what becomes of it now."""

    version: TableVersion
    activations: Sequence[Activation]
    """When it was put in force, or back in force by a rollback, and by whom, in order."""
    in_force: bool
    behind: bool
    """Whether it prices days, from today on, on which the one in force is not valid."""
    uses: Sequence[TableUse]


def listed_versions(kept: KeptTables) -> list[ListedVersion]:
    """Every version, by name and number."""
    found: list[ListedVersion] = []
    for name, versions in groupby(kept.versions.versions(), lambda version: version.name):
        log, known = kept.versions.log(name), kept.versions.in_force(name)
        active, pricing = known[:1], [version for _, version in priced_days(known, kept.today())]
        uses = [use for use in kept.uses if use.table == name]
        for version in versions:
            own, in_force = [line for line in log if line.number == version.number], [version] == active
            found.append(ListedVersion(version, own, in_force, not in_force and version in pricing, uses))
    return found


def show_versions(kept: KeptTables, listed: Sequence[ListedVersion]) -> None:
    """Print a table of versions, and by what each table prices; it fits 80 columns where names are short."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, padding=(0, 1, 0, 0), pad_edge=False, show_edge=False)
    for name in ("version", "imported", "by", "rows", "valid", "in force", "from"):
        words = name in {"version", "by", "from"}
        table.add_column(name, justify="right" if name == "rows" else "left", no_wrap=not words)
    for one in listed:
        version = one.version
        table.add_row(
            plain(str(version)),
            _in_lines(when(version.at)),
            plain(version.who),
            plain(f"{version.summary.rows:,}"),
            _in_lines(validity_words(version)),
            _in_lines(_in_force_words(one)),
            plain(" ".join(filter(None, (version.origin, note_of(version))))),
            style="bold" if one.in_force else "",
        )
    screen().print(folding(table))
    for one in listed:
        if one.in_force:
            name, uses = one.version.name, ", ".join(map(str, one.uses))
            days = days_words(kept, name) or f"{one.version} prices every day"
            screen().print(plain(f"{name}: {days}; {f'named by {uses}' if uses else 'no carrier names it'}."))


def _in_force_words(one: ListedVersion) -> str:
    if one.in_force:
        return f"since {when(one.activations[-1].at)} by {one.activations[-1].who}"
    return "other days" if one.behind else ""


def _in_lines(words: str) -> "Text":
    """Days and times one below the other, so that a column of them is narrow."""
    from rich.text import Text

    return Text("\n").join(map(plain, _BREAK.split(words)))


def in_force_lines(
    kept: KeptTables, version: TableVersion, before: TableVersion | None, back: str = ""
) -> Iterator[str]:
    """What is in force now, what prices when, who prices by it, and the command that takes it back, if any."""
    days = f", valid {words}" if (words := validity_words(version)) else ""
    if before is not None and before.number == version.number:
        yield f"{version} is in force already{days}."
    else:
        instead = f", in place of {before}" if before else ""
        yield f"{version} is in force{instead}{days}."
    if by_day := days_words(kept, version.name):
        yield f"By dispatch day: {by_day}."
    if before is not None and before.number == version.number:
        return
    uses = ", ".join(str(use) for use in kept.uses if use.table == version.name)
    yield (
        f"Carriers that price by it: {uses}; a running service takes it up by itself."
        if uses
        else f'No carrier names it yet; write stored = "{version.name}" in the settings of one with use = "table".'
    )
    if back:
        yield f"To take that back: portes tables {back}"


def days_words(kept: KeptTables, name: str) -> str:
    """What prices a table's dispatch days from today on; empty where one version prices all of them."""
    spans = priced_days(kept.versions.in_force(name), kept.today())
    if len(spans) == 1 and spans[0][1] is not None:
        return ""
    lasts = [*(day - timedelta(days=1) for day, _ in spans[1:]), None]
    words = []
    for at, ((first, version), last) in enumerate(zip(spans, lasts, strict=True)):
        days = " ".join(filter(None, (f"from {first}" if at else "", f"to {last}" if last else "")))
        words.append(
            f"{version} {days or 'always'}" if version else f"nothing {days or 'any more'}, where carriers fail"
        )
    return "; ".join(words)


def over_words(version: TableVersion, today: date) -> str:
    """That a version prices nothing any more; empty for one that does or will."""
    if not version.valid_to or version.valid_to >= today:
        return ""
    return f"Its validity is over: {version} prices dispatch days to {version.valid_to}, and today is {today}."


def versions_json(listed: Sequence[ListedVersion]) -> str:
    """The versions as JSON."""
    said = [
        {
            "name": one.version.name,
            "number": one.version.number,
            "imported": one.version.at.isoformat(),
            "who": one.version.who,
            "origin": one.version.origin,
            "format": one.version.format,
            "rows": one.version.summary.rows,
            "ranges": one.version.summary.ranges,
            "valid_from": str(one.version.valid_from) if one.version.valid_from else None,
            "valid_to": str(one.version.valid_to) if one.version.valid_to else None,
            "fingerprint": one.version.fingerprint,
            "in_force_since": one.activations[-1].at.isoformat() if one.in_force else None,
            "in_force_by": one.activations[-1].who if one.in_force else None,
            "activations": [
                {"at": line.at.isoformat(), "who": line.who, "rollback": line.back} for line in one.activations
            ],
            "carriers": [{"store": use.store, "carrier": use.carrier} for use in one.uses],
            "report": one.version.report,
        }
        for one in listed
    ]
    return escaped_json(json.dumps({"versions": said}, ensure_ascii=False, indent=2))


def kept_lines(version: TableVersion, *, new: bool) -> Iterator[str]:
    """What an import says of the version that it kept."""
    if new:
        options = version.options
        yield f"Kept {version}: {summary_words(version.summary, options, timed=not options.of_fees)}."
        yield from (f"Note: {note}." for note in version.summary.notes)
    else:
        yield (
            f"The same table is kept already as {version}, imported by {version.who} on {when(version.at)}; nothing new"
            " was kept."
        )


def validity_words(version: TableVersion) -> str:
    """The days that a version prices; empty for every day."""
    if version.valid_from and version.valid_to:
        return f"{version.valid_from} to {version.valid_to}"
    if version.valid_from:
        return f"from {version.valid_from}"
    return f"to {version.valid_to}" if version.valid_to else ""


def note_of(version: TableVersion) -> str:
    """What somebody noted when they imported it; empty for nothing."""
    note = version.report.get("note")
    return f"({note})" if note else ""


def when(at: datetime) -> str:
    """A moment, in UTC, to the minute."""
    return f"{at:%Y-%m-%d %H:%M}Z"
