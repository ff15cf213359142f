"""`portes tables audit`: what is odd about a rate table."""

import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from portes.cli.commands.tables.declared import declared, read_options
from portes.cli.commands.tables.store_option import store_option

if TYPE_CHECKING:
    from portes.tables.audit.auditing import AuditReport
    from portes.tables.audit.kinds import Severity
    from portes.tables.progress import Progress


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
@click.argument("source")
@click.option("--format", "format_name", default="", help="How the file is laid out.  [default: found out]")
@store_option
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
    *, source: str, format_name: str, store_path: Path, as_json: bool, html: Path | None, fix: Path | None,
    fix_guesses: bool, only: tuple[str, ...], fail_on: "Severity", **others: Any,  # noqa: ANN401 — see read_options
) -> None:  # fmt: skip
    """Find what is odd about the rate table SOURCE, also one that `check` takes for sound.

    SOURCE is a file, or a version that a store keeps (contract@3, or contract for the one in force).

    Prints each finding with its rows, the damage and what to do. Exit code 0 when nothing is worse than advice, 1
    when something is, 2 when the file cannot be read.
    """
    from portes.cli.render.audit import audit_json, audit_lines, mended_lines, unread_json
    from portes.cli.render.audit_page import audit_page
    from portes.cli.render.progress import shown_progress
    from portes.errors import SettingsError, escaped
    from portes.tables.audit.mending import MendChoice, mend_table

    if (fix_guesses or only) and fix is None:
        raise click.UsageError("--fix-guesses and --only say what goes into the copy; name one with --fix")
    _check_targets(Path(source), fix, html)
    try:
        with shown_progress() as progress:
            report = _audited(source, format_name, store_path, others, progress)
            mended = mend_table(report, MendChoice(guesses=fix_guesses, only=only), progress) if fix else None
    except SettingsError as error:
        lines = [unread_json(source, error.problems)] if as_json else map(escaped, str(error).split("\n"))
        click.echo("\n".join(lines))
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


def _audited(
    source: str, format_name: str, store: Path, given: Mapping[str, Any], progress: "Progress"
) -> "AuditReport":
    """The audit of the file or the version that is meant. Raises `SettingsError` for one that cannot be read."""
    from portes.cli.kept_tables import kept_tables, means_version
    from portes.tables.audit.auditing import audit_kept, audit_table

    if not means_version(source):
        return audit_table(Path(source), format_name, read_options(**given), progress)
    _refuse_declarations(source, ("format_name", *given))
    with kept_tables(store) as kept:
        return audit_kept(kept.versions.table_source(kept.version(source)), progress)


def _refuse_declarations(source: str, names: Iterable[str]) -> None:
    """See that nothing is declared about a version: it is read as it was imported, and nothing else is in force."""
    context = click.get_current_context()
    for name in names:
        if context.get_parameter_source(name) is ParameterSource.COMMANDLINE:
            option = next(one.opts[0] for one in context.command.params if one.name == name)
            cause = f"{source} is read with what was declared when it was imported"
            raise click.UsageError(f"{cause}; take {option} out, or import the file again with it")


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
