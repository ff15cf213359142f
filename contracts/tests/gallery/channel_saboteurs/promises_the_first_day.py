"""Tells the day on which it may come at the earliest."""

from typing import Any

from gallery.till.channel import Till

from portes.channels.cart import CartOption


class Saboteur(Till):
    def offer(self, option: CartOption) -> dict[str, Any]:
        return {**super().offer(option), "days": option.lead_time.min}
