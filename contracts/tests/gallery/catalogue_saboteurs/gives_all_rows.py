"""Gives every row, whichever are asked for."""

from collections.abc import Iterable, Sequence

from gallery.ledger.source import Ledger

from portes.carrier import Deadline
from portes.catalogue import Row


class Saboteur(Ledger):
    def fetch(self, skus: Sequence[str], deadline: Deadline) -> Iterable[Row]:
        return list(self.read(deadline))
