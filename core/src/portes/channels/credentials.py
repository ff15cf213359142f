"""Who may ask: credentials as the settings hold them, and the gate that compares them."""

from base64 import b64encode
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hmac import compare_digest
from typing import Annotated, Final, Literal, Protocol, runtime_checkable

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from portes.channels.problems import ChallengedError
from portes.channels.protocol import ChannelRequest
from portes.errors import Problem

Secret = Annotated[SecretStr, Field(min_length=1)]
"""A secret that is not empty: an empty one would let everybody in."""


SHORTEST_KEY: Final = 16
"""Characters that a key has which a shop makes up itself: it costs nothing, and no word or guess comes near."""


def _long_enough(key: SecretStr) -> SecretStr:
    if len(key.get_secret_value()) < SHORTEST_KEY:
        msg = (
            f"has fewer than {SHORTEST_KEY} characters; make one with openssl rand -base64 32, "
            'or with python -c "import secrets; print(secrets.token_urlsafe())"'
        )
        raise ValueError(msg)
    return key


Key = Annotated[Secret, AfterValidator(_long_enough)]
"""A secret that we issue to callers."""


@dataclass(frozen=True, slots=True)
class Expected:
    """One header that a credential wants to see."""

    names: tuple[str, ...]
    """Its spellings, lower case; the first that came counts."""
    scheme: str
    """The scheme before the value, lower case; empty when the whole value counts."""
    forms: tuple[bytes, ...] = field(repr=False)
    """The value, once per text encoding a caller may have used."""

    def met(self, headers: Mapping[str, str]) -> bool:
        """Whether the header is there with the value; the comparison takes as long whether it is or not."""
        value = next((headers[name] for name in self.names if name in headers), "").strip()
        if self.scheme:
            scheme, _, value = value.partition(" ")
            value = value.strip() if scheme.lower() == self.scheme else ""
        given = _wire(value)
        return any([compare_digest(given, form) for form in self.forms])  # noqa: C419 -- no short cut: every form is compared


class Credential(Protocol):
    """Something that a caller can show to prove who it is."""

    @property
    def challenge(self) -> str:
        """The words by which a 401 asks for it in `WWW-Authenticate`."""
        ...

    def expected(self) -> tuple[Expected, ...]:
        """The headers it wants to see, all of them."""
        ...

    def headers(self) -> dict[str, str]:
        """The headers a caller sends, for examples and the demo. Holds the secret in clear."""
        ...


@runtime_checkable
class Guarded(Protocol):
    """A channel that asks for credentials, and says for which."""

    @property
    def credentials(self) -> Sequence[Credential]:
        """What a caller may show: any one of them opens."""
        ...


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class BasicCredential(_Table):
    """`Authorization: Basic base64(username:password)` (RFC 7617); the scheme in any case."""

    kind: Literal["basic"]
    username: str = Field(pattern=r"^[^:\x00-\x1f\x7f]+$", description="The user name; a colon would end it.")
    password: Secret = Field(description="The password.")

    @property
    def challenge(self) -> str:
        """The words by which a 401 asks for it in `WWW-Authenticate`."""
        return 'Basic realm="portes", charset="UTF-8"'

    def expected(self) -> tuple[Expected, ...]:
        """One `Authorization` header; the pair encoded as UTF-8 or as Latin-1, since no charset is agreed."""
        pair = f"{self.username}:{self.password.get_secret_value()}"
        return (Expected(("authorization",), "basic", tuple(b64encode(form) for form in _encodings(pair))),)

    def headers(self) -> dict[str, str]:
        """The header that a caller sends, its secret in clear."""
        pair = f"{self.username}:{self.password.get_secret_value()}"
        return {"authorization": f"Basic {b64encode(pair.encode()).decode()}"}


class AppKeyCredential(_Table):
    """The headers `APP_KEY` and `APP_TOKEN`, also as `APP-KEY` and `APP-TOKEN`: proxies rename or drop underscores."""

    kind: Literal["app_key"]
    app_key: Secret = Field(description="What the marketplace sends as `APP_KEY`.")
    app_token: Secret = Field(description="What the marketplace sends as `APP_TOKEN`.")

    @property
    def challenge(self) -> str:
        """The words by which a 401 asks for it in `WWW-Authenticate`."""
        return 'APP_KEY realm="portes"'

    def expected(self) -> tuple[Expected, ...]:
        """Both headers, each in its two spellings."""
        return tuple(
            Expected((name, name.replace("_", "-")), "", _encodings(value)) for name, value in self.headers().items()
        )

    def headers(self) -> dict[str, str]:
        """The two headers that a caller sends, their secrets in clear."""
        return {"app_key": self.app_key.get_secret_value(), "app_token": self.app_token.get_secret_value()}


class HeaderCredential(_Table):
    """`Authorization` with a value agreed word for word; scheme and case count."""

    kind: Literal["header"]
    value: Secret = Field(description="The whole value of the `Authorization` header, such as `BASIC abc123`.")

    @property
    def challenge(self) -> str:
        """The words by which a 401 asks for it in `WWW-Authenticate`."""
        return 'Verbatim realm="portes"'

    def expected(self) -> tuple[Expected, ...]:
        """One `Authorization` header, compared as it is."""
        return (Expected(("authorization",), "", _encodings(self.value.get_secret_value())),)

    def headers(self) -> dict[str, str]:
        """The header that a caller sends, its secret in clear."""
        return {"authorization": self.value.get_secret_value()}


class BearerCredential(_Table):
    """`Authorization: Bearer key` (RFC 6750); the scheme in any case."""

    key: Secret

    @property
    def challenge(self) -> str:
        """The words by which a 401 asks for it in `WWW-Authenticate`."""
        return 'Bearer realm="portes"'

    def expected(self) -> tuple[Expected, ...]:
        """One `Authorization` header of the scheme Bearer."""
        return (Expected(("authorization",), "bearer", _encodings(self.key.get_secret_value())),)

    def headers(self) -> dict[str, str]:
        """The header that a caller sends, its secret in clear."""
        return {"authorization": f"Bearer {self.key.get_secret_value()}"}


class Gate:
    """The check of credentials: a call that shows any one of them passes, another learns nothing of them."""

    def __init__(self, credentials: Iterable[Credential]) -> None:
        known = tuple(credentials)
        self._wanted = tuple(credential.expected() for credential in known)
        self._challenge = ", ".join(dict.fromkeys(credential.challenge for credential in known))

    def check(self, asked: ChannelRequest) -> None:
        """Compare every credential, in constant time. Raises `UnauthorizedError`."""
        met = [all([header.met(asked.headers) for header in headers]) for headers in self._wanted]  # noqa: C419 -- no short cut
        if not any(met):
            cause = "the credentials are missing, or not those that this channel was set up with"
            raise ChallengedError(Problem(where="headers", value="", cause=cause), self._challenge)


def _encodings(text: str) -> tuple[bytes, ...]:
    forms = [text.encode()]
    with suppress(UnicodeEncodeError):  # not every text has a Latin-1 form
        forms.append(text.encode("latin-1"))
    return tuple(dict.fromkeys(forms))


def _wire(text: str) -> bytes:
    # servers hand header bytes over as Latin-1; text beyond it did not come over the wire
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        return text.encode(errors="surrogatepass")
