"""Versions of tables in a few words, as a list or as JSON; it opens no database."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from portes.cli.kept_tables import KeptTables, TableUse
from portes.cli.render.screen import folding, plain, screen
from portes.cli.render.tables import summary_words
from portes.errors import escaped_json
from portes.tables.versions import TableVersion
from portes.tables.versions.kept import in_force


@dataclass(frozen=True)
class ListedVersion:
    """A version and what becomes of it now."""

    version: TableVersion
    since: datetime | None
    """Since when it is in force; None when it is not."""
    behind: bool
    """Whether it prices days on which the one in force is not valid."""
    uses: Sequence[TableUse]


def listed_versions(kept: KeptTables) -> list[ListedVersion]:
    """Every version, by name and number."""
    found: list[ListedVersion] = []
    for version in kept.versions.versions():
        log = kept.versions.log(version.name)
        numbers = in_force(log)
        active = numbers[:1] == [version.number]
        uses = [use for use in kept.uses if use.table == version.name]
        found.append(ListedVersion(version, log[-1].at if active else None, version.number in numbers[1:], uses))
    return found


def show_versions(listed: Sequence[ListedVersion]) -> None:
    """Print a table of versions."""
    from rich.table import Table

    table = Table()
    for name in ("version", "imported", "by", "rows", "ranges", "valid", "in force since", "carriers", "from"):
        table.add_column(name, justify="right" if name in {"rows", "ranges"} else "left")
    for one in listed:
        version = one.version
        since = when(one.since) if one.since else "(when the one in force is not valid)" if one.behind else ""
        cells = (
            str(version),
            when(version.at),
            version.who,
            f"{version.summary.rows:,}",
            f"{version.summary.ranges:,}",
        )
        uses = ", ".join(map(str, one.uses)) if one.since else ""
        rest = (validity_words(version), since, uses, " ".join(filter(None, (version.origin, note_of(version)))))
        table.add_row(*map(plain, (*cells, *rest)), style="bold" if one.since else "")
    screen().print(folding(table))


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
            "in_force_since": one.since.isoformat() if one.since else None,
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
