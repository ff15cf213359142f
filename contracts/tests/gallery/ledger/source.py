"""A sound source: a file of JSON, one SKU a line, read as a whole or by key; `pace` makes it slow."""

import json
from collections.abc import Iterable, Iterator, Sequence
from threading import Event
from typing import Any, ClassVar

from pydantic import Field, SecretStr

from portes.carrier import Deadline
from portes.catalogue import CatalogueFacts, CatalogueSettings, Row
from portes.errors import CatalogueError


class LedgerSettings(CatalogueSettings):
    path: str = Field(description="The file, beside the store's.")
    password: SecretStr = Field(SecretStr(""), description="What opens it.")
    keyed: bool = Field(default=True, description="Whether it is asked by key.")
    pace: float = Field(0.0, description="Seconds between two rows.")


class Ledger:
    """Reads its file at each question; its saboteurs do one thing otherwise."""

    Settings: ClassVar[type[CatalogueSettings]] = LedgerSettings

    def __init__(self, settings: LedgerSettings, facts: CatalogueFacts) -> None:
        self.settings = settings
        self.file = facts.folder / settings.path
        self.by_key = settings.keyed

    def rows(self, deadline: Deadline) -> Iterable[Row]:
        return self.read(deadline)

    def fetch(self, skus: Sequence[str], deadline: Deadline) -> Iterable[Row]:
        return [row for row in self.read(deadline) if row["sku"] in skus]

    def read(self, deadline: Deadline) -> Iterator[dict[str, Any]]:
        """Every row, as long as there is time."""
        self.check(deadline)
        try:
            lines = self.file.read_text(encoding="utf-8").splitlines()
        except OSError as error:
            raise CatalogueError("unreachable", f"the ledger cannot be read: {error.strerror}") from None
        for line in lines:
            self.pause(deadline)
            self.check(deadline)
            yield json.loads(line)

    def pause(self, deadline: Deadline) -> None:
        """Be as slow as the settings say, and no slower than there is time."""
        if self.settings.pace:
            Event().wait(min(self.settings.pace, deadline.remaining()))

    def check(self, deadline: Deadline) -> None:
        """Give up where no time is left."""
        if deadline.passed:
            raise CatalogueError("late", "the ledger had no time left")

    def close(self) -> None:
        """Nothing stays open."""
