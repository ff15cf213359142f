"""`portes tables audit`: what is odd about a rate table."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from portes.cli.commands.tables.declared import declared, read_options

if TYPE_CHECKING:
    from portes.tables.audit.kinds import Severity


def _codes(_context: click.Context, _option: click.Parameter, given: str | None) -> tuple[str, ...]:
    from portes.tables.audit.kinds import KINDS

    codes = tuple(filter(None, (code.strip() for code in (given or "").split(","))))
    for code in codes:
        if code not in KINDS:
            raise click.BadParameter(f"{code} is no finding; choose among {', '.join(KINDS)}")
        if KINDS[code].mend == "person":
            raise click.BadParameter(f"{code} is for a person to mend: {KINDS[code].fix}")
    return codes


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--format", "format_name", default="", help="How the file is laid out.  [default: found out]")
@declared
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@click.option("--html", type=click.Path(path_type=Path), help="Write the report as one page to this file.")
@click.option("--fix", type=click.Path(path_type=Path), help="Write a corrected copy, in the format plain.")
@click.option("--fix-guesses", is_flag=True, help="Mend in the copy what has a likely answer, too.")
@click.option("--only", callback=_codes, metavar="CODE,…", help="Mend these findings in the copy and no others.")
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "advice"]),
    default="warning",
    show_default=True,
    help="Exit with 1 when a finding is at least this bad.",
)
def audit(
    file: Path, format_name: str, *, as_json: bool, html: Path | None, fix: Path | None, fix_guesses: bool,
    only: tuple[str, ...], fail_on: "Severity", **others: Any,  # noqa: ANN401 — see read_options
) -> None:  # fmt: skip
    """Find what is odd about the rate table FILE, also one that `check` takes for sound.

    Prints each finding with its rows, the damage and what to do. Exit code 0 when nothing is worse than advice, 1
    when something is, 2 when the file cannot be read.
    """
    from portes.cli.render.audit import audit_json, audit_lines, mended_lines, unread_json
    from portes.cli.render.audit_page import audit_page
    from portes.cli.render.audit_progress import audit_bar
    from portes.errors import SettingsError, escaped
    from portes.tables.audit.auditing import audit_table
    from portes.tables.audit.mending import MendChoice, mend_table

    if (fix_guesses or only) and fix is None:
        raise click.UsageError("--fix-guesses and --only say what goes into the copy; name one with --fix")
    _check_targets(file, fix, html)
    options = read_options(**others)
    try:
        with audit_bar() as progress:
            report = audit_table(file, format_name, options, progress)
            mended = mend_table(report, MendChoice(guesses=fix_guesses, only=only), progress) if fix else None
    except SettingsError as error:
        click.echo(unread_json(file, error.problems) if as_json else escaped(str(error)))
        sys.exit(2)
    if fix and mended:
        _write(fix, mended.content, "--fix")
    if html:
        _write(html, audit_page(report, mended).encode(), "--html")
    if as_json:
        click.echo(audit_json(report, mended))
    else:
        for line in (*audit_lines(report), *(mended_lines(mended, fix) if mended else ())):
            click.echo(escaped(line))
    sys.exit(1 if report.worse_than(fail_on) else 0)


def _check_targets(file: Path, fix: Path | None, html: Path | None) -> None:
    """See that nothing is written over: neither the table, nor what stands where the copy is to be."""
    if fix is not None and fix.exists():
        raise click.BadParameter(f"{fix} is there already; name a new file", param_hint="--fix")
    if html is not None and (html == fix or (html.exists() and file.exists() and html.samefile(file))):
        raise click.BadParameter(f"{html} is the table, or its copy; name another file", param_hint="--html")


def _write(path: Path, content: bytes, option: str) -> None:
    """Write a file whole or not at all; a folder that takes nothing ends the command."""
    from portes.files import replace_atomically

    try:
        replace_atomically(path, content, mode=0o644)
    except OSError as error:
        raise click.BadParameter(f"{path} cannot be written: {error.strerror}", param_hint=option) from None
