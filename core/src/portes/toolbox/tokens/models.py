"""What a token cache keeps and for whom: tokens, their keys, what is remembered of a secret, the vendors' limits."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Final

from pydantic import Field, SecretStr

TokenText = Annotated[str, Field(strict=True, pattern=r"^[!-~]+$", max_length=16_384)]
"""A field for a token as it comes: what a header can hold, nothing else."""

_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FOR_EVER: Final = datetime(9000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Token:
    """What a login gave: a secret with an end. Its repr shows neither the secret nor the facts."""

    value: SecretStr
    expires: datetime
    """Aware. When the carrier says it ends; between 1970 and 9000, so that it can be counted with in any zone."""
    facts: Mapping[str, str] = field(default_factory=dict, repr=False)
    """What else the login's answer said and the carrier needs again, as text: a contract number, a region."""

    def __post_init__(self) -> None:
        if self.expires.tzinfo is None:
            msg = "a token's end needs its time zone: carriers count in their own"
            raise ValueError(msg)
        object.__setattr__(self, "expires", min(max(self.expires, _NEVER), _FOR_EVER))


@dataclass(frozen=True, slots=True)
class TokenKey:
    """Whose token it is. Another host, account or secret is another key, so a wrong password borrows nothing.

    Only a key that `inherits` is served with a token of another secret: the one before it in its own lineage.
    """

    host: str
    """Where the token is asked for and valid: `api.example.com`; production and tests are two."""
    account: str
    """Who asks: the login, and what narrows the token down, such as a posting card."""
    secret: SecretStr
    """What the login proves itself with; kept nowhere, only a keyed hash of it names a file."""
    lineage: str = ""
    """Whose secret it is, as `tools.lineage` says it; without one nothing is remembered of the secret.

    The secrets that the same host, account and lineage had before are its predecessors.
    """
    inherits: bool = False
    """Whether the living token of the predecessor serves until a login with this secret is first accepted."""

    def __post_init__(self) -> None:
        if self.inherits and not self.lineage:
            msg = "a key without a lineage has nobody to inherit from: set lineage=tools.lineage"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class SecretHistory:
    """What is remembered of a secret; aware moments, None where it never happened or nothing is known."""

    first_tried: datetime | None = None
    """When this very secret was first shown to the carrier, who accepted or refused it."""
    accepted_first: datetime | None = None
    """When a login with it was first accepted."""
    accepted_last: datetime | None = None
    """When a login with it was last accepted."""
    refused_first: datetime | None = None
    """Its first refusal since it was last accepted."""
    predecessor_accepted_last: datetime | None = None
    """When another secret of the same host, account and lineage was last accepted."""
    predecessor_serves_until: datetime | None = None
    """The end of the predecessor's token, where that one serves now."""


@dataclass(frozen=True, slots=True)
class FetchLimit:
    """How often a vendor lets tokens be fetched: `times` in any `seconds`, counted for everybody with this `key`.

    The key is what the vendor counts by, usually the host. Allow a little more than the vendor's `seconds`: a request
    that was quick on its way follows closer on a slow one than it was sent.
    """

    key: str
    times: int
    seconds: float
