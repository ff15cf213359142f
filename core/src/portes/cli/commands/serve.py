"""`portes serve`: the HTTP service of one or more stores."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from portes.web.processes.serving import Addresses


@click.command()
@click.argument("stores", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--host", default="127.0.0.1", show_default=True, help="Address that marketplaces call.")
@click.option(
    "--port", default=8080, show_default=True, type=click.IntRange(0, 65535), help="Its port; 0 takes a free one."
)
@click.option(
    "--admin-host", default="127.0.0.1", show_default=True, help="Address of readiness, metrics and documents."
)
@click.option(
    "--admin-port", default=9080, show_default=True, type=click.IntRange(0, 65535), help="Its port; 0 takes a free one."
)
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 256), help="Processes that answer.")
@click.option(
    "--log-level",
    default="info",
    show_default=True,
    type=click.Choice(["debug", "info", "warning", "error"]),
    help="Least important lines that are still logged.",
)
@click.option("--strict", is_flag=True, help="Start only when every store is right.")
def serve(
    stores: tuple[Path, ...],
    host: str,
    port: int,
    admin_host: str,
    admin_port: int,
    workers: int,
    log_level: str,
    strict: bool,  # noqa: FBT001 — click hands flags over as values
) -> None:
    """Answer marketplaces over HTTP.

    STORES are store files, their folders, or a folder of them; those that are wrong are told in the log and left out.
    The log goes to standard output, one JSON object per line. SIGTERM finishes the calls under way, then stops.
    """
    from portes.settings import find_store_files
    from portes.web.processes.serving import ServiceOptions, serve_until_stopped

    find_store_files(stores)  # a path without a store is told before anything else
    stopped = serve_until_stopped(
        ServiceOptions(stores, host, port, admin_host, admin_port, workers, log_level, strict), say_where
    )
    sys.exit(0 if stopped else 1)


def say_where(addresses: "Addresses") -> None:
    """Tell a person that the service answers, and where."""
    click.echo(f"Answering on {addresses.public}, for operators on {addresses.admin}. Ctrl-C stops.", err=True)
