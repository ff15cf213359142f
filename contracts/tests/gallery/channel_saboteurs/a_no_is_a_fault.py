"""Has no word for what nobody delivers."""

from gallery.till.channel import Till

from portes.channels.protocol import ChannelReply
from portes.contract import Quote, Verdict


class Saboteur(Till):
    def told(self, quote: Quote) -> ChannelReply:
        return super().told(quote) if quote.verdict is Verdict.SERVED else self.excuse(503, "nobody goes there", {})
