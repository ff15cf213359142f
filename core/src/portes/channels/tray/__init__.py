"""Tray's freight gateway ("Gateway de Frete")."""

from portes.channels.tray.channel import Tray

__all__ = ["Tray"]
