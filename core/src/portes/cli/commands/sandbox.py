"""`portes sandbox`: a carrier's simulator, served on loopback."""

import threading

import click

from portes.errors import Problem, SettingsError
from portes.simulators.serving import HOST, build_sandbox, serving


@click.command()
@click.argument("name")
@click.option(
    "--port", default=0, show_default=True, type=click.IntRange(0, 65535), help="Its port; 0 takes a free one."
)
@click.option("--host", default=HOST, show_default=True, help="Its address.")
@click.option(
    "--mood", "moods", multiple=True, help="What to put it in: slow, throttled, …; may be given several times."
)
def sandbox(name: str, port: int, host: str, moods: tuple[str, ...]) -> None:
    """Serve the simulator of the carrier plugin NAME until Ctrl-C.

    Set the carrier's `base_url` to the address it prints. Prices are the simulator's own.
    """
    application = build_sandbox(name, moods)
    try:
        with serving(application, port, host) as taken:
            in_moods = f" ({', '.join(moods)})" if moods else ""
            click.echo(f"{name}{in_moods} is simulated on http://{host}:{taken}. Ctrl-C stops.")
            threading.Event().wait()
    except OSError as error:
        problem = Problem("port", f"{host}:{port}", f"cannot be listened on: {error.strerror}", "choose another, or 0")
        raise SettingsError(problem) from None
    except KeyboardInterrupt:
        click.echo("Stopped.")
