"""Looks where it runs."""

import os

from gallery.till.channel import Till

from portes.channels.protocol import ChannelReply
from portes.contract import Quote


class Saboteur(Till):
    def told(self, quote: Quote) -> ChannelReply:
        assert os.environ
        return super().told(quote)
