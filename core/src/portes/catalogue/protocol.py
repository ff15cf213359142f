"""The seam that every source of a catalogue fills: all rows, or those of some SKUs."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, ClassVar, Protocol

from pydantic import BaseModel, ConfigDict, Field

from portes.carrier import Deadline
from portes.catalogue.catalogue import CatalogueEntry
from portes.contract.base import Positive
from portes.contract.durations import Duration

Row = Mapping[str, object]
"""One SKU as a source has it: a value for each of the words of `COLUMNS` and `MEASURES` that it states."""

Rows = Iterable[Row | tuple[str, CatalogueEntry]]
"""Rows as a source has them, or SKUs with entries that it has read itself."""


class CatalogueSettings(BaseModel):
    """Base of a source's settings, `[catalogue]`: frozen, unknown keys refused. `use` names the source."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    use: str = Field(description="Name of the source: `file`, `sql`.")
    refresh: Annotated[Duration, Field(gt=0)] | None = Field(
        None,
        description="How often the whole catalogue is read again, behind the answers. When left out, every 15 minutes; "
        "a file then is read only when the store is loaded.",
    )
    most_age: Annotated[Duration, Field(gt=0)] | None = Field(
        None,
        description="Rows that were read longer ago count as not known, where a source is down; of any age when left "
        "out.",
    )
    timeout: Annotated[Duration, Field(gt=0)] | None = Field(
        None,
        description="How long the source may take to answer: two seconds for the SKUs of a cart, ten minutes for the "
        "whole catalogue when left out.",
    )
    remember: Duration = Field(
        300.0, description="How long a row that was fetched by its SKU is as good as fetching it; by key alone."
    )
    remember_absent: Duration = Field(
        30.0, description="The same for a SKU that the source did not have; by key alone."
    )
    remember_most: Annotated[Positive, Field(le=10_000_000)] = Field(
        50_000, description="Most SKUs that one worker remembers so; by key alone."
    )


@dataclass(frozen=True, slots=True)
class CatalogueFacts:
    """What a source may know of the store whose catalogue it is."""

    store: str
    """The store's name."""
    currency: str
    """ISO 4217 code of every amount: `BRL`."""
    folder: Path
    """Where the store's file stands; relative paths in the settings start here."""
    origins: Collection[int] | None = None
    """The numbers of its origins; None where some of them cannot be read."""
    links_within: Path | None = None
    """The folder that links in it may not lead out of; None where `[service] follow_links` lets them."""


class CatalogueSource(Protocol):
    """Where a store's catalogue comes from. Thread-safe; it reads no clock and no environment.

    An entry point of the group `portes.catalogues` names a class with `Settings` and this constructor, which does no
    I/O: the source need not be there when a store is made. It has `rows` or `fetch`, as `by_key` says.
    """

    Settings: ClassVar[type[CatalogueSettings]]

    def __init__(self, settings: Any, facts: CatalogueFacts) -> None:  # noqa: ANN401 — each its own Settings
        """Make the source from its own `Settings`. Raises `SettingsError` for what contradicts itself."""

    @property
    def by_key(self) -> bool:
        """Whether it is asked for the SKUs of each cart, and not for the whole catalogue now and then."""
        ...

    def close(self) -> None:
        """Let go of every connection."""
        ...


class WholeSource(CatalogueSource, Protocol):
    """A source that is read as a whole."""

    def rows(self, deadline: Deadline) -> Rows:
        """Every row, each as it comes. Raises `CatalogueError`."""
        ...


class KeyedSource(CatalogueSource, Protocol):
    """A source that is asked for some SKUs at a time."""

    def fetch(self, skus: Sequence[str], deadline: Deadline) -> Rows:
        """The rows of some SKUs and no others; one that it lacks is left out. Raises `CatalogueError`."""
        ...


__all__ = [
    "CatalogueFacts",
    "CatalogueSettings",
    "CatalogueSource",
    "KeyedSource",
    "Row",
    "Rows",
    "WholeSource",
]
