"""SkyHub, which Americanas spoke and some other marketplaces took over: its freight service."""

from portes.channels.skyhub.channel import Skyhub

__all__ = ["Skyhub"]
