"""Sells a little too cheap."""

from decimal import Decimal
from typing import Any

from gallery.till.channel import Till

from portes.channels.cart import CartOption


class Saboteur(Till):
    def offer(self, option: CartOption) -> dict[str, Any]:
        return {**super().offer(option), "price": option.price.amount - (Decimal("0.01") if option.price.minor else 0)}
