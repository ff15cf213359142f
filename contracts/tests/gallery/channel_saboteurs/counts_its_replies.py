"""Numbers what it says."""

from dataclasses import replace

from gallery.till.channel import Till

from portes.channels.protocol import ChannelReply
from portes.contract import Quote


class Saboteur(Till):
    def told(self, quote: Quote) -> ChannelReply:
        COUNT.append(1)
        reply = super().told(quote)
        return replace(reply, headers={**reply.headers, "x-number": str(len(COUNT))})


COUNT: list[int] = []
