"""Has something to say of every SKU."""

from collections.abc import Iterable, Sequence

from gallery.ledger.source import Ledger

from portes.carrier import Deadline
from portes.catalogue import Row


class Saboteur(Ledger):
    def fetch(self, skus: Sequence[str], deadline: Deadline) -> Iterable[Row]:
        rows: list[Row] = list(super().fetch(skus, deadline))
        known = [row["sku"] for row in rows]
        return [*rows, *({"sku": sku, "weight_g": 1000} for sku in skus if sku not in known)]
