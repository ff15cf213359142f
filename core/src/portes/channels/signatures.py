"""Calls whose body is signed: the keyed digest over its raw bytes, and the settings of channels that have one."""

import hmac
from base64 import b64encode
from collections.abc import Sequence
from hashlib import sha256
from typing import Any, ClassVar, Final, Literal, Self

from pydantic import Field, model_validator

from portes.channels.base import MarketplaceChannel, TimedSettings
from portes.channels.credentials import CallerCredential, Credential, Expected, HeaderName, Secret
from portes.channels.problems import ChallengedError
from portes.channels.protocol import ChannelRequest, Storefront
from portes.channels.reading import OneOrMore
from portes.errors import Problem

_CHALLENGE: Final = 'Signature realm="portes"'

DigestForm = Literal["base64", "hex"]
"""How a digest is written in a header; hexadecimal in any case."""


class SignedSettings(TimedSettings):
    """Settings of a channel whose platform signs its calls; whatever is set must be right, both where both are."""

    signature_header: HeaderName | None = Field(default=None, description="The header with the signature.")
    secret: OneOrMore[Secret] | None = Field(
        default=None,
        description="The secret with which the platform signs each call, from its own panel; or a list while one"
        " replaces another. A call that is not signed with it is refused.",
    )
    auth: OneOrMore[CallerCredential] | None = Field(
        default=None,
        description="What a call must show besides, or in place of a signature: a table of kind `url_token`, `header`"
        " or `basic`, or a list of such tables, any of which opens. Without it and `secret` the store does not start.",
    )

    @model_validator(mode="after")
    def _knows_its_caller(self) -> Self:
        if self.secret is None and self.auth is None:
            msg = "neither secret nor auth is set, so anybody could ask; set secret, or auth to an address with a token"
            raise ValueError(msg)
        if self.secret is not None and self.signature_header is None:
            msg = "secret is set, and not in which header the signature stands; set signature_header, or remove secret"
            raise ValueError(msg)
        return self


class BodySignature:
    """The signature that a platform puts over a body: HMAC with SHA-256, in a header. Thread-safe."""

    def __init__(self, header: str, secrets: Sequence[Secret], form: DigestForm = "base64") -> None:
        self._header = header.lower()
        self._form = form
        self._keys = tuple([secret.get_secret_value().encode() for secret in secrets])

    @property
    def challenge(self) -> str:
        """The words by which a 401 asks for it in `WWW-Authenticate`."""
        return _CHALLENGE

    def expected(self) -> tuple[Expected, ...]:
        """The header, whose value no list can hold: it is another for each body."""
        return (Expected((self._header,), "", ()),)

    def headers(self) -> dict[str, str]:
        """No header, since the body is not known; see `signed`."""
        return {}

    def signed(self, body: bytes) -> dict[str, str]:
        """The header that a caller sends with a body, made with the first secret."""
        return {self._header: self._digest(self._keys[0], body).decode()}

    def stands_in(self, asked: ChannelRequest) -> bool:
        """Whether a call brings a signature at all, right or wrong."""
        return self._header in asked.headers

    def check(self, asked: ChannelRequest) -> None:
        """Compare the header with the body as it came, in constant time. Raises `UnauthorizedError`."""
        given = asked.headers.get(self._header, "").strip().encode("latin-1", "replace")
        given = given.lower() if self._form == "hex" else given
        if not any([hmac.compare_digest(given, self._digest(key, asked.body)) for key in self._keys]):  # noqa: C419 -- no short cut
            raise self._refusal(
                "the signature is missing, or not made of this body with the secret that is set up here"
            )

    def require(self, asked: ChannelRequest) -> None:
        """Refuse a call without any signature before its body is read. Raises `UnauthorizedError`."""
        if not asked.headers.get(self._header):
            raise self._refusal(f"the call has no signature in the header {self._header}")

    def _digest(self, key: bytes, body: bytes) -> bytes:
        made = hmac.digest(key, body, sha256)
        return b64encode(made) if self._form == "base64" else made.hex().encode()

    @staticmethod
    def _refusal(cause: str) -> ChallengedError:
        return ChallengedError(Problem(where="headers", value="", cause=cause), _CHALLENGE)


class SignedChannel(MarketplaceChannel):
    """Base of a channel whose platform signs the bodies of its calls."""

    signature_form: ClassVar[DigestForm] = "base64"
    """How its platform writes the digest."""
    demands_signature: ClassVar[bool] = True
    """Whether a call without a signature is refused where a secret is set; otherwise a signature that comes must be
    right, and `auth` alone tells the caller where none comes."""

    def __init__(self, settings: SignedSettings, storefront: Storefront) -> None:
        header = settings.signature_header
        self._signature = (
            BodySignature(header, settings.secret, self.signature_form) if settings.secret and header else None
        )
        shown: list[Credential] = [*(settings.auth or ())]
        self._is_gated = bool(shown)
        super().__init__(settings, storefront, shown or [self._signature] if self._signature else shown)

    def authenticate(self, asked: ChannelRequest) -> None:
        """Check what stands in headers and address, and that there is a signature. Raises `UnauthorizedError`."""
        if self._is_gated:
            super().authenticate(asked)
        if self._signature is not None and self.demands_signature:
            self._signature.require(asked)

    def verify(self, asked: ChannelRequest) -> None:
        """Check the signature over the body. Raises `UnauthorizedError`."""
        signature = self._signature
        if signature is not None and (self.demands_signature or signature.stands_in(asked)):
            signature.check(asked)

    def signed(self, body: bytes) -> dict[str, str]:
        """The header with which the platform signs a body; none where no secret is set."""
        return self._signature.signed(body) if self._signature is not None else {}

    def call(self, method: str, *, body: bytes = b"", **others: Any) -> ChannelRequest:  # noqa: ANN401 — as its base
        """A call as the platform makes it, signed."""
        headers = {name.replace("-", "_"): text for name, text in self.signed(body).items()}
        return super().call(method, body=body, **headers, **others)
