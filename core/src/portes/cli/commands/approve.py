"""`portes approve`: plays a marketplace against the running service, and reports what it would say."""

import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from portes.channels.composing import ComposedLine


def _duration(_context: click.Context, _option: click.Parameter, given: str) -> float:
    from portes.contract.durations import parse_duration

    try:
        return parse_duration(given)
    except ValueError as error:
        raise click.BadParameter(f"{given} {error}") from None


def _lines(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> "tuple[ComposedLine, ...]":
    from portes.channels.composing import ComposedLine

    return tuple([_one_line(text, ComposedLine) for text in given])


def _one_line(text: str, line: "type[ComposedLine]") -> "ComposedLine":
    sku, _, quantity = text.rpartition(":")
    if not sku:
        return line(text)
    if not quantity.isdecimal() or int(quantity) < 1:
        raise click.BadParameter(f"{text} has no quantity after its last colon; write SKU or SKU:2")
    return line(sku, int(quantity))


_TO = "A postal code that you deliver to.  [default: as documented]"
_ITEM = "Goods that you sell; repeat for more.  [default: as documented]"
_UNCOVERED = "A postal code that you do not deliver to.  [default: looked for]"
_DISTANCE = "What the way between marketplace and service takes, there and back."
_SECONDS = "How long the last step takes; 0 leaves it out."


@click.command()
@click.argument("store_path", metavar="STORE", type=click.Path(path_type=Path))
@click.argument("channel")
@click.option("--url", default="http://127.0.0.1:8080", show_default=True, help="The service's public address.")
@click.option("--to", "code", default="", metavar="CODE", help=_TO)
@click.option("--item", "lines", multiple=True, callback=_lines, metavar="SKU[:QUANTITY]", help=_ITEM)
@click.option("--uncovered", default="", metavar="CODE", help=_UNCOVERED)
@click.option("--distance", default="0ms", callback=_duration, show_default=True, help=_DISTANCE)
@click.option("--rate", default=9.0, show_default=True, type=click.FloatRange(0.1, 1000), help="Calls a second then.")
@click.option("--seconds", default=60.0, show_default=True, type=click.FloatRange(0, 3600), help=_SECONDS)
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--html", type=click.Path(path_type=Path), help="Write the report as one page to this file.")
def approve(
    *, store_path: Path, channel: str, url: str, code: str, lines: "tuple[ComposedLine, ...]", uncovered: str,
    distance: float, rate: float, seconds: float, as_json: bool, html: Path | None,
) -> None:  # fmt: skip
    """Play the marketplace of CHANNEL against the running service of STORE, before the marketplace does.

    STORE is its settings file, or the folder with it; its credentials are used, and the service must run with the same.
    Asks the documented question, right and wrong credentials, several goods, a place that nobody delivers to, goods
    that nobody knows, the largest cart, every field wrong, and at last the contract's rate for a minute. Exit code 0
    when the marketplace would be content, 1 when not, 2 when it cannot be played.
    """
    from portes.approval import ApprovalTerms
    from portes.approval import approve as play
    from portes.cli.render.approval import approval_bar, show_approval
    from portes.cli.render.screen import screen
    from portes.files import replace_atomically
    from portes.store import open_store

    terms = ApprovalTerms(code, lines, uncovered, rate, seconds, distance)
    with open_store(store_path, keeps_state=False) as store, approval_bar() as (told, progress):
        report = play(store, channel, url, terms, datetime.now(UTC), told=told, progress=progress)
    if html is not None:
        from portes.cli.render.approval_page import approval_page

        replace_atomically(html, [approval_page(report).encode()])
    if as_json:
        click.echo(json.dumps(report.to_dict(), indent=2))
    else:
        show_approval(screen(), report)
    sys.exit(0 if report.passed else 1)
