"""The doors that plugins come through, and names of installed plugins made into what they name."""

import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint
from traceback import format_exception
from typing import TYPE_CHECKING, Any, ClassVar, Final, Generic, NamedTuple, Protocol, TypeVar

from portes.contract.suggestions import did_you_mean, nearest
from portes.errors import Problem, SettingsError, crash_place, crash_words, pass_interrupt
from portes.files import entry_point_groups, entry_points_of

if TYPE_CHECKING:  # a command line that loads no plugin needs none of these
    from wsgiref.types import StartResponse, WSGIEnvironment

    import click

    from portes.carrier import CarrierPlugin
    from portes.catalogue import CatalogueSource
    from portes.channels.protocol import Channel
    from portes.clock import Clock
    from portes.packing.protocol import Packer
    from portes.rules.protocol import RulePlugin
    from portes.tables.protocol import TableFormat

T = TypeVar("T")


class Door(str, Generic[T]):
    """The name of a group of entry points, typed by what they name: through one door come plugins of one kind."""

    __slots__ = ()


class SandboxPlugin(Protocol):
    """What an entry point of the group `portes.sandboxes` names: a class whose instances are WSGI applications."""

    moods: ClassVar[Mapping[str, str]]
    """What it can be put in, each with a sentence: `slow`, `throttled`, …"""

    def __init__(self, moods: Sequence[str] = (), clock: "Clock | None" = None) -> None:
        """Simulate the carrier in these moods; times in its answers come from the clock, the machine's by default."""

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse", /) -> Iterable[bytes]:
        """Answer one call; several come at once, from several threads."""
        ...


CARRIERS: "Final[Door[type[CarrierPlugin]]]" = Door("portes.carriers")
CHANNELS: "Final[Door[type[Channel]]]" = Door("portes.channels")
RULES: "Final[Door[type[RulePlugin]]]" = Door("portes.rules")
CATALOGUES: "Final[Door[type[CatalogueSource]]]" = Door("portes.catalogues")
TABLE_FORMATS: "Final[Door[type[TableFormat]]]" = Door("portes.table_formats")
PACKERS: "Final[Door[Packer]]" = Door("portes.packers")
SANDBOXES: "Final[Door[type[SandboxPlugin]]]" = Door("portes.sandboxes")
COMMANDS: "Final[Door[click.Command]]" = Door("portes.commands")
HOOKS: "Final[Door[object]]" = Door("portes.hooks")
"""A module, or whatever else holds functions marked as hooks."""
GROUPS: Final[tuple[Door[Any], ...]] = (
    CARRIERS,
    CHANNELS,
    RULES,
    CATALOGUES,
    TABLE_FORMATS,
    PACKERS,
    SANDBOXES,
    COMMANDS,
    HOOKS,
)
"""Every group of entry points that a distribution may add to."""
_BEGINNING: Final = "portes."
_OURS: Final = (_BEGINNING, "portes_")
"""How a group begins that was meant for us."""


def kind_of(group: str) -> str:
    """What one plugin of a group is called: `carrier`, `table format`."""
    words = group.removeprefix(_BEGINNING).replace("_", " ")
    return words.removesuffix("es" if words.endswith("xes") else "s")


@dataclass(frozen=True, slots=True)
class Plugin(Generic[T]):
    """An installed plugin, loaded; nobody has checked that it is what its door asks for."""

    name: str
    """As settings name it: `use = "correios-br"`."""
    value: T
    """What the entry point names: a class, a function or a module."""
    distribution: str
    version: str
    module: str = ""
    """What its entry point imports."""

    @property
    def package(self) -> str:
        """The package that its code stands in, by which a crash of its own is told."""
        return self.module.split(".")[0]

    @property
    def brought_by(self) -> str:
        """Its distribution with the version, in one text."""
        return f"{self.distribution} {self.version}".rstrip()


@dataclass(frozen=True, slots=True)
class Broken:
    """A plugin that is installed and cannot be used; fatal only for a store that uses it."""

    name: str
    distribution: str
    """The distribution, or all of them joined by `and` when several claim the name."""
    version: str
    cause: str
    fix: str
    traceback: str = ""
    """Of its crash, masked; empty when it did not crash."""


class StrangeGroup(NamedTuple):
    """A group of entry points that reads like one of ours and is none."""

    group: str
    names: Sequence[str]
    distribution: str
    """With its version."""

    @property
    def fix(self) -> str:
        """What its author meant, as far as that can be told."""
        own = re.split("[._]", self.group, maxsplit=1)[-1]  # what all groups begin with makes any two alike
        near = nearest(own, [group.removeprefix(_BEGINNING) for group in GROUPS])
        meant = f"did you mean {_BEGINNING}{near[0]}?" if near else f"the groups are {', '.join(GROUPS)}."
        return f"{meant} Its author writes that in pyproject.toml"


class Registry:
    """The plugins installed beside the product, found by entry point.

    Distributions are looked for once per group, when first asked; modules are loaded only for the names
    that somebody asks for.
    """

    def __init__(self) -> None:
        self._entries = cache(_entries)
        self._loaded = cache(self._load)
        self._strangers = cache(_strange_entries)

    def names(self, group: str) -> list[str]:
        """Every name in a group, sorted; nothing is loaded, so broken ones are among them."""
        return sorted(self._entries(group))

    def find(self, door: Door[T], name: str, *, where: str = "", file: str = "") -> Plugin[T]:
        """One plugin, loaded when it is first asked for.

        `where` and `file` say who names it, for the error. Raises `SettingsError` for a name that nobody
        installed, that two distributions claim, or whose plugin does not load.
        """
        found = self._loaded(door, name) if name in self._entries(door) else self._missing(door, name)
        if isinstance(found, Plugin):
            return found
        if found.traceback:
            _log_crash(door, found)
        raise SettingsError(Problem(where, name, found.cause, found.fix, file=file))

    def plugins(self, door: Door[T]) -> list[Plugin[T]]:
        """Every plugin behind a door that loads, sorted by name."""
        return [found for found in self._all(door) if isinstance(found, Plugin)]

    def broken(self, group: str) -> list[Broken]:
        """Every name of a group that cannot be used, and why, sorted by name."""
        return [found for found in self._all(group) if isinstance(found, Broken)]

    def strange_groups(self) -> list[StrangeGroup]:
        """The groups that distributions add to and nobody looks at, for they are misspelt; sorted."""
        found: dict[tuple[str, str], set[str]] = {}
        for entry in self._strangers():
            found.setdefault((entry.group, " ".join(_origin(entry)).rstrip()), set()).add(entry.name)
        return [StrangeGroup(group, sorted(names), origin) for (group, origin), names in sorted(found.items())]

    def _all(self, group: str) -> Iterator[Plugin[Any] | Broken]:
        return (self._loaded(group, name) for name in self.names(group))

    def _load(self, group: str, name: str) -> Plugin[Any] | Broken:
        claims = self._entries(group)[name]
        return _twins(claims) if len(claims) > 1 else _load(claims[0])

    def _missing(self, group: str, name: str) -> Broken:
        names = self.names(group)
        kind = kind_of(group)
        misplaced = [strange for strange in self.strange_groups() if name in strange.names]
        lost = [
            f"{each.distribution} names it in the group {each.group}, which nobody reads: {each.fix}"
            for each in misplaced
        ]
        installed = f"installed: {', '.join(names) or 'none'}; or install the distribution that brings it"
        fix = "; ".join(lost) or f"{did_you_mean(name, names)} {installed}".strip()
        return Broken(name, "", "", f"is no installed {kind}", fix)


def _entries(group: str) -> dict[str, list[EntryPoint]]:
    # asked of the distributions themselves: stevedore's list comes from a cache file in the user's home,
    # and has forgotten who brought what
    found: dict[str, dict[tuple[str, str], EntryPoint]] = {}
    for entry in entry_points_of(group):
        found.setdefault(entry.name, {})[entry.value, _origin(entry)[0]] = entry
    return {name: list(claims.values()) for name, claims in found.items()}


def _strange_entries() -> list[EntryPoint]:
    ours = (group for group in entry_point_groups() if group.startswith(_OURS) or nearest(group, GROUPS, likeness=90))
    return [entry for group in ours if group not in GROUPS for entry in entry_points_of(group)]


def _log_crash(group: str, broken: Broken) -> None:
    import structlog  # slow to import, and needed for what is broken only

    from portes.redaction import MaskedError

    log, crash = structlog.get_logger(__name__), MaskedError(broken.traceback)
    brought = f"{broken.distribution} {broken.version}"
    log.error("plugin does not load", group=str(group), plugin=broken.name, distribution=brought, exc_info=crash)


def _load(entry: EntryPoint) -> Plugin[Any] | Broken:
    from stevedore.extension import ExtensionManager  # slow to import, and `--help` loads no plugin

    class OneEntry(ExtensionManager[Any]):
        def list_entry_points(self) -> list[EntryPoint]:
            return [entry]

    errors: list[BaseException] = []
    try:
        manager = OneEntry(entry.group, on_load_failure_callback=lambda *failure: errors.append(failure[-1]))
    except BaseException as error:  # noqa: BLE001 — stevedore lets some through, and a module may raise what it likes
        pass_interrupt(error)
        errors.append(error)
    if errors:
        return _broken(entry, errors[0])
    return Plugin(entry.name, manager[entry.name].plugin, *_origin(entry), entry.module)


def _broken(entry: EntryPoint, error: BaseException) -> Broken:
    from portes.redaction import LOGGED  # slow to import, and needed for what is broken only

    distribution, version = _origin(entry)
    package = entry.module.split(".")[0]
    reason = LOGGED.text(crash_words(error, package))
    named = f"its entry point is `{entry.name} = {entry.value}`"
    cause = f"comes from {distribution} {version}, which does not load: {reason}; {named}"
    fix = f"upgrade {distribution}, or uninstall it; if it is yours, {_authors_fix(entry, error, package)}"
    return Broken(entry.name, distribution, version, cause, fix, LOGGED.text("".join(format_exception(error))))


def _authors_fix(entry: EntryPoint, error: BaseException, package: str) -> str:
    """What whoever wrote a plugin does about it: the entry point, a dependency or a line of the package is wrong."""
    if isinstance(error, ModuleNotFoundError) and error.name and error.name.split(".")[0] != package:
        return f"add {error.name} to its dependencies"
    if place := crash_place(error, package):
        return f"mend {place}"
    known = vars(sys.modules[entry.module]) if entry.module in sys.modules else ()
    return f"correct the entry point in pyproject.toml. {did_you_mean(entry.attr, known)}".rstrip(". ")


def _twins(claims: list[EntryPoint]) -> Broken:
    origins = sorted({_origin(entry) for entry in claims})
    who = " and ".join(" ".join(origin) for origin in origins)
    names = " and ".join(name for name, _ in origins)
    versions = " and ".join(version for _, version in origins)
    return Broken(claims[0].name, names, versions, f"is claimed more than once, by {who}", "uninstall all but one")


def _origin(entry: EntryPoint) -> tuple[str, str]:
    if entry.dist is None:
        return "an unknown distribution", ""
    told = entry.dist.metadata  # parsed at every look, so that what was upgraded meanwhile says so
    return told["Name"], told["Version"]
