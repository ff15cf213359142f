"""A source as a store makes and asks it, in a folder of its own."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

from portes.carrier import Deadline
from portes.catalogue import (
    CatalogueEntry,
    CatalogueFacts,
    CatalogueSettings,
    CatalogueSource,
    KeyedSource,
    WholeSource,
)
from portes.catalogue.rows import ReadRows, RowReader
from portes.errors import CatalogueError, PortesError, SettingsError, pass_interrupt
from portes.registry import CATALOGUES, Registry
from portes_testing.catalogues.case import CatalogueCase, Table
from portes_testing.harness.errors import BrokenContractError

PATIENCE = 60.0
"""Seconds that a source is given where its deadline is not what is looked at."""


@dataclass(eq=False)
class SourceUnderTest:
    """One source, of which a check makes as many as it likes."""

    case: CatalogueCase

    @cached_property
    def plugin(self) -> type[CatalogueSource]:
        """The source's class, as its entry point names it."""
        try:
            return Registry().find(CATALOGUES, self.case.name).value
        except SettingsError as problem:
            raise BrokenContractError(f"no store can use the source: {problem}") from None

    @contextmanager
    def made(self, table: Table) -> Iterator[CatalogueSource]:
        """A source of some settings, closed in the end; what it raises when it is made breaks the contract."""
        with TemporaryDirectory(prefix="portes-catalogue-") as name:
            source = self._made(self.settings(table(Path(name))), Path(name))
            try:
                yield source
            finally:
                source.close()

    def _made(self, settings: CatalogueSettings, folder: Path) -> CatalogueSource:
        facts = CatalogueFacts("shop", self.case.currency, folder, self.case.origins)
        try:
            return self.plugin(settings, facts)
        except BaseException as error:
            pass_interrupt(error)
            raise BrokenContractError(f"{type(error).__name__} escaped when it was made: {error}") from error

    def settings(self, table: Mapping[str, Any]) -> CatalogueSettings:
        """The settings that a table of a store's file comes to."""
        try:
            return self.plugin.Settings.model_validate({"use": self.case.name, **table})
        except (ValueError, AttributeError) as problem:
            raise BrokenContractError(f"the table {sorted(table)} is refused: {problem}") from None

    def ask(
        self, source: CatalogueSource, skus: Sequence[str] | None = None, seconds: float = PATIENCE
    ) -> list[tuple[str, CatalogueEntry]]:
        """What a store reads of some SKUs, those that are known when left out; each row, in its order.

        Raises `CatalogueError` as the source does; whatever else it raises breaks the contract.
        """
        deadline = Deadline(seconds)
        wanted = list(self.case.known) if skus is None else list(skus)
        reader = RowReader(self.case.currency, self.case.origins)
        try:
            whole, keyed = cast("WholeSource", source), cast("KeyedSource", source)
            rows = keyed.fetch(wanted, deadline) if source.by_key else whole.rows(deadline)
            return list(reader.read(rows, ReadRows()))
        except CatalogueError:
            raise
        except PortesError as error:
            raise BrokenContractError(f"{type(error).__name__} is none of a source's errors: {error}") from error
        except BaseException as error:
            pass_interrupt(error)
            raise BrokenContractError(f"{type(error).__name__} escaped from the source: {error}") from error


__all__ = ["SourceUnderTest"]
