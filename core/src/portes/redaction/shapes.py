"""The shapes that secrets travel in, and which of them may read like a word."""

import base64
import html
import itertools
import json
import re
from collections.abc import Collection, Iterable, Iterator
from typing import Final, NamedTuple
from urllib.parse import quote, quote_plus

MASK: Final = "•••"
"""What stands where a secret stood."""
CUT: Final = "…"
"""What stands where a text was cut."""

_QUOTED: Final = re.compile(r"%[0-9A-F]{2}")

SURE: Final = 16
"""Characters from which a secret is no word of anybody's: it is masked wherever it stands, in keys and words too.

A shorter one, which may read like a word, is masked where it is a whole value or a word of its own.
"""
LONG: Final = 8
"""Characters from which it is looked for in names and texts of ours as well, and from which no advice is given."""
STUMP: Final = 4
"""Characters from which what a cut left of a secret is told from a word."""
_PLAIN: Final = re.compile(rb"[A-Za-z0-9]+")
"""A run of signs that no shape changes."""


class SecretShapes(NamedTuple):
    """The shapes of some secrets."""

    sure: frozenset[str]
    """Those that are no word: masked wherever they stand."""
    words: frozenset[str]
    """Those that may read like a word."""

    @classmethod
    def of(cls, secrets: Iterable[str], pairs: Iterable[tuple[str, str]] = ()) -> "SecretShapes":
        """The shapes of secrets, and of passwords with their users."""
        shapes, encoded = set[str](), set[str]()
        for secret in secrets:
            shapes.update(_written(secret))
            (encoded if len(secret) >= LONG else shapes).update(_encoded(secret))
        for user, password in pairs:
            (encoded if len(password) >= LONG else shapes).update(_encoded(f"{user}:{password}"))
        sure = encoded | {shape for shape in shapes if len(shape) >= SURE}
        return cls(frozenset(sure - {""}), frozenset(shapes - sure - {""}))

    @classmethod
    def all_of(cls, known: Collection["SecretShapes"]) -> "SecretShapes":
        """The shapes of all of these together."""
        sure = frozenset[str]().union(*(each.sure for each in known))
        return cls(sure, frozenset[str]().union(*(each.words for each in known)) - sure)

    @property
    def cut_ones(self) -> tuple[str, ...]:
        """Those of which a cut may leave a beginning that can be told."""
        return tuple(shape for shape in (*self.sure, *self.words) if len(shape) > STUMP)


def longest_first(shapes: Iterable[str]) -> list[str]:
    """The shapes sorted so that one within another comes after it."""
    return sorted(shapes, key=lambda shape: (-len(shape), shape))


def echoes_of(shapes: Iterable[str]) -> "Echoes":
    """The secrets as a body may hold them, without those that read like a price or a number."""
    sure = [shape for shape in shapes if len(shape) >= SURE and any(map(str.isalpha, shape))]
    written = {shape.encode(charset, "replace") for shape in sure for charset in ("utf-8", "latin-1")}
    needles: list[bytes] = []
    for plain in sorted({max(_PLAIN.findall(shape), key=len, default=b"") for shape in written}, key=len):
        needles += [] if any(each in plain for each in needles) else [plain]
    return Echoes(tuple(sorted(written, key=len, reverse=True)), tuple(needles))


class Echoes(NamedTuple):
    """A secret, or several, as a body may hold them."""

    shapes: tuple[bytes, ...]
    """Longest first."""
    needles: tuple[bytes, ...]
    """What some part of each shape is: a body without any of them holds no shape, and is looked through sooner."""

    def masked(self, body: bytes) -> bytes:
        """The body without the shapes."""
        if any(needle in body for needle in self.needles):
            for shape in self.shapes:
                body = body.replace(shape, MASK.encode())
        return body


def _written(secret: str) -> Iterator[str]:
    yield secret
    for quoted in (quote(secret, safe=""), quote(secret), quote_plus(secret)):
        yield from (quoted, _QUOTED.sub(lambda sign: sign[0].lower(), quoted))
    for escaped in (json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]):
        yield from (escaped, escaped.replace("/", r"\/"), json.dumps(escaped)[1:-1])
    yield html.escape(secret)


def _encoded(text: str) -> Iterator[str]:
    for encode, charset in itertools.product((base64.b64encode, base64.urlsafe_b64encode), ("utf-8", "latin-1")):
        raw = text.encode(charset, "replace")
        yield encode(raw).decode().rstrip("=")
        for before in range(3) if len(raw) >= LONG else ():  # other bytes around it change the signs at its ends
            whole = (before + len(raw)) * 8 // 6
            yield encode(bytes(before) + raw).decode()[before + 1 if before else 0 : whole]
