"""Looks how long it takes."""

import time
from collections.abc import Iterator
from typing import Any

from gallery.ledger.source import Ledger

from portes.carrier import Deadline


class Saboteur(Ledger):
    began = 0.0

    def read(self, deadline: Deadline) -> Iterator[dict[str, Any]]:
        self.began = time.monotonic()
        yield from super().read(deadline)
