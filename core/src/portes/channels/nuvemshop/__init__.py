"""Nuvemshop, in Spanish Tiendanube: the callback of a shipping carrier."""

from portes.channels.nuvemshop.channel import Nuvemshop

__all__ = ["Nuvemshop"]
