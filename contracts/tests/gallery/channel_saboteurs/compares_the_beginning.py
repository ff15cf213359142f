"""Looks at as much of a key as came."""

from dataclasses import replace

from gallery.till.channel import Till

from portes.channels.protocol import ChannelRequest


class Saboteur(Till):
    def authenticate(self, asked: ChannelRequest) -> None:
        key, whole = asked.headers.get("till-key", ""), self.credentials[0].headers()["till-key"]
        right = whole if key and whole.startswith(key) else key
        super().authenticate(replace(asked, headers={**asked.headers, "till-key": right}))
