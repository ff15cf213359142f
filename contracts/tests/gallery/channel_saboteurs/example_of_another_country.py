"""Shows a question that its store cannot get."""

import json

from gallery.till.channel import Till

from portes.channels.protocol import ChannelRequest


class Saboteur(Till):
    def example(self) -> ChannelRequest:
        told = json.loads(super().example().body)
        body = json.dumps({**told, "country": "PT", "to": "1100148"}).encode()
        return self.call("POST", body=body, content_type="application/json")
