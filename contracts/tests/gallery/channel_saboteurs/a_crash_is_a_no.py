"""Says that it is not delivered there when it fails."""

from collections.abc import Mapping

from gallery.till.channel import Till

from portes.channels.protocol import ChannelReply


class Saboteur(Till):
    def excuse(self, status: int, detail: str, headers: Mapping[str, str]) -> ChannelReply:
        if status == 503:
            return super().excuse(status, detail, headers)
        return ChannelReply(200, {**headers, "content-type": "application/json"}, b'{"offers": []}')
