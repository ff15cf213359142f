"""What a secret has from those before it: their living token, and the memory of when they worked."""

from collections.abc import Callable
from dataclasses import dataclass

from portes.clock import Clock
from portes.errors import CarrierError
from portes.toolbox.tokens.lineage import Lineage
from portes.toolbox.tokens.models import SecretHistory, Token, TokenKey
from portes.toolbox.tokens.storage import KeptToken, TokenStorage


@dataclass(frozen=True, slots=True)
class _InheritedToken:
    """A predecessor's token, and the name of the record that keeps it."""

    name: str
    kept: KeptToken


class Inheritance:
    """Finds the token that serves a new secret in the meantime, once, and then knows it by heart. Thread-safe.

    A storage that cannot be read leaves nothing to inherit and nothing to remember.
    """

    def __init__(self, storage: TokenStorage, clock: Clock, mask: Callable[[str, Token], None]) -> None:
        self._storage = storage
        self._clock = clock
        self._mask = mask
        self._found: dict[TokenKey, _InheritedToken] = {}
        self._rejected: set[TokenKey] = set()

    def living(self, key: TokenKey) -> KeptToken | None:
        """The predecessor's token, if the key inherits one that has not ended and that nobody rejected."""
        if not key.inherits or key in self._rejected:
            return None
        inherited = self._found.get(key)
        if inherited is None and (inherited := self._look(key)):
            self._mask(inherited.name, inherited.kept.token)  # before anybody has it
            self._found[key] = inherited
        return inherited.kept if inherited and self._clock.now() < inherited.kept.end else None

    def reject(self, key: TokenKey, token: Token) -> str | None:
        """Inherit no more if this token was inherited; the name of the record that keeps it."""
        inherited = self._found.get(key)
        if inherited is None or inherited.kept.token.value != token.value:
            return None
        self._rejected.add(key)
        return inherited.name

    def history(self, key: TokenKey, serving: KeptToken | None) -> SecretHistory:
        """What is remembered of the key's secret, and of the predecessor's token if that one is serving."""
        try:
            name, lineage = self._storage.name(key), self._lineage(key)
            kept = self._storage.read(name).kept
        except CarrierError:
            return SecretHistory()
        own, before = lineage.of(name), lineage.predecessor(name)
        if key.lineage and kept and (own.accepted_last is None or own.accepted_last < kept.fetched):
            own = own.accepted(kept.fetched)  # by another lineage, which shares this token
        return SecretHistory(
            own.first_tried,
            own.accepted_first,
            own.accepted_last,
            own.refused_first,
            before.accepted_last if before else None,
            serving.end if serving else None,
        )

    def _lineage(self, key: TokenKey) -> Lineage:
        return self._storage.lineage(key) if key.lineage else Lineage()

    def _look(self, key: TokenKey) -> _InheritedToken | None:
        try:
            name, lineage = self._storage.name(key), self._lineage(key)
            own = self._storage.read(name).kept
            before = lineage.predecessor(name)
            if before is None or lineage.of(name).accepted_first or (own and self._clock.now() < own.end):
                return None
            kept = self._storage.read(before.name).kept
        except CarrierError:
            return None
        return _InheritedToken(before.name, kept) if kept and self._clock.now() < kept.end else None


__all__ = ["Inheritance"]
