"""Takes its password from the environment, too."""

import os
from collections.abc import Iterator
from typing import Any

from gallery.ledger.source import Ledger

from portes.carrier import Deadline


class Saboteur(Ledger):
    def read(self, deadline: Deadline) -> Iterator[dict[str, Any]]:
        os.environ.get("LEDGER_PASSWORD")
        yield from super().read(deadline)
