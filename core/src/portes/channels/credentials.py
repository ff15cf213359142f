"""Who may ask: credentials as the settings hold them, and the gate that compares them."""

import re
from base64 import b64encode
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from hmac import compare_digest
from typing import Annotated, Final, Literal, Protocol, get_args, runtime_checkable
from urllib.parse import quote

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr

from portes.channels.problems import ChallengedError
from portes.channels.protocol import ChannelRequest
from portes.errors import Problem, UnauthorizedError, shown

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


def _fit_for_an_address(token: SecretStr) -> SecretStr:
    if not _SEGMENT.fullmatch(token.get_secret_value()):
        msg = (
            "holds a sign that an address would change; make one of letters, digits, - and _ with"
            ' python -c "import secrets; print(secrets.token_urlsafe())"'
        )
        raise ValueError(msg)
    return token


Key = Annotated[Secret, AfterValidator(_long_enough)]
"""A secret that we issue to callers."""

HeaderName = Annotated[str, Field(pattern=r"^[A-Za-z0-9!#$%&'*+.^_`|~-]+$", max_length=100)]
"""The name of a header (RFC 9110, 5.1), in any case."""

_SEGMENT: Final = re.compile(r"[A-Za-z0-9_-]+")


Place = Literal["header", "query", "path"]
_PLACES: Final[tuple[Place, ...]] = get_args(Place)


@dataclass(frozen=True, slots=True)
class Expected:
    """One value that a credential wants to see: a header's, a parameter's, or the secret segment of the address."""

    names: tuple[str, ...]
    """Its spellings, those of a header in lower case; the first that came counts."""
    scheme: str
    """The scheme before the value, lower case; empty when the whole value counts."""
    forms: tuple[bytes, ...] = field(repr=False)
    """The value, once per text encoding a caller may have used."""
    place: Place = "header"
    """Where it stands in a call."""

    def met(self, asked: ChannelRequest) -> bool:
        """Whether the value is there; the comparison takes as long whether it is or not."""
        value = asked.token if self.place == "path" else self._named(asked)
        if self.scheme:
            scheme, _, value = value.partition(" ")
            value = value.strip() if scheme.lower() == self.scheme else ""
        given = _wire(value)
        return any([compare_digest(given, form) for form in self.forms])  # noqa: C419 -- no short cut: every form is compared

    def _named(self, asked: ChannelRequest) -> str:
        values = asked.headers if self.place == "header" else asked.query
        return next((values[name] for name in self.names if name in values), "").strip()


class Credential(Protocol):
    """Something that a caller can show to prove who it is."""

    @property
    def challenge(self) -> str:
        """The words by which a 401 asks for it in `WWW-Authenticate`."""
        ...

    def expected(self) -> tuple[Expected, ...]:
        """What it wants to see, all of it."""
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
    """A header with a value agreed word for word; scheme and case count."""

    kind: Literal["header"]
    name: HeaderName = Field(
        "Authorization",
        description="The header's name, in any case; the marketplace's own, or one that you agreed with it.",
    )
    value: Secret = Field(description="The whole value of the header, such as `BASIC abc123`.")

    @property
    def challenge(self) -> str:
        """The words by which a 401 asks for it in `WWW-Authenticate`."""
        return 'Verbatim realm="portes"'

    def expected(self) -> tuple[Expected, ...]:
        """One header, compared as it is."""
        return (Expected((self.name.lower(),), "", _encodings(self.value.get_secret_value())),)

    def headers(self) -> dict[str, str]:
        """The header that a caller sends, its secret in clear."""
        return {self.name.lower(): self.value.get_secret_value()}


class UrlTokenCredential(_Table):
    """A secret segment of the address: `/v1/{store}/{channel}/{token}`, for callers that send no credentials at all."""

    kind: Literal["url_token"]
    token: Annotated[Key, AfterValidator(_fit_for_an_address)] = Field(
        description=f"The segment, of at least {SHORTEST_KEY} letters, digits, hyphens and underscores. You make it up"
        " yourself and give the marketplace the whole address; whoever knows it may ask.",
    )

    @property
    def challenge(self) -> str:
        """The words by which a 401 asks for it in `WWW-Authenticate`."""
        return 'Address realm="portes"'

    def expected(self) -> tuple[Expected, ...]:
        """The segment of the address."""
        return (Expected(("token",), "", _encodings(self.token.get_secret_value()), place="path"),)

    def headers(self) -> dict[str, str]:
        """No header: the address alone holds it."""
        return {}


class QueryTokenCredential(_Table):
    """A parameter of the address with a secret: `?token=…`, as platforms have it that send no headers."""

    kind: Literal["query_token"]
    name: str = Field(default="token", description="The parameter's name.")
    token: Secret = Field(description="The parameter's value.")

    @property
    def challenge(self) -> str:
        """The words by which a 401 asks for it in `WWW-Authenticate`."""
        return 'Query realm="portes"'

    def expected(self) -> tuple[Expected, ...]:
        """The parameter, whose value is compared as it was decoded."""
        return (Expected((self.name,), "", _encodings(self.token.get_secret_value()), place="query"),)

    def headers(self) -> dict[str, str]:
        """No header: the address alone holds it."""
        return {}

    def query(self) -> str:
        """The parameter that a caller sends, percent-encoded, its secret in clear."""
        return f"{quote(self.name, safe='')}={quote(self.token.get_secret_value(), safe='')}"


CallerCredential = Annotated[
    BasicCredential | HeaderCredential | UrlTokenCredential,
    Field(discriminator="kind"),
]
"""How a caller may prove itself whose platform prescribes nothing, or says nothing about it."""


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
        met = [all([value.met(asked) for value in values]) for values in self._wanted]  # noqa: C419 -- no short cut
        if not any(met):
            cause = "the credentials are missing, or not those that this channel was set up with"
            raise ChallengedError(Problem(where="headers", value="", cause=cause), self._challenge)


def without_credentials(channel: object, asked: ChannelRequest) -> ChannelRequest:
    """The same call of somebody who knows no credential of a channel: neither its headers nor its address."""
    shown = channel.credentials if isinstance(channel, Guarded) else ()
    wanted = [value for credential in shown for value in credential.expected()]
    names = {place: {name for value in wanted if value.place == place for name in value.names} for place in _PLACES}
    pairs = [pair for pair in asked.raw_query.split("&") if pair.partition("=")[0] not in names["query"]]
    return replace(
        asked,
        token="",
        headers={name: value for name, value in asked.headers.items() if name not in names["header"]},
        query={name: value for name, value in asked.query.items() if name not in names["query"]},
        raw_query="&".join(pairs),
    )


def check_store_id(ours: str | None, theirs: object, where: str) -> None:
    """Raise `UnauthorizedError` at `where` for a call that names another store of its platform than `ours`.

    What opens the address of one store says nothing of another one. None leaves it open whose calls they are.
    """
    if ours is not None and str(theirs) != ours:
        raise UnauthorizedError(
            Problem(
                where, shown(theirs), f"the call is for another store than the one that is set up here, by its {where}"
            )
        )


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
