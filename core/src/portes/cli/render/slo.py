"""The windows of a running service's channels as tables, with what was thrown away; it asks no service."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import click
from rich.table import Table

from portes.cli.render.circuits import span
from portes.cli.render.screen import folding, plain, screen
from portes.errors import escaped

Json = Mapping[str, Any]


def show_channels(channels: Iterable[Json]) -> None:
    """Print each channel's windows, and under them why answers were of no use; `channels` are those of `/slo`."""
    console = screen()
    for channel in channels:
        console.print(folding(_table(channel)))
        for line in _reasons(channel):
            click.echo(escaped(line))


def _table(channel: Json) -> Table:
    limit = f"{channel['limit'] * 1000:.0f} ms"
    title = plain(f"{channel['store']} {channel['channel']}: {_percent(channel['target'])} of use within {limit}")
    heads = ("window", "covered", "answers", "of use", "in time", "99 of 100 in", "budget used at")
    table = Table(*heads, title=title, title_justify="left")
    for window in channel["windows"]:
        table.add_row(*map(plain, _row(window)))
    return table


def _row(window: Json) -> tuple[str, ...]:
    p99, burn = window["p99"], window["burn"]
    return (
        window["name"],
        span(window["seconds"]),
        str(window["answers"]),
        _percent(window["availability"]),
        _percent(window["in_time"]),
        "" if p99 is None else f"{p99 * 1000:.0f} ms",
        "" if burn is None else f"{burn:.1f} x",
    )


def _reasons(channel: Json) -> Iterator[str]:
    """Why answers of the longest window were thrown away, and through whom."""
    longest = channel["windows"][-1]
    for cause, count in _most_first(longest["discarded"]):
        yield f"  {count} thrown away: {cause}"
    for fault, count in _most_first(longest["faults"]):
        carrier, _, kind = fault.partition(" ")
        yield f"  {count} of them with a failure of {carrier}: {kind}"


def _most_first(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))


def _percent(share: float | None) -> str:
    return "" if share is None else f"{share * 100:.3f}".rstrip("0").rstrip(".") + " %"
