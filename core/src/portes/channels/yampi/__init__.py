"""Yampi's "API de Frete", by which a checkout asks for the freight of a cart."""

from portes.channels.yampi.channel import Yampi

__all__ = ["Yampi"]
