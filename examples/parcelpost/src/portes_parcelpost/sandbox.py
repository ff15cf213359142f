"""A simulator of Parcelpost with invented prices; it imports nothing of Portes."""

import json
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

HEAVIEST = 30_000
"""Grams of one parcel."""


class Sandbox:
    """`POST /v1/quotes`. Any key opens it, but the mood says otherwise."""

    moods: ClassVar[Mapping[str, str]] = {
        "slow": "answers after a second and a half",
        "throttled": "answers 429 with Retry-After",
        "locked": "accepts no key",
        "pedantic": "understands no question",
        "no_pickup": "picks up nowhere",
        "no_contract": "has no contract for EXP with anybody",
    }

    def __init__(self, moods: Sequence[str] = (), clock: object = None) -> None:
        del clock  # no answer depends on the time
        self._moods = frozenset(moods)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """WSGI, from several threads at once."""
        if "slow" in self._moods:
            time.sleep(1.5)
        asked = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        status, said = self._reply(environ, asked)
        body = json.dumps(said).encode()
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        start_response(status, [*headers, ("Retry-After", "7")] if status.startswith("429") else headers)
        return [body]

    def _reply(self, environ: dict[str, Any], asked: bytes) -> tuple[str, object]:
        if (environ["REQUEST_METHOD"], environ["PATH_INFO"]) != ("POST", "/v1/quotes"):
            return "404 Not Found", {"error": "no such address"}
        if "locked" in self._moods or not environ.get("HTTP_X_KEY"):
            return "401 Unauthorized", {"error": "unknown key"}
        if "throttled" in self._moods:
            return "429 Too Many Requests", {"error": "later"}
        if "pedantic" in self._moods:
            return "400 Bad Request", {"error": "malformed"}
        body = json.loads(asked)
        return "200 OK", {"quotes": [self._entry(code, body) for code in body["services"]]}

    def _entry(self, code: str, body: dict[str, Any]) -> dict[str, Any]:
        if "no_pickup" in self._moods:
            return {"service": code, "no": "no_pickup"}
        if "no_contract" in self._moods and code == "EXP":
            return {"service": code, "no": "no_contract"}
        return _entry(code, body)


def _entry(code: str, body: dict[str, Any]) -> dict[str, Any]:
    if body["to"].startswith("69"):
        return {"service": code, "no": "no_route"}
    if any(parcel["grams"] > HEAVIEST for parcel in body["parcels"]):
        return {"service": code, "no": "too_heavy"}
    kilograms = sum(-(-parcel["grams"] // 1000) * parcel["pieces"] for parcel in body["parcels"])
    express = code == "EXP"
    return {"service": code, "cents": (900 + 250 * kilograms) * (2 if express else 1), "days": 2 if express else 5}
