"""Announces fewer bytes than it sends."""

from dataclasses import replace

from gallery.till.channel import Till

from portes.channels.protocol import ChannelReply
from portes.contract import Quote


class Saboteur(Till):
    def told(self, quote: Quote) -> ChannelReply:
        reply = super().told(quote)
        return replace(reply, headers={**reply.headers, "content-length": "5"})
