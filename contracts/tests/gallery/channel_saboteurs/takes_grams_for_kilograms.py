"""Asks about a thousand times the weight."""

from typing import Any

from gallery.till.channel import Till, TillItem


class Saboteur(Till):
    def line(self, item: TillItem) -> dict[str, Any]:
        return {**super().line(item), "weight": item.grams * 1000}
