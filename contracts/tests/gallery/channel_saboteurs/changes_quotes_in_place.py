"""Leaves the quote without what it told."""

from gallery.till.channel import Till

from portes.channels.protocol import ChannelReply
from portes.contract import Quote


class Saboteur(Till):
    def told(self, quote: Quote) -> ChannelReply:
        reply = super().told(quote)
        quote.__dict__["id"] = "told"
        return reply
