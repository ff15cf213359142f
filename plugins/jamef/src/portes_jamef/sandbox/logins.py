"""The simulator's logins: any user and password open it, one a minute from each address; it knows no price.

Ours, because nobody published them: that a refused login counts as well, and the texts of refusals.
"""

import base64
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from threading import Lock
from typing import Final

from portes_jamef.sandbox.replies import Call, Rejected, Reply, complaint, gateway, well

LIFE: Final = timedelta(hours=1)
PAUSE: Final = timedelta(minutes=1)
"""Between two logins from one address."""


@dataclass(frozen=True)
class Grant:
    """What a token opens, and how long."""

    ends: datetime
    dead: bool
    """Whether it is refused from its birth: the mood in which tokens end before they should."""


class Logins:
    """Gives tokens and checks them. Thread-safe."""

    def __init__(self, moods: Collection[str]) -> None:
        self._moods = moods
        self._lock = Lock()
        self._grants: dict[str, Grant] = {}
        self._last: dict[str, datetime] = {}

    def login(self, call: Call) -> Reply:
        """Answer a login. Raises `Rejected`."""
        user, password = (call.fields.get(name) for name in ("username", "password"))
        with self._lock:
            self._count(call)
            if not all(isinstance(each, str) and each for each in (user, password)):
                raise Rejected(
                    complaint(call, 400, "Requisição inválida.", "required key [username, password]", "login")
                )
            if "wrong_password" in self._moods:
                raise Rejected(complaint(call, 401, "Usuário ou senha inválidos.", None, "login"))
            if "approval_pending" in self._moods:
                raise Rejected(complaint(call, 403, "Acesso aguardando aprovação.", None, "login"))
            token = _token(str(user), call.moment, len(self._grants))
            first = not self._grants
            self._grants[token] = Grant(call.moment + LIFE, dead=first and "token_expired_early" in self._moods)
        refresh = sha256(f"simulated refresh token after {token}".encode()).hexdigest()
        granted = {"accessToken": token, "refreshToken": refresh, "expiresIn": int(LIFE.total_seconds())}
        return well(call, "Usuário autenticado com sucesso.", [granted])

    def check(self, call: Call) -> None:
        """Look at the token of a call. Raises `Rejected`."""
        scheme, _, token = call.authorization.partition(" ")
        grant = self._grants.get(token)
        if scheme != "Bearer" or grant is None or grant.dead or grant.ends <= call.moment:
            raise Rejected(gateway(401, "Invalid or expired token"))

    def _count(self, call: Call) -> None:
        last = self._last.get(call.address)
        if last is not None and call.moment < last + PAUSE:
            raise Rejected(gateway(429, "Quota has been exceeded"))
        self._last[call.address] = call.moment


def _token(user: str, moment: datetime, number: int) -> str:
    """A JSON Web Token in its form, signed by nobody; another one each time."""
    issued = int(moment.timestamp())
    claims = {"sub": user, "jti": number, "iat": issued, "exp": issued + int(LIFE.total_seconds())}
    signature = sha256(f"simulated signature of {claims}".encode()).digest()
    parts = (json.dumps({"alg": "RS256"}).encode(), json.dumps(claims).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).rstrip(b"=").decode() for part in parts)
