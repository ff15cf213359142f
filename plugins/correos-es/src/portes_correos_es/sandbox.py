"""A simulator of Correos ID, the terminals list and the offices list, as strict as what is publicly known of them.

Nothing of it comes from Correos: offices and lockers are invented, and so are the bodies of refusals that no public
source shows (a wrong secret, an application that is not activated, the firewall's page).
"""

import json
import re
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, ClassVar, Final, NamedTuple
from urllib.parse import parse_qs

from portes.toolbox import Clock, SystemClock

LOGIN: Final = "/api/authorize/token"
TERMINALS: Final = "/logistics/terminals/api/v1/homepaqs"
SUGGESTIONS: Final = "/digital-services/searchloc/api/v1/suggestions"
OFFICES: Final = "/digital-services/searchloc/api/v1/offices"

LIFE: Final = timedelta(minutes=30)
SCOPES: Final = frozenset({"AP3", "LBS", "RCG", "TPB", "EXP"})
"""Scopes that tokens are granted for; `AP3` is what the terminals list wants."""
NEW: Final = "new-"
"""How a secret begins that is good after a reset."""
REMOTE: Final = "22"
"""Postal codes that begin so have no office nearby, only farther away; and no locker at all."""

_GUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
_POSTAL_CODE: Final = re.compile(r"(0[1-9]|[1-4][0-9]|5[0-2])[0-9]{3}")
_BLOCKED: Final = (
    b"<HTML><HEAD><TITLE>ERROR: The request could not be satisfied</TITLE></HEAD>"
    b"<BODY><H1>403 ERROR</H1>Request blocked.</BODY></HTML>"
)


class Reply(NamedTuple):
    """A status and a body: JSON, or bytes of HTML."""

    status: int
    body: object


MALFORMED: Final = Reply(
    400,
    {"code": "400", "message": "Bad Request", "moreInformation": {"description": "a parameter is missing or wrong"}},
)
"""The form is one of the gateway's, the description ours."""


class _Asked(NamedTuple):
    method: str
    path: str
    query: Mapping[str, str]
    form: Mapping[str, str]
    headers: Mapping[str, str]


class Sandbox:
    """Four addresses; any GUID and any secret of eight characters log in, unless a mood says otherwise."""

    moods: ClassVar[Mapping[str, str]] = {
        "not_activated": "Correos ID knows the application and nobody activated it",
        "secret_reset": f"Correos ID accepts only secrets that begin with {NEW}, and no token of an older one",
        "wrong_scope": "tokens are granted and the gateway refuses them",
        "token_unseen": "the gateway sees no token in any call, as behind a proxy that takes the header out",
        "not_subscribed": "the gateway lets the portal's application use no API",
        "malformed": "400 to every list: the gateway calls the question malformed",
        "unknown_code": "the locator knows no postal code",
        "firewall": "every call is answered by the firewall's page",
        "throttled": "429 with Retry-After to every list",
        "ill": "500 to every list",
        "slow": "answers after a second and a half",
        "down": "503 to every call",
        "deserted": "no office and no locker anywhere",
        "access_token": "the token stands in `access_token`, and its life is told in minutes",
    }

    def __init__(self, moods: Sequence[str] = (), clock: Clock | None = None) -> None:
        self._moods = frozenset(moods)
        self._clock = clock or SystemClock()
        self._lock = Lock()
        self._tokens: dict[str, tuple[datetime, str, str]] = {}

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one call, as a WSGI application does."""
        if "slow" in self._moods:
            time.sleep(1.5)
        status, body = self._reply(_asked(environ))
        html = isinstance(body, bytes)
        content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode()
        headers = [("Content-Type", "text/html" if html else "application/json"), ("Content-Length", str(len(content)))]
        start_response(f"{status} Told", headers + ([("Retry-After", "7")] if status == 429 else []))
        return [content]

    def _reply(self, asked: _Asked) -> Reply:
        if "firewall" in self._moods or not asked.headers.get("HTTP_USER_AGENT"):
            return Reply(403, _BLOCKED)
        if "down" in self._moods:
            return Reply(503, {"message": "Unable to process payload."})
        if (asked.method, asked.path.lower()) == ("POST", LOGIN):
            return self._token(asked)
        lists = {TERMINALS: self._terminals, SUGGESTIONS: self._suggestions, OFFICES: self._offices}
        if asked.method != "GET" or asked.path not in lists:
            return Reply(404, {"error": "Not found"})
        return self._weather() or lists[asked.path](asked)

    def _weather(self) -> Reply | None:
        if "throttled" in self._moods:
            return Reply(429, {"error": "Too Many Requests"})
        if "malformed" in self._moods:
            return MALFORMED
        return Reply(500, {"code": 500, "message": "Internal Server Error"}) if "ill" in self._moods else None

    def _token(self, asked: _Asked) -> Reply:
        form = asked.form
        refusal = self._refused_login(asked)
        if refusal is not None:
            return refusal
        with self._lock:
            ends = self._clock.now() + LIFE
            token = _jwt(form["client_id"], form["scope"], ends, len(self._tokens))
            self._tokens[token] = ends, form["scope"], form["client_secret"]
        if "access_token" in self._moods:
            return Reply(200, {"access_token": token, "tokenType": "Bearer", "expiresIn": "30"})
        return Reply(200, {"idToken": token, "tokenType": "Bearer", "expiresIn": int(LIFE.total_seconds())})

    def _refused_login(self, asked: _Asked) -> Reply | None:
        form, secret = asked.form, asked.form.get("client_secret", "")
        kind = asked.headers.get("CONTENT_TYPE", "").partition(";")[0]
        if kind != "application/x-www-form-urlencoded" or form.get("grant_type") != "client_credentials":
            return Reply(400, {"error": "unsupported_grant_type"})
        known = _GUID.fullmatch(form.get("client_id", "")) and len(secret) >= 8
        if not known or ("secret_reset" in self._moods and not secret.startswith(NEW)):
            return Reply(401, {"error": "invalid_client"})
        if not set(form.get("scope", "").split()) & SCOPES:
            return Reply(400, {"error": "invalid_scope"})
        return Reply(403, {"message": "No autorizado"}) if "not_activated" in self._moods else None

    def _terminals(self, asked: _Asked) -> Reply:
        refusal = self._refused_call(asked)
        if refusal is not None:
            return refusal
        code = asked.query.get("postalCode", "")
        if not _POSTAL_CODE.fullmatch(code):
            return MALFORMED
        empty = "deserted" in self._moods or code.startswith(REMOTE)
        return Reply(200, {"content": [] if empty else [_terminal(code, number) for number in (1, 2)]})

    def _refused_call(self, asked: _Asked) -> Reply | None:
        scheme, _, token = asked.headers.get("HTTP_AUTHORIZATION", "").partition(" ")
        pair = asked.headers.get("HTTP_CLIENT_ID"), asked.headers.get("HTTP_CLIENT_SECRET")
        if scheme != "Bearer" or not token or "token_unseen" in self._moods:
            return Reply(400, {"error": "JWT Token is required."})
        if not all(pair) or "not_subscribed" in self._moods:
            return Reply(403, {"error": "Invalid Client"})
        ends, scope, secret = self._tokens.get(token, (self._clock.now(), "", ""))
        stale = ends <= self._clock.now() or "AP3" not in scope.split() or "wrong_scope" in self._moods
        if stale or ("secret_reset" in self._moods and not secret.startswith(NEW)):
            return Reply(401, {"error": "Invalid token."})
        return None

    def _suggestions(self, asked: _Asked) -> Reply:
        code = asked.query.get("text", "")
        known = _POSTAL_CODE.fullmatch(code) is not None and "unknown_code" not in self._moods
        latitude = round(40 + int(code[2:]) / 10_000, 4) if known else 0.0
        middle = {"text": f"{code} Ejemplo", "latitude": latitude, "longitude": -float(code[:2]) if known else 0.0}
        return Reply(200, {"suggestions": [middle] if known else []})

    def _offices(self, asked: _Asked) -> Reply:
        try:
            province = f"{-round(float(asked.query['longitude'])):02}"
            number = round((float(asked.query["latitude"]) - 40) * 10_000)
        except (KeyError, ValueError):
            return MALFORMED
        far = province == REMOTE and int(asked.query.get("distance", "10000")) < 20_000
        empty = far or "deserted" in self._moods
        offices = [] if empty else [_office(f"{province}{number:03}", place) for place in (1, 2, 3)]
        return Reply(200, {"others": {"offices": offices, "mailboxes": []}})


def _asked(environ: dict[str, Any]) -> _Asked:
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode("utf-8", "replace")
    query, form = (
        {name: values[0] for name, values in parse_qs(text).items()} for text in (environ.get("QUERY_STRING", ""), body)
    )
    headers = {
        name: str(value) for name, value in environ.items() if name.startswith("HTTP_") or name == "CONTENT_TYPE"
    }
    return _Asked(environ["REQUEST_METHOD"], environ["PATH_INFO"], query, form, headers)


def _jwt(client_id: str, scope: str, ends: datetime, number: int) -> str:
    """A token of the right form; its signature is none."""
    claims = {"aud": scope, "iss": "CID", "oid": client_id, "exp": int(ends.timestamp()), "jti": number}
    parts = (json.dumps(part).encode() for part in ({"alg": "none", "typ": "JWT"}, claims))
    return ".".join([*(urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts), "simulated"])


def _terminal(code: str, number: int) -> dict[str, str]:
    return {
        "terminalId": f"CT{code}{number}P",
        "alias": f"CITYPAQ EJEMPLO {number}",
        "terminalType": "PUBLICO",
        "address": f"CALLE EJEMPLO {number}",
        "postalCode": code,
        "municipality": "EJEMPLO",
        "latitudeWGS84": "40,4200000",
        "longitudeWGS84": "-3,6900000",
        "openingDescription": "24H",
    }


def _office(code: str, place: int) -> dict[str, object]:
    """Two offices, and a rural link where nothing can be fetched."""
    rural = place == 3
    return {
        "officeId": f"{code}{place:02}",
        "unitName": f"{'ENLACE RURAL' if rural else 'SUC.'} EJEMPLO {place}",
        "typeName": "ENLACE RURAL" if rural else "SUCURSAL",
        "officeType": "EAM" if rural else "OFI",
        "address": "" if rural else f"CALLE EJEMPLO {place}",
        "postalCode": code,
        "cityName": "EJEMPLO",
        "latitude": 40.42,
        "longitude": -3.69,
        "distance": 350 * place,
        "timetables": [] if rural else ["L-V 08:30-20:30", "S 09:30-13:00"],
    }


__all__ = ["Sandbox"]
