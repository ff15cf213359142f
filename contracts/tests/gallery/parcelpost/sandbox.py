"""A simulator of Parcelpost's API, as strict as its documents; it knows nothing of the carrier that asks it."""

import json
import time
from base64 import b64decode
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from threading import Lock
from typing import Any, ClassVar, Final

from portes.toolbox import Clock, SystemClock

LOGIN: Final = "shop"
LIFETIME: Final = timedelta(hours=1)
FARTHEST: Final = "69"
"""Postal codes that start so are not served."""
UNCOLLECTED: Final = "99"
"""From postal codes that start so nothing is collected."""
HEAVIEST: Final = 30_000
"""Grams of one parcel."""

Reply = tuple[int, object]


class Sandbox:
    """`POST /v2/token` and `POST /v2/quotes`. Any password opens it, but the mood says otherwise."""

    moods: ClassVar[Mapping[str, str]] = {
        "slow": "answers after a second and a half",
        "ill": "answers 500 to every quote",
        "throttled": "answers 429 with Retry-After to every quote",
        "locked": "accepts no password",
        "partial": "offers no EXP on any lane",
        "no_contract": "finds no contract for EXP",
        "pedantic": "answers 400 to every quote, as if it were malformed",
    }

    def __init__(self, moods: Sequence[str] = (), clock: Clock | None = None) -> None:
        self._moods = frozenset(moods)
        self._clock = clock or SystemClock()
        self._lock = Lock()
        self._tokens: dict[str, datetime] = {}

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one call, as a WSGI application does."""
        if "slow" in self._moods:
            time.sleep(1.5)
        status, body = self._reply(environ)
        content = json.dumps(body).encode()
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(content)))]
        start_response(f"{status} Told", headers + ([("Retry-After", "7")] if status == 429 else []))
        return [content]

    def _reply(self, environ: dict[str, Any]) -> Reply:
        route = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        if route == ("POST", "/v2/token"):
            return self._token(environ.get("HTTP_AUTHORIZATION", ""))
        if route == ("POST", "/v2/quotes"):
            return self._quotes(environ.get("HTTP_AUTHORIZATION", ""), body)
        return 404, {"error": "no such route"}

    def _token(self, authorization: str) -> Reply:
        scheme, _, credential = authorization.partition(" ")
        user = b64decode(credential).decode().partition(":")[0] if scheme == "Basic" else ""
        if user != LOGIN or "locked" in self._moods:
            return 401, {"error": "unknown login"}
        with self._lock:
            token = sha256(f"token {len(self._tokens)}".encode()).hexdigest()
            self._tokens[token] = self._clock.now() + LIFETIME
        return 201, {"token": token, "expires_in": int(LIFETIME.total_seconds())}

    def _quotes(self, authorization: str, body: bytes) -> Reply:
        ends = self._tokens.get(authorization.removeprefix("Bearer "))
        if ends is None or ends <= self._clock.now():
            return 401, {"error": "token unknown or expired"}
        if "ill" in self._moods:
            return 500, {"error": "we are very sorry"}
        if "throttled" in self._moods:
            return 429, {"error": "too many requests"}
        if "pedantic" in self._moods:
            return 400, {"error": "malformed"}
        return 200, {"quotes": [self._entry(service, json.loads(body)) for service in json.loads(body)["services"]]}

    def _entry(self, service: dict[str, Any], asked: dict[str, Any]) -> dict[str, Any]:
        code = service["code"]
        error = self._error(code, asked)
        if error:
            return {"service": code, "error": error}
        base = _base(code, asked)
        risk = _risk(asked) if service["insured"] else 0
        days = (1, 2) if code == "EXP" else (3, 5)
        parts = {"base": _text(base), "risk": _text(risk)}
        return {"service": code, "price": _text(base + risk), "parts": parts, "days": days}

    def _error(self, code: str, asked: dict[str, Any]) -> str:
        if asked["from"].startswith(UNCOLLECTED):
            return "P451"
        if code == "EXP" and "no_contract" in self._moods:
            return "P452"
        if asked["to"].startswith(FARTHEST):
            return "P404"
        if any(parcel["grams"] > HEAVIEST for parcel in asked["parcels"]):
            return "P413"
        return "P409" if code == "EXP" and "partial" in self._moods else ""


def _base(code: str, asked: dict[str, Any]) -> int:
    """Our own formula: so much a piece, so much a started kilogram, express costs double."""
    distance = abs(int(asked["from"][0]) - int(asked["to"][0]))
    pieces: int = sum(parcel["pieces"] for parcel in asked["parcels"])
    kilograms: int = sum(-(-parcel["grams"] // 1000) * parcel["pieces"] for parcel in asked["parcels"])
    return (790 * pieces + 215 * kilograms + 100 * distance * pieces) * (2 if code == "EXP" else 1)


def _risk(asked: dict[str, Any]) -> int:
    values: int = sum(parcel["value_cents"] * parcel["pieces"] for parcel in asked["parcels"])
    return values // 200


def _text(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


__all__ = ["Sandbox"]
