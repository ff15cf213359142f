"""Correos's words: what is asked and what the answers mean, both pure; it knows no connection and no price."""

from base64 import urlsafe_b64decode
from binascii import Error as NotBase64
from codecs import BOM_UTF8
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, Field, RootModel, SecretStr, TypeAdapter, ValidationError

from portes.contract import PickupKind, PickupPoint
from portes.contract.bounds import FARTHEST, LONGEST_NAME
from portes.errors import (
    GarbledError,
    RejectedCredentialsError,
    RejectedRequestError,
    UnreachableError,
    cut,
    shown,
)
from portes.toolbox import HttpResponse, Token, TokenText, json_of, read_json, status_error, validated

TERMINALS: Final = "/logistics/terminals/api/v1/homepaqs"
SUGGESTIONS: Final = "/digital-services/searchloc/api/v1/suggestions"
OFFICES: Final = "/digital-services/searchloc/api/v1/offices"

WIDE: Final = 20_000
"""Metres within which offices are looked for once the usual answer was empty."""
FALLBACK_LIFE: Final = timedelta(minutes=25)
"""How long a token is used whose own end cannot be read: public sources contradict each other on `expiresIn`."""
NO_COLLECTION: Final = frozenset({"EAM"})
"""Kinds of office where nothing can be fetched."""
_RURAL: Final = "ENLACE RURAL"
_PUBLIC: Final = frozenset({"", "P", "PUBLICO"})

_DISTANCE: Final = TypeAdapter(Annotated[float, Field(ge=0, le=FARTHEST, allow_inf_nan=False)])
"""Metres."""
_TOKEN: Final = TypeAdapter(TokenText)

Words = Annotated[str, Field(coerce_numbers_to_str=True)]


class WrongSecretError(RejectedCredentialsError):
    """Correos ID does not accept client id and secret."""


class NotActivatedError(RejectedCredentialsError):
    """Correos ID knows the application, and nobody at Correos activated it yet."""


class WrongScopeError(RejectedCredentialsError):
    """A token was granted, and the API does not accept it."""


class TokenUnseenError(RejectedRequestError):
    """A call was made with a token, and the API says that it needs one."""


class NotSubscribedError(RejectedCredentialsError):
    """The gateway does not let the portal's application use this API."""


class BlockedError(UnreachableError):
    """The firewall before Correos answered, not Correos."""


def token_form(client_id: str, secret: str, scope: str) -> dict[str, str]:
    """The form that a token is asked for with."""
    return {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret, "scope": scope}


def gateway_headers(token: Token, client_id: str, secret: str) -> dict[str, str]:
    """What each call to the gateway shows: the token, and the portal application's own pair."""
    return {
        "Authorization": f"Bearer {token.value.get_secret_value()}",
        "client_id": client_id,
        "client_secret": secret,
        "Accept": "application/json",
    }


def terminals_near(postal_code: str) -> dict[str, str]:
    """The parameters of the list of active public lockers of a postal code."""
    return {"postalCode": postal_code, "visible": "S", "terminalStates": "ACTIVO"}


def offices_near(middle: "Middle", distance: int | None = None) -> dict[str, str]:
    """The parameters of the list of offices around a point; `distance` in metres."""
    wide = {} if distance is None else {"distance": str(distance)}
    return {"latitude": str(middle.latitude), "longitude": str(middle.longitude), **wide}


def read_token(received: HttpResponse, now: datetime) -> Token:
    """The token and its end: the `exp` of the JWT, or 25 minutes. Raises a `CarrierError`."""
    _check_login(received)
    body = _json(received)
    told = (body.get("access_token") or body.get("idToken")) if isinstance(body, dict) else None
    try:
        text = _TOKEN.validate_python(told)
    except ValidationError:
        text = ""
    if not text:
        raise GarbledError("Correos ID answered without a token")
    return Token(SecretStr(text), _end_of(text) or now + FALLBACK_LIFE)


def _check_login(received: HttpResponse) -> None:
    if received.status in {400, 401}:
        raise WrongSecretError("Correos ID does not accept client_id and client_secret; was the secret reset?")
    if received.status == 403 and not _is_html(received):
        raise NotActivatedError("Correos ID has not activated this application; ask your sales manager at Correos")
    _check_weather(received)


def _end_of(jwt: str) -> datetime | None:
    """The end that a JWT names; None when it names none that makes sense."""
    parts = jwt.split(".")
    try:
        claims = json_of(urlsafe_b64decode(parts[1] + "=" * (-len(parts[1]) % 4)))
        return datetime.fromtimestamp(int(claims["exp"]), UTC)
    except (IndexError, NotBase64, ValueError, KeyError, TypeError, OverflowError, OSError):
        return None


def is_stale_token(received: HttpResponse) -> bool:
    """Whether the gateway wants another token: it ended, was taken back, or has the wrong scope."""
    return received.status == 401 or (received.status == 400 and "JWT" in _said(received))


def check_gateway(received: HttpResponse) -> None:
    """Raise the `CarrierError` that an answer of the gateway stands for."""
    if received.status == 400 and "JWT" in _said(received):
        raise TokenUnseenError("Correos saw no token in a call that had one; does something on the way take it out?")
    if is_stale_token(received):
        raise WrongScopeError("Correos granted a token and does not accept it; the scope may be wrong for this API")
    if received.status == 403 and not _is_html(received):
        raise NotSubscribedError("the application of the developer portal may not use this API, or its pair is wrong")
    _check_weather(received)


def _check_weather(received: HttpResponse) -> None:
    """What any address before or at Correos may answer."""
    status = received.status
    if _is_html(received) and status == 403:
        raise BlockedError("a firewall before Correos blocks us: the machine's address may not be on the allow list")
    told = f"Correos answers {status}"
    if status < 200 or (300 <= status < 500 and status != 429):
        raise RejectedRequestError(f"{told}: {shown(_said(received))}".rstrip(": "))
    throttled = "Correos allows no more calls now"
    problem = status_error(status, told, throttled=throttled, retry_after=received.retry_after)
    if problem is not None:
        raise problem


def _is_html(received: HttpResponse) -> bool:
    return received.body.lstrip()[:1] == b"<"


def _said(received: HttpResponse) -> str:
    """The words of an error, in whichever of its forms they came."""
    body = _parsed(received)
    if not isinstance(body, dict):
        return ""
    more = body.get("moreInformation")
    parts = (body.get("error"), body.get("message"), more.get("description") if isinstance(more, dict) else None)
    return " ".join(part for part in parts if isinstance(part, str))


def _decimal_dot(value: object) -> object:
    """Correos writes some coordinates with a decimal comma."""
    return value.replace(",", ".") if isinstance(value, str) else value


class Middle(BaseModel):
    """The middle of a postal code."""

    latitude: Annotated[float, BeforeValidator(_decimal_dot), Field(ge=-90, le=90)]
    longitude: Annotated[float, BeforeValidator(_decimal_dot), Field(ge=-180, le=180)]


class _Suggestions(BaseModel):
    suggestions: list[Any]
    """The first one is used; whatever the others are, they harm nothing."""


class _Office(BaseModel):
    """Strict in what an order needs: the code, and whether parcels are handed out; the rest is for shoppers to read."""

    id: Words = Field(alias="officeId")
    kind: Words | None = Field(None, alias="officeType")
    kind_name: Words | None = Field(None, alias="typeName")
    name: Any = Field(None, alias="unitName")
    address: Any = None
    postal_code: Any = Field(None, alias="postalCode")
    town: Any = Field(None, alias="cityName")
    distance: Any = None
    hours: Any = Field(None, alias="timetables")


class _Offices(BaseModel):
    offices: list[_Office]


class _Locator(BaseModel):
    others: _Offices


class _Terminal(BaseModel):
    """Strict in the code and the kind, as an office is."""

    id: Words | None = Field(None, alias="terminalId")
    old_id: Words | None = Field(None, alias="codHomepaq")
    kind: Words | None = Field(None, alias="terminalType")
    name: Any = Field(None, alias="alias")
    address: Any = None
    postal_code: Any = Field(None, alias="postalCode")
    town: Any = Field(None, alias="municipality")
    hours: Any = Field(None, alias="openingDescription")


class _Terminals(RootModel[list[_Terminal]]):
    """The list of lockers, whatever it is wrapped in."""


_ANOTHER: Final = "Correos answers something else than its list"
_CODELESS: Final = "Correos lists a pick-up point without its code"

Odd = Callable[[str], None]
"""Told of a decoration in a shape that nobody knows; the point is shown without it."""


def read_middle(received: HttpResponse) -> Middle | None:
    """The middle of the postal code that was asked about; None when nobody knows it. Raises a `CarrierError`."""
    _check_weather(received)
    found = validated(_json(received), _Suggestions, _ANOTHER).suggestions
    return validated(found[0], Middle, _ANOTHER) if found else None


def read_offices(received: HttpResponse, odd: Odd) -> tuple[PickupPoint, ...]:
    """The offices that hand parcels out, nearest first. Raises a `CarrierError`."""
    _check_weather(received)
    offices = validated(_json(received), _Locator, _ANOTHER).others.offices
    handing_out = [each for each in offices if each.kind not in NO_COLLECTION and _RURAL not in (each.kind_name or "")]
    return _sorted([_office(each, odd) for each in handing_out])


def read_terminals(received: HttpResponse, odd: Odd) -> tuple[PickupPoint, ...]:
    """The public lockers. Raises a `CarrierError`."""
    check_gateway(received)
    body = _json(received)
    listed = body.get("content") if isinstance(body, dict) else body
    terminals = [each for each in validated(listed, _Terminals, _ANOTHER).root if (each.kind or "") in _PUBLIC]
    return _sorted([_terminal(each, odd) for each in terminals])


def _office(each: _Office, odd: Odd) -> PickupPoint:
    hours = each.hours if isinstance(each.hours, list) else [each.hours]
    return _point(
        id=each.id,
        kind=PickupKind.OFFICE,
        name=_text(each.name, "name of an office", odd),
        address=_text(each.address, "address of an office", odd),
        postal_code=_text(each.postal_code, "postal code of an office", odd),
        town=_text(each.town, "town of an office", odd),
        hours="; ".join(filter(None, (_text(part, "opening time of an office", odd) for part in hours))),
        distance=_metres(each.distance, odd),
    )


def _terminal(each: _Terminal, odd: Odd) -> PickupPoint:
    return _point(
        id=each.id or each.old_id or "",
        kind=PickupKind.LOCKER,
        name=_text(each.name, "name of a Citypaq", odd),
        address=_text(each.address, "address of a Citypaq", odd),
        postal_code=_text(each.postal_code, "postal code of a Citypaq", odd),
        town=_text(each.town, "town of a Citypaq", odd),
        hours=_text(each.hours, "opening time of a Citypaq", odd),
    )


def _point(*, id: str, name: str, **fields: Any) -> PickupPoint:  # noqa: A002, ANN401 — the noun's own fields
    code = _tidy(id)
    return validated({"id": code, "name": name or code, **fields}, PickupPoint, _CODELESS)


def _text(value: object, what: str, odd: Odd) -> str:
    """A decoration in one line; empty when there is none, or none that can be read."""
    if isinstance(value, str | int | float) and not isinstance(value, bool):
        return cut(_tidy(str(value)), LONGEST_NAME)
    if value is not None:
        odd(f"Correos writes the {what} in a shape that nobody knows")
    return ""


def _metres(value: object, odd: Odd) -> int | None:
    """A distance as a whole number of metres; None when there is none, or none that can be read."""
    try:
        return None if value is None else round(_DISTANCE.validate_python(value))
    except ValidationError:
        odd("Correos writes the distance of an office in a shape that nobody knows")
        return None


def _tidy(text: str) -> str:
    return " ".join(text.split())


def _sorted(points: Sequence[PickupPoint]) -> tuple[PickupPoint, ...]:
    """Nearest first; those of unknown distance keep their order, after the others."""
    return tuple(sorted(points, key=lambda point: (point.distance is None, point.distance or 0)))


def _json(received: HttpResponse) -> Any:  # noqa: ANN401 — whatever came
    body = _parsed(received)
    if body is None:
        raise GarbledError("Correos answers something that is no JSON")
    if isinstance(body, dict) and (body.get("error") or body.get("errors")):
        raise RejectedRequestError(f"Correos answers with an error: {shown(_said(received))}")
    return body


def _parsed(received: HttpResponse) -> Any:  # noqa: ANN401 — whatever came
    """The body as JSON, also with a byte order mark before it; None when it is none."""
    return read_json(replace(received, body=received.body.removeprefix(BOM_UTF8)))
