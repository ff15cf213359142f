"""Keeps in one place what each cart asked for."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

from gallery.ledger.source import Ledger

from portes.carrier import Deadline
from portes.catalogue import Row


class Saboteur(Ledger):
    together = Barrier(2)
    wanted: Sequence[str] = ()

    def fetch(self, skus: Sequence[str], deadline: Deadline) -> Iterable[Row]:
        self.wanted = skus
        with suppress(BrokenBarrierError):
            self.together.wait(0.05)  # as long as the network takes
        self.together.reset()
        return super().fetch(self.wanted, deadline)
