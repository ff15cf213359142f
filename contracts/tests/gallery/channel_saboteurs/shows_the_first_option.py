"""Keeps the other ways to itself."""

from gallery.till.channel import Till, TillReply

from portes.channels.cart import cart_options
from portes.channels.protocol import ChannelReply
from portes.contract import Quote


class Saboteur(Till):
    def told(self, quote: Quote) -> ChannelReply:
        return self.answer(quote, TillReply, {"offers": [self.offer(option) for option in cart_options(quote)[:1]]})
