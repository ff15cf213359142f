"""Takes a page that is not there for a no."""

from gallery.till.channel import Till

from portes.channels.protocol import ChannelReply, ChannelRequest
from portes.channels.understood import ReplyEffect, Understood


class Saboteur(Till):
    def understood(self, asked: ChannelRequest, reply: ChannelReply) -> Understood:
        return Understood(ReplyEffect.NOT_DELIVERED) if reply.status == 404 else super().understood(asked, reply)
