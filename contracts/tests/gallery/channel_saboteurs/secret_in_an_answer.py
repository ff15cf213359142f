"""Repeats its own key to whoever asks, and has receipts keep it masked."""

from dataclasses import replace

from gallery.till.channel import Till

from portes.channels.protocol import ChannelReply
from portes.contract import Quote


class Saboteur(Till):
    def told(self, quote: Quote) -> ChannelReply:
        reply = super().told(quote)
        key = self.credentials[0].headers()["till-key"]
        return replace(reply, body=reply.body.replace(b"correios:", key.encode()), kept=reply.body)
