"""Forgets a row at every third question."""

from collections.abc import Iterable, Sequence

from gallery.ledger.source import Ledger

from portes.carrier import Deadline
from portes.catalogue import Row


class Saboteur(Ledger):
    asked = 0

    def fetch(self, skus: Sequence[str], deadline: Deadline) -> Iterable[Row]:
        self.asked += 1
        rows = list(super().fetch(skus, deadline))
        return rows if len(rows) < 2 or self.asked % 3 else rows[1:]
