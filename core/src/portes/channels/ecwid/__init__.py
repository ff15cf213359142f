"""Ecwid's custom shipping: the request URL of an app that adds shipping methods."""

from portes.channels.ecwid.channel import Ecwid

__all__ = ["Ecwid"]
