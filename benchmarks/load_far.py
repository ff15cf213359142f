"""A far carrier as simple as can be: one answer to every call, after a while or never; it knows no benchmark.

`python -m benchmarks.load_far SECONDS` prints the port it listens on; `never` hangs.
"""

import asyncio
import sys
from typing import Final, cast

import uvloop

BODY: Final = b'{"cents":1500,"days":3}'
ANSWER: Final = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (len(BODY), BODY)
_LENGTH: Final = b"content-length:"


class Far(asyncio.Protocol):
    """One connection: a call at a time."""

    def __init__(self, seconds: float | None) -> None:
        self._seconds = seconds
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep where to answer."""
        self._transport = cast("asyncio.WriteTransport", transport)

    def data_received(self, data: bytes) -> None:
        """Answer a whole call when its time has come."""
        self._received += data
        head = self._received.find(b"\r\n\r\n")
        if head < 0 or len(self._received) < head + 4 + _length(self._received[:head].lower()):
            return
        self._received = b""
        if self._seconds is not None:
            asyncio.get_running_loop().call_later(self._seconds, self._answer)

    def _answer(self) -> None:
        if not self._transport.is_closing():
            self._transport.write(ANSWER)


def _length(head: bytes) -> int:
    at = head.find(_LENGTH)
    return 0 if at < 0 else int(head[at + len(_LENGTH) :].partition(b"\r\n")[0])


async def main(seconds: float | None) -> None:
    """Answer until stopped."""
    server = await asyncio.get_running_loop().create_server(lambda: Far(seconds), "127.0.0.1", 0, backlog=1024)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    uvloop.run(main(None if sys.argv[1] == "never" else float(sys.argv[1])))
