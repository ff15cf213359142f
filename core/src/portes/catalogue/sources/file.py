"""A catalogue in a file of the store: CSV, or a workbook."""

from typing import ClassVar, Literal

from pydantic import Field

from portes.carrier import Deadline
from portes.catalogue.protocol import CatalogueFacts, CatalogueSettings, Rows
from portes.catalogue.reading import CatalogueFile
from portes.errors import CatalogueError, SettingsError


class FileSettings(CatalogueSettings):
    """`[catalogue]` with `use = "file"`."""

    path: str = Field(description="CSV file or workbook with the catalogue, beside the store's file.")
    decimal: Literal[".", ","] | None = Field(
        None,
        description="Decimal sign of the amounts, for those that could mean two things (`129.900`); otherwise the "
        "other amounts of the column tell it.",
    )


class FileSource:
    """A file that belongs to the store as its tables do: what is wrong in it keeps the store from starting."""

    Settings: ClassVar[type[CatalogueSettings]] = FileSettings
    by_key = False

    def __init__(self, settings: FileSettings, facts: CatalogueFacts) -> None:
        """Note where the file is, and open nothing yet."""
        self._settings = settings
        self._facts = facts

    def file(self, declared: tuple[str, str] = ('decimal = ","', 'decimal = "."')) -> CatalogueFile:
        """The file as it is now; `declared` is how the settings say a comma and a dot. Raises `SettingsError`."""
        facts = self._facts
        path = facts.folder / self._settings.path
        within = facts.links_within
        return CatalogueFile(path, facts.currency, facts.origins, self._settings.decimal, within, declared)

    def rows(self, deadline: Deadline) -> Rows:
        """Every SKU of the file. Raises `CatalogueError` with what is wrong in it."""
        try:
            found = self.file().read()
        except SettingsError as error:
            raise CatalogueError("garbled", str(error.problems[0])) from None
        if deadline.passed:
            raise CatalogueError("late", f"the file was not read within {deadline.seconds:g} s")
        return iter(found)

    def close(self) -> None:
        """Nothing of a file stays open."""


__all__ = ["FileSettings", "FileSource"]
