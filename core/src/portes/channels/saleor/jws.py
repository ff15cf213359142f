"""Signatures of Saleor: JWS over the raw body (RFC 7515, RFC 7797), by public keys that the settings hold.

PyJWT is imported where keys are set up and nowhere else; it reads the keys and does the arithmetic. What a signature
must look like is held here, and tighter than PyJWT does: the platform signs its access tokens with the same key, and a
token has a body of its own, so that it would pass for a signature of any call.
"""

from base64 import urlsafe_b64decode
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, Final

import orjson

from portes.channels.credentials import Expected
from portes.channels.problems import ChallengedError
from portes.channels.protocol import ChannelRequest
from portes.errors import Problem, SettingsError

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

_CHALLENGE: Final = 'Signature realm="portes"'
_ALGORITHM: Final = "RS256"
_PARTS: Final = 3


class SaleorSignature:
    """A detached JWS with RS256 over the body as it came, in a header. Thread-safe."""

    def __init__(self, header: str, texts: Sequence[str], where: str) -> None:
        """Read the public keys of the settings.

        Args:
            header: the name of the header.
            texts: public keys as PEM, or as a JSON Web Key or a set of them.
            where: of the setting that holds them, for problems.

        Raises `SettingsError` for a text without a public RSA key, and where PyJWT is not installed.
        """
        self._header = header.lower()
        try:
            from jwt.algorithms import RSAAlgorithm  # an extra, which most stores do without
        except ImportError:
            cause = "needs the packages PyJWT and cryptography, which are not installed"
            raise SettingsError(Problem(where, "", cause, "pip install 'portes[saleor]'")) from None
        self._algorithm = RSAAlgorithm(RSAAlgorithm.SHA256)
        self._keys = tuple([key for text in texts for key in self._read(text, where)])

    @property
    def challenge(self) -> str:
        """The words by which a 401 asks for it in `WWW-Authenticate`."""
        return _CHALLENGE

    def expected(self) -> tuple[Expected, ...]:
        """The header, whose value no list can hold: it is another for each body."""
        return (Expected((self._header,), "", ()),)

    def headers(self) -> dict[str, str]:
        """No header: only the platform has the key that signs."""
        return {}

    def require(self, asked: ChannelRequest) -> None:
        """Refuse a call without any signature before its body is read. Raises `UnauthorizedError`."""
        if not asked.headers.get(self._header):
            raise _refusal(f"the call has no signature in the header {self._header}")

    def check(self, asked: ChannelRequest) -> None:
        """Hold the header to the body as it came. Raises `UnauthorizedError`."""
        parts = asked.headers.get(self._header, "").strip().split(".")
        # an empty part in the middle: what is signed is the body, and nothing that the signature brings along
        if len(parts) == _PARTS and not parts[1] and _is_meant(parts[0]) and self._is_of_a_key(parts, asked.body):
            return
        raise _refusal("the signature is missing, or not made of this body with a key that is set up here")

    def _is_of_a_key(self, parts: Sequence[str], body: bytes) -> bool:
        try:
            signature = _decoded(parts[2])
        except ValueError:
            return False
        signed = b".".join((parts[0].encode(), body))
        return any(self._algorithm.verify(signed, key, signature) for key in self._keys)

    def _read(self, text: str, where: str) -> Iterator["RSAPublicKey"]:
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

        # none of the text is told: somebody may have put a private key there
        fix = "write file:PATH of the set of keys that the platform shows at /.well-known/jwks.json, or of a PEM"
        try:
            found = list(self._keys_in(text))
        except Exception:  # noqa: BLE001 -- PyJWT and cryptography raise many kinds for a text that is no key
            raise SettingsError(Problem(where, "", "holds no public key that can be read", fix)) from None
        if not found or not all(isinstance(key, RSAPublicKey) for key in found):
            raise SettingsError(Problem(where, "", "holds no key, or one that is no public RSA key", fix))
        yield from found

    def _keys_in(self, text: str) -> Iterator[Any]:
        if not text.lstrip().startswith("{"):
            yield self._algorithm.prepare_key(text)
            return
        told = orjson.loads(text)
        for key in told.get("keys", [told]):
            if key.get("kty") == "RSA":  # a set may hold keys of other kinds for other uses
                yield self._algorithm.from_jwk(key)


def _is_meant(part: str) -> bool:
    """Whether a header is that of RS256 over a payload that is neither encoded nor enclosed."""
    try:
        header = orjson.loads(_decoded(part))
    except ValueError:
        return False
    return (
        isinstance(header, dict)
        and header.get("alg") == _ALGORITHM
        and header.get("b64") is False
        # older releases of the platform leave out `crit`, which RFC 7797 demands beside `b64`
        and header.get("crit", ["b64"]) == ["b64"]
    )


def _decoded(part: str) -> bytes:
    return urlsafe_b64decode(part.encode() + b"=" * (-len(part) % 4))


def _refusal(cause: str) -> ChallengedError:
    return ChallengedError(Problem(where="headers", value="", cause=cause), _CHALLENGE)
