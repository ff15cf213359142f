"""Arguments and options that several commands share: the same words mean the same, and read the same in their help."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def store_option(metavar: str, what: str) -> Callable[[Command], Command]:
    """`--store`, which takes this folder when it is left out; `what` is the sentence about it, without its end."""
    return click.option(
        "--store",
        "store_path",
        metavar=metavar,
        default=".",
        type=click.Path(path_type=Path),
        help=f"{what}.  [default: this folder]",
    )


def question_options(channel_words: str) -> Callable[[Command], Command]:
    """A question's file, its store, and the channel whose words something is in: `channel_words` says what."""

    def added(command: Command) -> Command:
        channel = click.option("--channel", "channel_name", metavar="NAME", help=f"The channel whose {channel_words}.")
        store = store_option("FILE", "The store's file, or its folder")
        return _request_file(store(channel(command)))

    return added


def item_option(what: str) -> Callable[[Command], Command]:
    """`--item`, as often as there are lines."""
    return click.option("--item", "items", metavar="ITEM", multiple=True, help=f"{what}; repeat for more.")


def receipt_options(command: Command) -> Command:
    """The id of a quote, and the stores among whose receipts it is looked for."""
    return _receipt_name(store_option("STORES", "The store's file or folder, or a folder of stores")(command))


svg_option = click.option(
    "--svg",
    "picture",
    metavar="FILE",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Draw the boxes with the units in their places, layer by layer.",
)
_request_file = click.argument("request_file", metavar="[REQUEST]", required=False, type=click.File("rb"))
_receipt_name = click.argument("name", metavar="ID")
