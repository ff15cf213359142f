"""The page docs/settings.md, made from the models of the core and of the workspace's own plugins."""

import tomllib
from collections.abc import Iterable, Iterator
from importlib.metadata import distributions
from pathlib import Path
from typing import Final, TypeVar

from portes.catalogue import CatalogueSettings
from portes.contract import Service
from portes.registry import CARRIERS, CATALOGUES, CHANNELS, RULES, Door, Plugin, Registry
from portes.rules.when import When
from portes.settings import (
    BoxSection,
    CarrierSection,
    KeyReference,
    OriginSection,
    ServiceSection,
    StoreSection,
    reference,
    service_reference,
)

T = TypeVar("T")

_ROOT: Final = Path(__file__).parents[1]

_INTRODUCTION: Final = """\
# Settings

<!-- Made from the code by `make docs`; what is changed here by hand is lost. -->

A store is one TOML file: `portes.toml` in a folder of its own, or any `NAME.toml`.
`examples/demo-store/portes.toml` is one with a comment on every key that it uses.
Paths in it start in the folder of the file.

`portes check FILE` tells everything that is wrong with a file at once: file, key, value and what to write instead.
It also reads the store's tables and catalogue and asks each plugin whether its own keys make sense.
A store with a problem does not start.

## Values from elsewhere

`"${NAME}"` takes the environment variable NAME, also inside a longer text: `"Bearer ${TOKEN}"`.
`"$${"` writes a plain `${`.
`"file:secrets/password"` takes the text of a file, less the line break at its end.
What nobody sees there is refused, since it would be sent along: a byte order mark, a space around the text,
a line break inside, signs that cannot be printed; an empty secret is refused, too.
A public key alone may have its lines, as PEM or as JSON Web Keys.

A secret never stands in the file itself: a key that is called a secret below refuses plain text.
That holds for a carrier that is switched off too.
No message about the settings and no log shows a secret, or what was taken from the environment or from a file:
`"${NAME}"` or `"file:secrets/password"` stands there in its place, and `…` for a number that was made of it.
Short secrets read like words: one of fewer than 16 characters is masked only where it is a whole value or a word of
its own, never in a key or another word. `portes check` advises against those of fewer than 8, and starts all the same.
Keys that you make up for callers have at least 16 characters, such as `openssl rand -base64 32` makes them.

## Files that the settings name

Tables, catalogues, secrets and plugins' files are regular files up to a size: a pipe, a device or a file that is
too large is a problem, and never waited for.
A link in the store's folder may lead to another place in the folder, as a mounted volume of Kubernetes has it
(`..data`); one that leads out of the folder is refused unless `[service]` says `follow_links = true`.
A path that is written to begin elsewhere, such as `file:/run/secrets/password` or `../shared/table.csv`,
is your explicit word, and read.
The settings file itself may be a link, for you name it; it holds at most 4 MiB.

## How values are written

| what | how |
|---|---|
| text | in quotes: `"BR"` |
| postal code | text, so that leading zeros stay: `"01001000"` |
| duration | text with a unit `ms`, `s`, `m`, `h` or `d`: `"400ms"` |
| amount of money | text in the store's currency, with a dot and no more decimals than it has: `"2.50"` |
| other number with a fraction | text as well, where it must be exact: `"4.5"` |
| day | without quotes: `2026-12-24` |
| time of day | `"14:00"`, by the store's clock; a number would be seconds, and is refused |
| country | its two letters in ISO 3166-1: `GB` and not `UK`, `ES` for the Canary Islands too |
| path | with `/` on Windows too: in double quotes `\\t` is a tab |

A file that is not TOML is told by the line, with what to write there.

| written | meant |
|---|---|
| `postal_code = 01001000` | `postal_code = "01001000"`: no number begins with 0 |
| `name = Correios`, `timeout = 4s`, `cut_off = 14:00` | the same in quotes |
| `name = “Correios”` | straight quotes, as on the key |
| `percent = 2,5` | `percent = "2.5"` |
| `[origins]`, twice | `[[origins]]`, two brackets above each; so too `[[rules]]`, `[[carriers.NAME.services]]` |
| `country: "BR"` | `country = "BR"` |

## Calendars and countries

The calendar of the store, and of each origin, is one of its own country.
`MG` is Madagascar and `BR-MG` is Minas Gerais; `portes check` says which is meant.
An origin in another country than the store's needs a `calendar` of its own.
[calendars.md](calendars.md#the-working-week-of-an-origin) says how the working week of an origin is written: its clock,
open and closed days, cut-offs by weekday, and when carriers fetch.

## The catalogue

A catalogue says what a marketplace does not send: a file beside this one, or a database.
[catalogue.md](catalogue.md) says how to set it up, how it is refreshed, and what happens when its source is down.
`catalogue` in `[store]` names a CSV file or a workbook, and is short for the table `[catalogue]` with `use = "file"`.
One SKU stands in each line, under a header.
It is read as [rate tables](tables.md#how-a-file-is-understood) are, and every problem is told at once.
Only amounts are understood one by one: `129.90`, `129,90` and `1.234,56` may stand in one file.
`129.900` and `129,900` could mean two things each.
`catalogue_decimal` in `[store]`, or `decimal` in `[catalogue]`, declares the decimal sign, or the other amounts of the
column tell it.
Where they do not agree or say nothing, such an amount is a problem, and both readings are named.
An empty cell says nothing, and all columns but `sku` may be missing.

| column | what | such as |
|---|---|---|
| `sku` | the shop's SKU, letter for letter | `sku-1234-01` |
| `declared_value` | value of one unit in the store's currency | `129.90`, `129,90` |
| `origins` | [origins](origins.md) that stock it, preferred first, and their units; empty: all | `1 2`, `1:10 2:5` |
| `handling_days` | business days added to the origin's own | `2` |
| `tags` | words for rules to find it by | `oversize fragile` |
| `weight`, `size` | of a unit, where the marketplace tells none | `0.5kg`, `10x10x25cm` |
| `price` | what a unit sells for; its value where none is declared | `129.90` |
| `list_price` | what a unit sells for without any discount | `159.90` |
| `seller` | the seller whose it is, where a catalogue has several | `shop-2` |
"""


def settings_page() -> str:
    """The whole page."""
    return "\n".join([_INTRODUCTION, *_core(), *_catalogues(), *_rules(), *_channels(), *_carriers()]).rstrip() + "\n"


def _core() -> Iterator[str]:
    yield from _section(
        "## `[service]`", "Where and within what limits the store is served.", reference(ServiceSection)
    )
    yield from _section("## `[store]`", "Who sells, where, and how a request is looked at.", reference(StoreSection))
    sentence = "Where parcels leave from; at least one, each with a number of its own."
    yield from _section("## `[[origins]]`", sentence, reference(OriginSection))
    sentence = "The cartons that the store packs into, as many as it has kinds of; [packing](packing.md) explains them."
    yield from _section("## `[[boxes]]`", sentence, reference(BoxSection))
    sentence = (
        "One carrier the store asks, and the engine's keys for it. At least one is active, with an active service. "
        "[Fallbacks](operations.md#fallbacks) says how `fallback_only` and `fallback` work together."
    )
    yield from _section("## `[carriers.NAME]`", sentence, reference(CarrierSection))
    sentence = "The services of a carrier: the engine's keys, and beside them the plugin's own."
    yield from _section("## `[[carriers.NAME.services]]`", sentence, service_reference(Service))


def _catalogues() -> Iterator[str]:
    core = {key.path for key in reference(CatalogueSettings)}
    sentence = "Where the store's catalogue comes from; [catalogue.md](catalogue.md) explains it with examples."
    yield from _section("## `[catalogue]`", sentence, reference(CatalogueSettings))
    for plugin in ours(CATALOGUES):
        own = [key for key in reference(plugin.value.Settings) if key.path not in core]
        yield from _section(f'### `use = "{plugin.name}"`', "Keys of its own, in the same table.", own)


def _rules() -> Iterator[str]:
    yield "## `[[rules]]`\n"
    yield "Each names a rule with `use`; their order is the policy. [rules.md](rules.md) explains them with examples.\n"
    yield from _section("### `[rules.when]`", "The conditions that every rule takes.", reference(When))
    for plugin in ours(RULES):
        keys = [key for key in reference(plugin.value.Settings) if key.path != "use" and "when." not in key.path]
        yield from _section(f'### `use = "{plugin.name}"`', "", keys)


def _channels() -> Iterator[str]:
    yield "## `[channels.NAME]`\n"
    yield "Who may ask; NAME is the channel's own. [channels.md](channels.md) says what each of them speaks.\n"
    for plugin in ours(CHANNELS):
        yield from _section(f"### `[channels.{plugin.name}]`", "", reference(plugin.value.Settings))


def _carriers() -> Iterator[str]:
    core = {key.path for key in reference(Service)}
    yield "## Carriers' own keys\n"
    yield "`[carriers.NAME.settings]` of each plugin, and what its services know beside the engine's keys.\n"
    for plugin in ours(CARRIERS):
        yield from _section(f'### `use = "{plugin.name}"`', "", reference(plugin.value.Settings))
        own = [key for key in service_reference(plugin.value.ServiceSettings) if key.path not in core]
        if own:
            yield from _section("", "Its services:", own)


def ours(door: Door[T]) -> list[Plugin[T]]:
    """The workspace's own plugins: a stranger's, installed beside them, does not belong on the page."""
    rooms = (_ROOT / "core/pyproject.toml", *_ROOT.glob("plugins/*/pyproject.toml"))
    names = {tomllib.loads(room.read_text("utf-8"))["project"]["name"] for room in rooms}
    missing = names - {found.name for found in distributions()}
    if missing:
        raise SystemExit(f"not installed here: {', '.join(sorted(missing))}; make .venv first")
    return [plugin for plugin in Registry().plugins(door) if plugin.distribution in names]


def _section(heading: str, sentence: str, keys: Iterable[KeyReference]) -> Iterator[str]:
    yield from (f"{text}\n" for text in (heading, sentence) if text)
    yield "| key | what | default | meaning |\n|---|---|---|---|"
    yield from map(_row, keys)
    yield ""


def _row(key: KeyReference) -> str:
    default = "*required*" if key.required else f"`{key.default}`" if key.default else ""
    meaning = " ".join(part for part in (f"With `{key.when}`." if key.when else "", key.meaning) if part)
    cells = (f"`{key.path}`", key.type, default, meaning)
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"
