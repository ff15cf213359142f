"""How a check says that a plugin breaks the contract."""

from collections.abc import Iterable


class BrokenContractError(AssertionError):
    """The plugin does not keep what all of its kind promise. The text says what, and what it costs in real life."""


def require(holds: object, what: str) -> None:
    """Raise `BrokenContractError` saying `what`, unless it holds."""
    if not holds:
        raise BrokenContractError(what)


def require_none(breaches: Iterable[str], what: str) -> None:
    """Raise `BrokenContractError` with every breach under `what`, unless there is none."""
    found = list(dict.fromkeys(breaches))
    if found:
        lines = "\n".join(f"  - {breach}" for breach in found)
        msg = f"{what}:\n{lines}"
        raise BrokenContractError(msg)


__all__ = ["BrokenContractError", "require", "require_none"]
