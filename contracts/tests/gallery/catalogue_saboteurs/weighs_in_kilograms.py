"""Gives kilograms for grams."""

from collections.abc import Iterator
from typing import Any

from gallery.ledger.source import Ledger

from portes.carrier import Deadline


class Saboteur(Ledger):
    def read(self, deadline: Deadline) -> Iterator[dict[str, Any]]:
        for row in super().read(deadline):
            yield {**row, "weight_g": row["weight_g"] * 1000} if "weight_g" in row else row
