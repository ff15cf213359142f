"""What every noun of the contract shares: frozen and strict; it knows no noun by name."""

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Natural = Annotated[int, Field(strict=True, ge=0)]
"""A whole number, zero or more; neither text nor a float nor a truth value passes."""

Positive = Annotated[int, Field(strict=True, ge=1)]
"""A whole number, one or more."""

Text = Annotated[str, Field(min_length=1, max_length=200)]
"""A short text that is not empty."""


class Noun(BaseModel):
    """Base of the contract: immutable, and an unknown field is an error at the door."""

    model_config = ConfigDict(frozen=True, extra="forbid")
