"""Omnik, the newer hub of Americanas: its freight for sellers."""

from portes.channels.omnik.channel import Omnik

__all__ = ["Omnik"]
