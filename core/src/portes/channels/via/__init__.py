"""Via, today Grupo Casas Bahia: the first version of its freight callback."""

from portes.channels.via.channel import Via

__all__ = ["Via"]
