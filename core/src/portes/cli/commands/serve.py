"""`portes serve`: the HTTP service of one or more stores."""

import sys
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from portes.web.processes.serving import Addresses

Network = IPv4Network | IPv6Network


def _networks(_context: click.Context, _option: click.Parameter, values: tuple[str, ...]) -> tuple[Network, ...]:
    try:
        return tuple(ip_network(value) for value in values)
    except ValueError as error:
        raise click.BadParameter(
            f"{error}; write an address such as 10.0.0.5, or a network such as 10.1.0.0/16"
        ) from None


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
@click.option(
    "--admin-name", "admin_names", multiple=True, help="A name by which the admin address is called; may be repeated."
)
@click.option("--workers", default=1, show_default=True, type=click.IntRange(1, 256), help="Processes that answer.")
@click.option(
    "--connections", default=1000, show_default=True, type=click.IntRange(1), help="Open at once in one worker."
)
@click.option(
    "--connections-per-address",
    default=100,
    show_default=True,
    type=click.IntRange(0),
    help="Of these from one address, loopback and proxies apart; 0 for no cap.",
)
@click.option(
    "--proxy",
    "proxies",
    multiple=True,
    callback=_networks,
    help="Address or network of a proxy, which may open as many as it likes; may be repeated.",
)
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
    connections: int,
    connections_per_address: int,
    proxies: tuple[Network, ...],
    **options: Any,  # noqa: ANN401 -- what is left goes on as it is named
) -> None:
    """Answer marketplaces over HTTP.

    STORES are store files, their folders, or a folder of them; those that are wrong are told in the log and left out.
    The log goes to standard output, one JSON object per line. SIGTERM finishes the calls under way, then stops.
    """
    from portes.settings import find_store_files
    from portes.web.processes.limits import Limits
    from portes.web.processes.serving import ServiceOptions, serve_until_stopped

    find_store_files(stores)  # a path without a store is told before anything else
    limits = Limits(connections=connections, connections_per_address=connections_per_address, proxies=proxies)
    stopped = serve_until_stopped(ServiceOptions(stores, limits=limits, **options), say_where)
    sys.exit(0 if stopped else 1)


def say_where(addresses: "Addresses") -> None:
    """Tell a person that the service answers, and where."""
    click.echo(f"Answering on {addresses.public}, for operators on {addresses.admin}. Ctrl-C stops.", err=True)
