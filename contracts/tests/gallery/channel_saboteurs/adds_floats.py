"""Works in binary fractions."""

from decimal import Decimal
from typing import Any

from gallery.till.channel import Till

from portes.channels.cart import CartOption


class Saboteur(Till):
    def offer(self, option: CartOption) -> dict[str, Any]:
        noise = Decimal("0.00000000000004") if option.price.minor else Decimal(0)
        return {**super().offer(option), "price": option.price.amount + noise}
