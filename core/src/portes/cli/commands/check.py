"""`portes check`: everything that would keep stores from starting; it starts none."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from portes.errors import Problem


@click.command()
@click.argument("stores", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print the problems as JSON.")
def check(stores: tuple[Path, ...], as_json: bool) -> None:  # noqa: FBT001 — click hands flags over as values
    """Say everything that would keep STORES from starting.

    STORES are store files, their folders, or a folder of them. Every problem is told at once, with file, key,
    value and fix. Exit code 2 when there is any. What else should be looked at follows, such as short secrets.
    Nothing is written, not even to a state folder.
    """
    from portes.errors import escaped_json

    problems, advice = _looked_at(stores)
    if as_json:
        told = {"problems": [asdict(each) for each in problems], "advice": [asdict(each) for each in advice]}
        click.echo(escaped_json(json.dumps(told, ensure_ascii=False, indent=2)))
    else:
        _print_problems(stores, problems)
        for each in advice:
            click.echo(f"Please look: {each}.")
    sys.exit(2 if problems else 0)


def _looked_at(stores: Sequence[Path]) -> tuple[Sequence["Problem"], Sequence["Problem"]]:
    """What keeps the stores from starting; where nothing does, what should be looked at all the same."""
    from portes.cli.logs import log_to_stderr
    from portes.errors import SettingsError
    from portes.store import open_stores

    log_to_stderr()
    advice: list[Problem] = []
    try:
        for store in open_stores(stores, keeps_state=False).values():
            advice += store.advice
            store.close()
    except SettingsError as error:
        return error.problems, ()
    return (), advice


def _print_problems(stores: Sequence[Path], problems: Sequence["Problem"]) -> None:
    for problem in problems:
        click.echo(problem)
    if problems:
        click.echo(f"\n{len(problems)} problem{'s' if len(problems) > 1 else ''} to mend.", err=True)
    else:
        named = ["this folder" if store == Path() else str(store) for store in stores]
        click.echo(f"Nothing to mend in {', '.join(named)}.")
