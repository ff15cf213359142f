"""Opens the oracle of a store for a table: its carriers at their bulk pace, its memory; it samples nothing."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Final, Protocol

from portes.contingency.asking import CallCounts, StoreOracle
from portes.contingency.bulk_carrier import BulkCarrier
from portes.contingency.memory import SampleMemory
from portes.contingency.pace import Pace, WaitingClock
from portes.contingency.recipe import Recipe
from portes.contingency.sampling import LanePoint, SamplingProgress
from portes.engine.cache_key import tariff_of
from portes.engine.policy import Member
from portes.errors import DatabaseError, Problem, SettingsError
from portes.store import Store

Waits = Callable[[str, datetime], None]
"""Told which carrier is left alone in its busy hours, and until when in the store's time."""
_USELESS: Final = 90 * 86_400
"""Seconds after which an answer that nobody wanted any more is deleted."""

_MEND: Final = {"full": "make room on its disk", "locked": "let the other process end"}
"""What mends a state folder, by the kind of its error."""


class BuildWatch(Protocol):
    """Who is told how a build gets on; from several threads."""

    def sampled(self, progress: SamplingProgress, end: datetime | None) -> None:
        """Some lanes were answered; all will probably be at a moment in the store's time, None where nobody knows."""
        ...

    def asked(self, progress: CallCounts) -> None:
        """A carrier answered some questions."""
        ...

    def waits(self, carrier: str, until: datetime) -> None:
        """A carrier is left alone in its busy hours, until a moment in the store's time."""
        ...


class NoWatch:
    """Nobody is told how a build gets on."""

    def sampled(self, progress: SamplingProgress, end: datetime | None) -> None:
        """Nobody is told of lanes."""

    def asked(self, progress: CallCounts) -> None:
        """Nobody is told of answers."""

    def waits(self, carrier: str, until: datetime) -> None:
        """Nobody is told of a wait."""


@contextmanager
def store_oracle(
    store: Store,
    recipe: Recipe,
    clock: WaitingClock,
    *,
    oldest: int,
    heed_hours: bool = True,
    watch: BuildWatch | None = None,
    since_of: Callable[[LanePoint], int] = lambda _point: 0,
) -> Iterator[StoreOracle]:
    """An oracle that asks a store's own carriers and remembers what they say, while the block runs.

    Answers older than `oldest` seconds are asked for again; `heed_hours` leaves carriers alone in their busy hours;
    `since_of` tells from when on (seconds since 1970) an answer to one lane counts.
    Raises `SettingsError` for a store without a state folder.
    """
    watch, since = watch or NoWatch(), int(clock.now().timestamp()) - oldest
    memory = SampleMemory(state_of(store))
    carriers = {
        member.key: BulkCarrier(
            member,
            recipe.policy.settings.currency,
            clock,
            pace_of(store, member, clock, watch.waits, heed_hours=heed_hours),
        )
        for member in recipe.policy.members
        if not member.abilities.instant
    }
    oracle = StoreOracle(
        recipe,
        recipe_name(store, recipe),
        carriers,
        memory,
        clock,
        since=since,
        spent=_spent(store, carriers),
        told=watch.asked,
        since_of=since_of,
    )
    try:
        memory.forget(min(since, int(clock.now().timestamp()) - _USELESS))
        yield oracle
    finally:
        oracle.close()


def state_of(store: Store) -> Path:
    """The folder that answers and versions of tables are kept in. Raises `SettingsError` where none is set."""
    if store.settings.state is None:
        fix = 'add state = "state" to [service]: answers and versions of tables are kept there'
        raise SettingsError(Problem("service.state", "", "is not set", fix, file=store.settings.file))
    return store.settings.state


@contextmanager
def told_state(store: Store) -> Iterator[None]:
    """Tell a state folder that takes nothing as what can be mended. Raises `SettingsError` for a `DatabaseError`."""
    try:
        yield
    except DatabaseError as error:
        fix = _MEND.get(error.kind, "see that this user may write to it and its files, and that its disk has room")
        cause = f"cannot keep what is learnt ({error})"
        raise SettingsError(
            Problem("service.state", store.settings.state, cause, f"{fix}, and build again", file=store.settings.file)
        ) from None


def pace_of(store: Store, member: Member, clock: WaitingClock, waits: Waits, *, heed_hours: bool) -> Pace:
    """The turns of a store's carrier, as its settings have them."""
    tools, settings = store.tools[member.key], member.settings
    return Pace(
        settings.bulk,
        store.quoter.policy.timezone,
        clock,
        sent=lambda: tools.sent,
        waits=partial(waits, settings.name or member.key),
        heed_hours=heed_hours,
    )


def _spent(store: Store, carriers: Mapping[str, BulkCarrier]) -> Callable[[], Mapping[str, int]]:
    """Counts the calls by carrier: those over its session, or those of its own where it has another way."""
    before = {key: store.tools[key].sent for key in carriers}
    return lambda: {key: max(store.tools[key].sent - before[key], carrier.asked) for key, carrier in carriers.items()}


def recipe_name(store: Store, recipe: Recipe) -> str:
    """The fingerprint of all that a table's prices hang on: tariffs, rules, origin, goods."""
    left_out = {each.where for each in recipe.left_out}
    rules = [(rule.where, rule.settings.model_dump_json()) for rule in store.rules if rule.where not in left_out]
    tariffs = [(member.key, tariff_of(member)) for member in recipe.policy.members]
    told = (store.name, tariffs, rules, recipe.origin.model_dump_json(), recipe.goods, recipe.sku, recipe.storefront)
    return sha256(repr(told).encode()).hexdigest()[:16]
