"""Replaces each secret by a placeholder of its own and finds those that got away; it knows no file."""

import base64
import binascii
import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any, Final
from urllib.parse import parse_qsl, quote, quote_plus, urlencode, urlsplit, urlunsplit

from portes.toolbox.response import HttpResponse
from portes_testing.recordings.exchange import Exchange, SentRequest

PLACEHOLDER: Final = "SCRUBBED"

EVERYWHERE: Final = 6
"""A shorter value is replaced in its own field only: `7` stands in too many places."""

_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{12,}={0,2}")
_SENT_ALWAYS_DIFFERENTLY: Final = re.compile(
    r"(?i)^(user-agent|host|content-length|connection|accept-encoding|x-request-id|x-correlation-id|traceparent|cookie)$"
)
_RECEIVED_ALWAYS_DIFFERENTLY: Final = re.compile(
    r"(?i)^(date|server|connection|keep-alive|transfer-encoding|content-length|content-encoding|set-cookie|x-request-id"
    r"|x-correlation-id|etag|expires|last-modified|via|cf-ray|x-amz.*)$"
)
_MOST_NUMBERS: Final = 1000
"""More secrets than one case has: digits from here on are no placeholder."""
_TIMES_OF_A_TOKEN: Final = ("exp", "iat", "nbf")


class Scrubber:
    """Learns secrets from settings, headers and answers as it goes, and replaces each wherever it shows."""

    def __init__(self, secrets: Mapping[str, str], fields: Collection[str] = ()) -> None:
        self._placeholders: dict[str, str] = {}
        self._fields = {field.lower() for field in fields}
        self._numbers: dict[str, int] = {}
        self._short: dict[tuple[str, str], str] = {}
        """Placeholders of values that are replaced in their own field only, by field and value."""
        self._given: set[tuple[str, str]] = set()
        """Those placeholders again, by field: what was scrubbed stays as it is, however often it is scrubbed."""
        for secret, name in secrets.items():
            self.learn(secret, name)

    @property
    def learnt(self) -> tuple[str, ...]:
        """Every secret seen so far that is long enough to be looked for."""
        return tuple(self._placeholders)

    def replace_by(self, value: str, shown: str) -> None:
        """Have one value shown as another wherever it shows: a live contract number for the case's."""
        if len(value) >= EVERYWHERE and value != shown:
            self._placeholders[value] = shown

    def learn(self, secret: str, name: str) -> str:
        """Remember a secret; the placeholder it gets from now on."""
        known = self._placeholders.get(secret) or self._short.get((name, secret))
        if known is not None or _is_placeholder(secret) or (name, secret) in self._given:
            return known or secret
        number = self._numbers[name] = self._numbers.get(name, 0) + 1
        placeholder = _like(secret, f"{PLACEHOLDER}-{name}-{number}", _first_number(name) + number)
        if len(secret) >= EVERYWHERE:
            self._placeholders[secret] = placeholder
        else:
            self._short[name, secret] = placeholder
            self._given.add((name, placeholder))
        return placeholder

    def text(self, text: str) -> str:
        """The text with every learnt secret replaced, longest first, also where it is quoted for an URL."""
        for secret in sorted(self._placeholders, key=len, reverse=True):
            for written in dict.fromkeys(
                (secret, quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1])
            ):
                text = text.replace(written, self._placeholders[secret])
        return text

    def sent(self, sent: SentRequest) -> SentRequest:
        """A question without secrets and without what differs on each call."""
        headers = {
            name: self._header(name, value)
            for name, value in sent.headers.items()
            if not _SENT_ALWAYS_DIFFERENTLY.match(name)
        }
        return SentRequest(sent.method, self._url(sent.url), headers, self.body(sent.body))

    def received(self, received: HttpResponse) -> HttpResponse:
        """An answer without secrets and without what differs on each call."""
        body = self.body(received.body)
        headers = {
            name: self._header(name, value)
            for name, value in received.headers.items()
            if not _RECEIVED_ALWAYS_DIFFERENTLY.match(name)
        }
        return HttpResponse(received.status, headers, body)

    def exchange(self, exchange: Exchange) -> Exchange:
        """An exchange, both sides of it scrubbed."""
        return Exchange(self.sent(exchange.request), self.received(exchange.response))

    def body(self, body: bytes) -> bytes:
        """A body without secrets: the named fields of JSON and of forms, and every learnt secret elsewhere."""
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return body
        return self.text(self._fields_of(text)).encode()

    def _fields_of(self, text: str) -> str:
        try:
            tree = json.loads(text)
        except ValueError:
            return self._form(text)
        for name, value in secret_fields(tree, self._fields):
            text = _refilled(text, name, value, type(value)(self.learn(str(value), name)))
        return text

    def _form(self, text: str) -> str:
        pairs = parse_qsl(text, keep_blank_values=True)
        if not any(name.lower() in self._fields for name, _ in pairs):
            return text
        return urlencode([(name, self._named(name, value)) for name, value in pairs])

    def _url(self, url: str) -> str:
        parts = urlsplit(url)
        return self.text(urlunsplit(parts._replace(query=self._form(parts.query))))

    def _header(self, name: str, value: str) -> str:
        if name.lower() == "authorization":
            scheme, _, credential = value.partition(" ")
            return f"{scheme} {self.learn(credential, scheme.lower())}" if credential else self.learn(value, "key")
        return self._named(name, self.text(value))

    def _named(self, name: str, value: str) -> str:
        return self.learn(value, name) if name.lower() in self._fields and value else value


def secret_fields(tree: Any, names: Collection[str]) -> Iterator[tuple[str, str | int]]:  # noqa: ANN401 — any JSON
    """Names and values of the text and number fields with these names (in lower case), however deep they stand."""
    if isinstance(tree, dict):
        for name, value in tree.items():
            if name.lower() in names and isinstance(value, str | int) and not isinstance(value, bool):
                yield name, value
            else:
                yield from secret_fields(value, names)
    elif isinstance(tree, list):
        for entry in tree:
            yield from secret_fields(entry, names)


def secret_tokens(body: bytes, names: Collection[str]) -> set[str]:
    """The texts in JSON fields with these names (in lower case); none in another body."""
    try:
        tree = json.loads(body)
    except ValueError:
        return set()
    return {value for _, value in secret_fields(tree, names) if isinstance(value, str) and value}


def _refilled(text: str, name: str, old: str | int, new: str | int) -> str:
    # in place, so that spaces, order and doubled names stay as the carrier wrote them
    written = (re.escape(json.dumps(old)), re.escape(json.dumps(old, ensure_ascii=False)))
    pattern = rf'("{re.escape(name)}"\s*:\s*)(?:{"|".join(written)})'
    return re.sub(pattern, lambda match: match[1] + json.dumps(new), text)


def _first_number(name: str) -> int:
    """Where the numbers of a field's digits begin: not with those learnt before, for a replay learns fewer."""
    return sha256(name.encode()).digest()[0] % 99 * 10


def _like(secret: str, placeholder: str, number: int) -> str:
    """A placeholder that passes where the secret passed: digits for digits, a JWT with its times for a JWT."""
    if secret.isdigit():
        width = len(secret) - 1
        return f"9{number % 10**width:0{width}}" if width else "9"
    claims = jwt_claims(secret)
    if claims is None:
        return placeholder
    times = {name: claims[name] for name in _TIMES_OF_A_TOKEN if name in claims}
    return ".".join(_segment(part) for part in ({"alg": "none"}, times, placeholder))


def _is_placeholder(text: str) -> bool:
    """Whether a text is one of ours, of whichever scrubber: a recording is scrubbed again when it is replayed."""
    if PLACEHOLDER in text:
        return True
    if text.isascii() and text.isdigit():
        return len(text) >= EVERYWHERE and text[0] == "9" and int(text[1:]) < _MOST_NUMBERS
    return jwt_claims(text) is not None and text.rpartition(".")[2].startswith(_SIGNATURE)


def jwt_claims(token: str) -> dict[str, Any] | None:
    """What a JSON Web Token (RFC 7519) says, unverified; None for any other text."""
    parts = token.split(".")
    if len(parts) != 3:
        return None
    try:
        claims = json.loads(base64.urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
    except (ValueError, binascii.Error):
        return None
    return claims if isinstance(claims, dict) else None


def _segment(content: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


_SIGNATURE: Final = _segment(PLACEHOLDER)[:12]
"""How the last part of a token begins that stands for another: twelve signs for a quote and eight letters."""


def leaks(text: str, secrets: Iterable[str]) -> list[str]:
    """Which of the secrets stand in a text: plain, quoted for an URL, escaped for JSON, or inside base64."""
    unfolded = "\n".join([text, *_unfolded(text)])
    return [secret for secret in secrets if any(form in unfolded for form in _forms(secret))]


def _forms(secret: str) -> tuple[str, ...]:
    return (secret, quote(secret, safe=""), quote_plus(secret), json.dumps(secret)[1:-1], repr(secret)[1:-1])


def _unfolded(text: str) -> Iterator[str]:
    for run in set(_BASE64.findall(text)):
        padded = run.rstrip("=") + "=" * (-len(run.rstrip("=")) % 4)
        try:
            yield base64.b64decode(padded, altchars=b"-_" if "-" in run or "_" in run else None).decode("latin-1")
        except (ValueError, binascii.Error):
            continue


__all__ = ["EVERYWHERE", "PLACEHOLDER", "Scrubber", "jwt_claims", "leaks", "secret_fields", "secret_tokens"]
