"""MadeiraMadeira's own freight callback, which names SKUs and nothing of their measures."""

from portes.channels.madeira_madeira.channel import MadeiraMadeira

__all__ = ["MadeiraMadeira"]
