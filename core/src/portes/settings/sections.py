"""Every setting of the core, its default and its sentence."""

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Final, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from portes.contract import Origin
from portes.contract.base import Day, Days, Natural, Positive, ShopNumber
from portes.contract.bounds import LARGEST_ID, MOST_LINES, MOST_SERVICES, MOST_UNITS
from portes.contract.durations import Duration
from portes.contract.money import Currency, meant_currency
from portes.contract.places import Country
from portes.contract.suggestions import nearest
from portes.packing.protocol import Carton
from portes.rules.amounts import Amount, Percent
from portes.settings.hours import BusyHours
from portes.settings.messages import unfit
from portes.settings.schema import renamed_keys

_CLOCKS: Final = ("Africa", "America", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
_TOWNS_ALIKE: Final = 70


def _known_timezone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        raise unfit("is no time zone we know", f"write one such as {_meant_timezone(name)}") from None
    return name


def _meant_timezone(name: str) -> str:
    """The zone of a town that is called alike: zones that only share a continent or `GMT` have other clocks."""
    towns = {
        zone.rpartition("/")[2]: zone for zone in sorted(available_timezones()) if zone.partition("/")[0] in _CLOCKS
    }
    town = name.rpartition("/")[2]
    near = [] if any(map(str.isdigit, town)) else nearest(town, towns, likeness=_TOWNS_ALIKE)
    return towns[near[0]] if near else "America/Sao_Paulo or Europe/Madrid"


def _known_currency(name: object) -> object:
    if not isinstance(name, str) or meant_currency(name) == name:
        return name
    raise unfit(
        "is no currency", f"write {meant_currency(name) or 'the three letters of ISO 4217, such as BRL or EUR'}"
    )


TimezoneChoice = Annotated[str, AfterValidator(_known_timezone)]
CurrencyChoice = Annotated[Currency, BeforeValidator(_known_currency)]

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$")]
"""A name that may stand in a URL: letters, digits, hyphens and underscores."""


class Section(BaseModel):
    """Base of the core's settings: frozen, unknown keys refused."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class ReceiptsSection(Section):
    """`[service.receipts]`: what is kept of every quote, in the state folder; without one there are no receipts."""

    keep: bool = Field(default=True, description="Whether a receipt of every quote is kept.")
    days: Annotated[Positive, Field(le=3660)] = Field(30, description="Days after which a receipt is deleted.")
    queue: Annotated[Positive, Field(le=1_000_000)] = Field(
        10_000,
        description="Most receipts waiting to be written; one more is not kept, and counted as lost.",
    )
    queue_bytes: Annotated[Positive, Field(ge=1_048_576, le=2**40)] = Field(
        67_108_864, description="Bytes of waiting receipts in one worker, from which on one more is not kept either."
    )


class ServiceSection(Section):
    """`[service]`: where and within what limits the store is served."""

    state: str | None = Field(
        None,
        description="Folder for what must survive a restart (tokens, compiled tables, receipts), from this file's "
        "folder.",
    )
    receipts: ReceiptsSection = Field(ReceiptsSection(), description="What is kept of every quote.")
    keep_cache: bool = Field(
        default=False,
        description="Whether carriers' remembered answers are kept in the state folder, for the time after a restart.",
    )
    follow_links: bool = Field(
        default=False,
        description="Whether links in the store's folder may lead out of it, to a table, a catalogue or a secret; a "
        "path written to begin elsewhere is read anyway.",
    )
    max_body: Annotated[Positive, Field(le=67_108_864)] = Field(
        262_144, description="Largest request body that is read, in bytes."
    )
    max_calls: Annotated[Positive, Field(le=10_000)] = Field(
        256,
        description="Most calls of the store that one worker quotes at once; one more gets an early 503, so that the "
        "marketplace falls back to its own table at once.",
    )
    availability: Annotated[Percent, Field(gt=0, lt=100)] = Field(
        Decimal("99.9"),
        description="Percent of a channel's answers that are to be of use and in time; `portes slo` measures against "
        'it: `"99.9"`.',
    )


class StoreSection(Section):
    """`[store]`: who sells, where, and how a request is looked at."""

    name: Name | None = Field(
        None,
        description="Name in URLs and logs; when left out, the folder's name for `portes.toml`, else the file's.",
    )
    country: Country = Field(description="ISO 3166 code of the country that the store sells in: `BR`, `ES`.")
    currency: CurrencyChoice = Field(description="ISO 4217 code of the currency of every price: `BRL`, `EUR`.")
    timezone: TimezoneChoice = Field(description="Time zone of the store's clock: `America/Sao_Paulo`.")
    calendar: str = Field(description="Business calendar of the store: a country `BR` or a region `BR-SP`.")
    closed_days: tuple[Day, ...] = Field((), description="Days on which nothing leaves, beside the holidays.")
    lines: Literal["each", "together"] = Field(
        "each",
        description="`each`: every line is a shipment of its own, from the first origin that stocks it; `together`: "
        "one shipment per origin, from as few origins as stock all lines.",
    )
    origins_tried: Literal["first", "next", "all"] | None = Field(
        None,
        description="Of the origins that stock a line: `first`, only the first is asked; `next`, where it refuses a "
        "delivery type, the next one is asked for that type; `all`, all are asked at once, and each type comes from "
        "the cheapest. When left out, `next` for items whose origins the catalogue names, and `first` for others.",
    )
    most_origins: Annotated[Positive, Field(le=10)] = Field(
        3, description="Most origins, or sets of origins, that are tried for a line; of those beyond nothing is known."
    )
    next_origin_after: Literal["refusal", "failure"] = Field(
        "refusal",
        description="What has the next origin asked: a `refusal` of a type, or a `failure` too, after their fallbacks.",
    )
    split_lines: bool = Field(
        default=False,
        description="Send a line in parts, from as few origins as possible, where no single one has all its units and "
        "the catalogue says how many they have.",
    )
    allow_zero_measures: bool = Field(
        default=False, description="Quote items whose weight or size is zero, instead of refusing the request."
    )
    pre_sale_days: Days = Field(0, description="Business days added to the handling of a pre-sale item.")
    catalogue: str | None = Field(
        None,
        description="CSV file or workbook with what the shop knows of each SKU, beside this file: the short form of "
        '`[catalogue]` with `use = "file"`.',
    )
    catalogue_decimal: Literal[".", ","] | None = Field(
        None,
        description="Decimal sign of the catalogue's amounts, for those that could mean two things (`129.900`); "
        "otherwise the other amounts of the column tell it.",
    )
    unknown_sku: Literal["quote", "refuse", "unknown"] = Field(
        "quote",
        description="What becomes of a SKU that the catalogue does not name: `quote` asks the carriers all the same, "
        "where the marketplace tells its weight and size, `refuse` answers that it is not served, `unknown` that "
        "nobody could find out.",
    )
    packaging_cost: Literal["absorbed", "charged"] = Field(
        "absorbed",
        description="What cartons cost (`[[boxes]]`): `absorbed` by the shop, whatever an offer's price; `charged`, "
        "added to what the carrier costs, before the rules.",
    )
    cubic_divisor: Annotated[Positive, Field(le=1_000_000)] = Field(
        6000,
        description='cm³ per kg by which a joint price is apportioned to its lines, for `lines = "together"`; '
        "carriers have cubic factors of their own.",
    )
    cache_size: Annotated[Positive, Field(le=10_000_000)] = Field(
        20_000,
        description="Most questions to carriers whose answers are remembered, all carriers together.",
    )
    cache_bytes: Annotated[Positive, Field(ge=1_048_576, le=2**40)] = Field(
        134_217_728,
        description="Most bytes that these answers take in the memory of one worker, by and large; what alone takes "
        "more is not remembered.",
    )
    calls_at_once: Annotated[Positive, Field(le=10_000)] = Field(
        256,
        description="Carrier calls under way or waiting, all carriers together, from which on a question is `busy`; "
        "one that is taken makes all its calls.",
    )
    max_units: Annotated[Positive, Field(le=MOST_UNITS)] = Field(
        10_000, description="Most units in one request, all lines together."
    )
    max_lines: Annotated[Positive, Field(le=MOST_LINES)] = Field(200, description="Most lines in one request.")


class CacheTtl(Section):
    """`[carriers.NAME.cache]`: how long a carrier's outcomes may be used, in seconds; one without I/O needs none."""

    model_config = ConfigDict(
        json_schema_extra=renamed_keys(refresh="stale_while_revalidate", failing="stale_if_error")
    )

    fresh: Duration = Field(900.0, description="A rate this young is as good as asking; `0s` asks every time.")
    stale_while_revalidate: Duration = Field(
        7200.0, description="A rate this young is used while the carrier is asked again behind the answer."
    )
    stale_if_error: Duration = Field(86_400.0, description="A rate this young replaces a failure; `0s` never does.")
    refusals: Duration = Field(
        3600.0, description="A refusal this young is as good as asking; older ones are not used."
    )


class BreakerSettings(Section):
    """`[carriers.NAME.circuit]`: when the circuit of a failing carrier opens and when it is probed, in seconds."""

    failures: Annotated[Positive, Field(le=1_000_000)] = Field(
        5, description="Failed calls in a row after which it is not asked for a while."
    )
    pause: Duration = Field(10.0, description="How long it is not asked before one question probes it.")
    credentials_pause: Duration = Field(
        300.0, description="The same once it rejected our credentials; new ones take carriers minutes to hours."
    )


class BulkSection(Section):
    """`[carriers.NAME.bulk]`: at what pace a carrier is asked for a whole table; live quotes take no heed of it."""

    calls_a_minute: Annotated[Positive, Field(le=100_000)] = Field(
        60,
        description="Most calls a minute over the network. One a second is less than a shop asks at its busiest, so "
        "that a table leaves room for live quotes in whatever the contract allows.",
    )
    at_once: Annotated[Positive, Field(le=100)] = Field(2, description="Most calls at once.")
    busy: BusyHours = Field(
        (),
        description='Hours of the store\'s day in which it is not asked for a table: `["08:00-20:00"]`; none when left '
        "out.",
    )


class CarrierSection(Section):
    """`[carriers.NAME]`: one carrier the store asks, and the engine's keys for it."""

    model_config = ConfigDict(
        json_schema_extra=renamed_keys(patience="timeout", standby="fallback_only", contingency="fallback")
    )

    use: str = Field(description="Name of the installed carrier plugin (see `portes carriers`).")
    id: Annotated[Natural, Field(le=LARGEST_ID)] = Field(
        description="Your own number of this carrier, told to marketplaces; unique in the store."
    )
    name: Annotated[str, Field(min_length=1, max_length=200)] = Field(
        "", description="What marketplaces and people call it; the NAME of the heading when left out."
    )
    active: bool = Field(default=True, description="Whether it is asked at all.")
    origins: tuple[ShopNumber, ...] = Field(
        (), description="Numbers of the origins that it fetches from; all of them when left out."
    )
    timeout: Annotated[Duration, Field(gt=0)] = Field(
        4.0, description="How long its answer is waited for before it counts as late."
    )
    packer: str | None = Field(
        None,
        description="How items become parcels: the name of a packer. When left out, `totals` for carriers that price "
        "totals; for those that price parcels `boxes` where the store has cartons (`[[boxes]]`), else `stack`.",
    )
    kilo_price: Annotated[Amount, Field(gt=0)] | None = Field(
        None,
        description='What a billed kilogram costs with it by and large, such as `"4.50"`: cartons are then chosen by '
        "billed weight and their own cost added up in money. When left out, billed weight comes before their cost.",
    )
    threads: Annotated[Positive, Field(le=1_000)] = Field(
        8, description="Most calls to it at once; carriers that answer without I/O need none."
    )
    fallback_only: bool = Field(
        default=False, description="Whether it is asked only in place of a failed carrier that names it."
    )
    fallback: str | None = Field(
        None,
        description="NAME of the fallback carrier whose rates replace failures of this one, for delivery types of which"
        " it has no rate of its own.",
    )
    cache: CacheTtl = Field(CacheTtl(), description="How long its answers are remembered.")
    circuit: BreakerSettings = Field(BreakerSettings(), description="When it is no longer asked.")
    bulk: BulkSection = Field(BulkSection(), description="At what pace it is asked for a whole table.")
    queue: Annotated[Natural, Field(le=10_000)] = Field(
        32,
        description="Calls waiting for one of these threads, from which on a question is `busy` at once; one that is "
        "taken makes all its calls.",
    )
    settings: dict[str, Any] = Field({}, repr=False, description="The plugin's own keys: `[carriers.NAME.settings]`.")
    services: tuple[dict[str, Any], ...] = Field(
        (),
        max_length=MOST_SERVICES,
        repr=False,
        description="`[[carriers.NAME.services]]`: the engine's keys and the plugin's own.",
    )


class RuleEntry(Section):
    """`[[rules]]`: one rule; inside a phase their order is the policy."""

    use: str = Field(description="Name of the rule; the other keys are the rule's own.")
    table: dict[str, Any] = Field(repr=False)
    """The whole table as it stands in the file, `use` among its keys, references not yet replaced."""


class StoreFile(Section):
    """One store's file, as far as it can be understood without plugins.

    The plugins' tables (`carriers[…].settings`, `.services`, `rules[…].table`, `channels`) stand here as in
    the file, references not replaced: `plugin_settings` and `service_settings` make models of them.
    """

    name: str
    file: Path
    service: ServiceSection
    store: StoreSection
    origins: tuple[Origin, ...]
    cartons: tuple[Carton, ...]
    """From `[[boxes]]`, in the order of the file."""
    carriers: dict[str, CarrierSection]
    rules: tuple[RuleEntry, ...]
    channels: dict[str, dict[str, Any]] = Field(repr=False)
    catalogue_table: dict[str, Any] | None = Field(None, repr=False)
    """`[catalogue]` as it stands in the file; None where there is none."""

    @property
    def folder(self) -> Path:
        """Where the file stands; relative paths start here."""
        return self.file.parent

    @property
    def state(self) -> Path | None:
        """The state folder, when one is set; nobody made it yet."""
        return None if self.service.state is None else self.folder / self.service.state

    @property
    def catalogue(self) -> Path | None:
        """The catalogue's file, when one is set in `[store]`."""
        return None if self.store.catalogue is None else self.folder / self.store.catalogue
