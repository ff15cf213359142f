"""VTEX's fulfilment simulation, by which a marketplace asks an external seller for price, stock and freight."""

from portes.channels.vtex.channel import VtexChannel

__all__ = ["VtexChannel"]
