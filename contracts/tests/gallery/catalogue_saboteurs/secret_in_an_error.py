"""Says in its error what it tried to open the file with."""

from collections.abc import Iterator
from typing import Any

from gallery.ledger.source import Ledger

from portes.carrier import Deadline
from portes.errors import CatalogueError


class Saboteur(Ledger):
    def read(self, deadline: Deadline) -> Iterator[dict[str, Any]]:
        try:
            yield from super().read(deadline)
        except CatalogueError as error:
            password = self.settings.password.get_secret_value()
            raise CatalogueError(error.kind, f"{error.hint} with {password}") from None
