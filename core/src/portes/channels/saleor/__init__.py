"""Saleor's synchronous webhook that lists shipping methods for a checkout."""

from portes.channels.saleor.channel import Saleor

__all__ = ["Saleor"]
