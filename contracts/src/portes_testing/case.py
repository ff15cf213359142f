"""What a plugin declares about itself, once, for the whole suite."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, Literal, get_args
from zoneinfo import ZoneInfo

from portes.contract import Dimensions, FailureKind, Money, Origin, Parcel, Place, RefusalKind, Shipment
from portes.toolbox import StoreFacts
from portes_testing.recordings.exchange import Exchange


class Rated(StrEnum):
    """The outcome that has no kinds."""

    RATE = "rate"


RATE: Final = Rated.RATE

OutcomeKind = Rated | RefusalKind | FailureKind
"""What becomes of one service: a rate, or the kind of its refusal or failure."""

Expected = Mapping[str, OutcomeKind]
"""Codes of services and what becomes of them; every active service of the case stands in it."""

About = Literal["origin", "credentials", "contract", "request"]
"""What of ours can be wrong: where parcels leave, who we say we are, what was agreed with us, how we ask."""
ABOUT: Final[tuple[About, ...]] = get_args(About)

SHORTEST_SECRET: Final = 8


@dataclass(frozen=True, slots=True)
class Absent:
    """An ability that the carrier does not have, and why; the suite then checks that it truly has it not."""

    reason: str

    def __post_init__(self) -> None:
        if not self.reason.strip():
            msg = "say why the ability is absent"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Published:
    """A cassette put together from a public sample instead of recorded."""

    source: str
    """Where the sample stands: document, edition, page."""
    on: date
    """When it was published, or seen."""
    exchanges: tuple[Exchange, ...]
    """Complete: what the plugin asks, in order, and what the sample answers."""
    api_version: str = ""


class Scenario:
    """A question named for its trouble, and what becomes of each service."""

    def __init__(
        self,
        name: str,
        shipments: Shipment | Sequence[Shipment],
        expected: Expected | Sequence[Expected],
        moods: Sequence[str] = (),
        published: Published | None = None,
    ) -> None:
        """Take one shipment or several, and one expectation for all of them or one for each."""
        self.name: Final = name
        """A word such as `one_gram_over`; also the name of its cassette."""
        self.shipments: Final = (shipments,) if isinstance(shipments, Shipment) else tuple(shipments)
        """The shipments of one `quote` call."""
        self.expected: Final = self._for_each(expected)
        """What becomes of each shipment."""
        self.moods: Final = tuple(moods)
        """What the sandbox is put in while it is recorded."""
        self.published: Final = published
        """Given for a cassette that is built, not recorded; the sandbox is then not asked."""

    def _for_each(self, expected: Expected | Sequence[Expected]) -> tuple[Expected, ...]:
        return (expected,) * len(self.shipments) if isinstance(expected, Mapping) else tuple(expected)

    def __repr__(self) -> str:
        return f"Scenario({self.name})"

    def shifted(self, by: timedelta) -> tuple[Shipment, ...]:
        """The shipments, handed over so much later: a live recording is made today."""
        return tuple(each.model_copy(update={"dispatch_date": each.dispatch_date + by}) for each in self.shipments)


@dataclass(frozen=True, slots=True)
class OwnFault:
    """A way in which we are wrong, played by the simulator: never a refusal."""

    name: str
    """A word such as `origin_unknown`."""
    about: About
    """What of ours is wrong."""
    finding: str
    """The `check` of the doctor's finding that names it."""
    moods: tuple[str, ...] = ()
    """What the sandbox is put in."""
    settings: Mapping[str, Any] = field(default_factory=dict)
    """The plugin's keys that are wrong, with their wrong values."""
    shipments: tuple[Shipment, ...] = ()
    """What is asked instead of the case's `served`: from another origin, say."""
    services: tuple[str, ...] = ()
    """Codes of the services that it strikes; empty for all active ones."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """How the carrier gets its access tokens."""

    path: str
    """The path that every token is fetched from."""
    fields: tuple[str, ...]
    """Names of the JSON fields of the answer that hold secrets: `token`, `access_token`, `refresh_token`."""
    lifetime: timedelta
    """After this long a token is certainly of no use."""
    count: int = 1
    """How many tokens one quote of all services needs: one for each posting card, say."""
    rejection: int = 401
    """The status with which the carrier rejects a token in the middle of its life."""
    rejection_body: bytes = b""


@dataclass(frozen=True, slots=True)
class StoreProfile:
    """The store that the carrier works for in the suite."""

    country: str
    currency: str
    timezone: str
    calendar: str
    folder: Path = Path()
    """Where relative paths in the settings start."""
    name: str = "contract"

    def facts(self, state: Path | None = None, origins: Sequence[Origin] = ()) -> StoreFacts:
        """The profile as a carrier gets it, with the places that its parcels leave from."""
        zone, folder = ZoneInfo(self.timezone), self.folder.absolute()
        return StoreFacts(self.name, self.country, self.currency, zone, self.calendar, folder, state, tuple(origins))


@dataclass(frozen=True, slots=True)
class AllowedOutcomes:
    """The outcomes that a carrier may make of a fault, beside answering as if nothing had happened."""

    kinds: frozenset[OutcomeKind]
    because: str = ""
    """Why it differs from the kit's own table; an exception without a reason is refused."""

    @classmethod
    def one_of(cls, *kinds: OutcomeKind, because: str) -> "AllowedOutcomes":
        """An exception from the kit's table, with its reason."""
        if not because.strip():
            msg = "say why this carrier tells the fault differently"
            raise ValueError(msg)
        return cls(frozenset(kinds), because)


@dataclass(frozen=True, kw_only=True, eq=False)
class Case:
    """One plugin under test. See docs/contract-kit.md for a whole example."""

    plugin: str
    """The entry point's name in the group `portes.carriers`; also of its sandbox in `portes.sandboxes`."""
    settings: Mapping[str, Any]
    """The plugin's own keys. Secret ones (`SecretStr`) are the canaries: they must show nowhere."""
    services: Sequence[Mapping[str, Any]]
    store: StoreProfile
    moment: datetime
    """What time it is in the sandbox and in recordings; aware."""
    served: Scenario
    """Every active service gives a rate."""
    unserved: Scenario | Absent
    """A place where no active service goes."""
    too_heavy: Scenario | Absent
    """A parcel beyond the limit of every active service."""
    several: Scenario | Absent
    """Several different parcels in one shipment, priced together."""
    tokens: Tokens | Absent
    more: Sequence[Scenario] = ()
    base_urls: Sequence[str] = ("base_url",)
    """Settings that hold an address of the carrier; each has its public one as default. Empty for one without HTTP."""
    cassettes: Path | None = None
    """The folder of its recordings; None for a carrier without HTTP."""
    secrets: Sequence[str] = ()
    """Further texts that must never show."""
    scrub: Sequence[str] = ()
    """Names of JSON fields, form fields, query parameters and headers whose values cassettes replace."""
    faults: Mapping[str, AllowedOutcomes] = field(default_factory=dict)
    """Exceptions from the kit's table: by fault (`redirect`) or fault and path (`redirect /token`)."""
    echo: str = ""
    """The JSON field of a question that takes a number of `tools.numbers`, and of its answer that sends it back."""
    own_faults: Sequence[OwnFault] | Absent = ()
    """Ways in which we are wrong; a carrier with HTTP has one at least for each thing that an own fault is about."""
    blameless: Mapping[About, str] = field(default_factory=dict)
    """What of ours this carrier cannot find wrong, and why: `{"contract": "it makes none"}`."""
    api_version: str = ""
    """Of the carrier's API, as its documents call it; stands in the provenance of recordings."""
    timeout: float = 0.4
    """Seconds that the carrier is given where a fault makes it wait."""
    carrier: type | None = None
    """The class itself, for one that is not installed: then it is not looked up by its entry point."""
    sandbox: Callable[..., Any] | None = None
    """The sandbox's class, when it is not installed either."""

    def __post_init__(self) -> None:
        problems = [*self._problems()]
        if problems:
            raise ValueError("; ".join(problems))

    @property
    def scenarios(self) -> tuple[Scenario, ...]:
        """All of them, the ones every plugin has first."""
        named = (self.served, self.unserved, self.too_heavy, self.several)
        return (*(each for each in named if isinstance(each, Scenario)), *self.more)

    @property
    def origins(self) -> tuple[Origin, ...]:
        """The places that its scenarios ship from: one of each number, as the store has them."""
        shipments = (shipment for scenario in self.scenarios for shipment in scenario.shipments)
        return tuple({shipment.origin.id: shipment.origin for shipment in reversed([*shipments])}.values())

    @property
    def known_own_faults(self) -> tuple[OwnFault, ...]:
        """The own faults that it declares, none where they are absent."""
        return () if isinstance(self.own_faults, Absent) else tuple(self.own_faults)

    @property
    def active(self) -> tuple[str, ...]:
        """Codes of the active services."""
        return tuple(str(service["code"]) for service in self.services if service.get("active", True))

    def scenario(self, name: str) -> Scenario:
        """The scenario of this name. Raises `KeyError`."""
        return {each.name: each for each in self.scenarios}[name]

    def allowed(self, fault: str, path: str) -> AllowedOutcomes | None:
        """The plugin's exception for a fault on a path, when it declares one."""
        return self.faults.get(f"{fault} {path}") or self.faults.get(fault)

    def _problems(self) -> Collection[str]:
        names = [scenario.name for scenario in self.scenarios]
        twins = {name for name in names if names.count(name) > 1}
        found = [f"two scenarios are named {name!r}" for name in sorted(twins)]
        if self.moment.tzinfo is None:
            found.append("the moment needs a time zone")
        if bool(self.cassettes) != bool(self.base_urls):
            found.append("cassettes and base_urls go together: a carrier with HTTP has both, one without has neither")
        found += [problem for scenario in self.scenarios for problem in self._misfits(scenario)]
        return [*found, *self._misdeclared()]

    def _misdeclared(self) -> Iterator[str]:
        """What contradicts itself among the own faults."""
        names = [own.name for own in self.known_own_faults]
        yield from (f"two own faults are named {name!r}" for name in sorted({n for n in names if names.count(n) > 1}))
        for own in self.known_own_faults:
            if own.about in self.blameless:
                yield f"own fault {own.name!r} is about the {own.about}, which the case calls blameless"
            if not (own.moods or own.settings or own.shipments):
                yield f"own fault {own.name!r} has nothing wrong: give it moods, settings or shipments"
            for code in sorted({*own.services} - {*self.active}):
                yield f"own fault {own.name!r}: service {code!r} is not active"
        yield from (f"say why the {about} is blameless" for about, why in self.blameless.items() if not why.strip())

    def _misfits(self, scenario: Scenario) -> Collection[str]:
        if len(scenario.expected) != len(scenario.shipments):
            return [f"scenario {scenario.name!r} expects {len(scenario.expected)} answers to {len(scenario.shipments)}"]
        lost = {code for each in scenario.expected for code in {*self.active} ^ {*each}}
        return [
            f"scenario {scenario.name!r}: service {code!r} is not both active and expected" for code in sorted(lost)
        ]


def parcel(
    weight: int,
    length: int,
    width: int,
    height: int,
    *,
    value: str | Money | None = None,
    count: int = 1,
    units: int | None = None,
) -> Parcel:
    """A parcel from grams and millimetres; its value as money or as text such as `100.00 BRL`."""
    worth = _money(value) if isinstance(value, str) else value
    size = Dimensions(length=length, width=width, height=height)
    return Parcel(weight=weight, size=size, value=worth, count=count, lines=(0,), units=units)


def _money(text: str) -> Money:
    amount, _, currency = text.partition(" ")
    return Money.parse(amount, currency, decimal=".")


def shipment(name: str, *parcels: Parcel, origin: Origin, to: Place, on: date) -> Shipment:
    """A shipment with this id."""
    return Shipment(id=name, parcels=parcels, origin=origin, place=to, dispatch_date=on)


__all__ = [
    "ABOUT",
    "RATE",
    "About",
    "Absent",
    "AllowedOutcomes",
    "Case",
    "Expected",
    "OutcomeKind",
    "OwnFault",
    "Published",
    "Scenario",
    "StoreProfile",
    "Tokens",
    "parcel",
    "shipment",
]
