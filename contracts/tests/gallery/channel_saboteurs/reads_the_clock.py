"""Looks what time it is."""

from datetime import UTC, datetime

from gallery.till.channel import Till

from portes.channels.protocol import ChannelReply
from portes.contract import Quote


class Saboteur(Till):
    def told(self, quote: Quote) -> ChannelReply:
        assert datetime.now(UTC) is not None
        return super().told(quote)
