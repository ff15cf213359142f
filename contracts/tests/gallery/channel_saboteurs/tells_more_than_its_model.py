"""Has a field that its document does not have."""

from dataclasses import replace

from gallery.till.channel import Till

from portes.channels.protocol import ChannelReply
from portes.contract import Quote


class Saboteur(Till):
    def told(self, quote: Quote) -> ChannelReply:
        reply = super().told(quote)
        return replace(reply, body=reply.body.replace(b"{", b'{"more": 1, ', 1))
