"""`portes slo`: how a running service's channels did against their targets, and whose fault the rest was."""

import json
import sys

import click

from portes.cli.admin_client import admin_option, admin_page
from portes.errors import escaped_json


@click.command()
@admin_option
@click.option("--json", "as_json", is_flag=True, help="Print what the service says as JSON.")
def slo(admin: str, as_json: bool) -> None:  # noqa: FBT001 — click hands flags over as values
    """Say how each channel of a running service did over the last 5 minutes, hour, 6 hours, day and month.

    Below that, which carriers stopped or recovered, and which files it refused.

    Exit code 1 when a channel missed its target in a window, 2 when no service answers.
    """
    from portes.cli.render.circuits import standing
    from portes.cli.render.slo import show_channels

    channels = admin_page(admin, "/slo", "channels")["channels"]
    if as_json:
        click.echo(escaped_json(json.dumps({"channels": channels}, ensure_ascii=False, indent=2)))
    else:
        show_channels(channels)
        for line in standing(admin_page(admin, "/readyz", "stores")):
            click.echo(line)
    sys.exit(0 if all(channel["met"] for channel in channels) else 1)
