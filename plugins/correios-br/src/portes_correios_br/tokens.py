"""What a token call asks and answers: token, end, contract, region and enabled APIs; it knows no connection."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, Field, SecretStr

from portes.errors import GarbledError, RejectedCredentialsError, RejectedRequestError
from portes.toolbox import HttpResponse, Token, TokenText, check_echo, read_json, validated
from portes_correios_br.codes import (
    BASIC_WANTED,
    NOT_ON_THE_CONTRACT,
    RESTRICTED,
    by_status,
    first_complaint,
)
from portes_correios_br.wire import Account

PRICES: Final = 34
TIMES: Final = 35
"""Numbers of the APIs that the plugin needs, as a token's answer lists them."""
_LONGEST_API: Final = 9

_CONTRACT, _REGION, _APIS = "contract_number", "region", "apis"
_LOGIN_REFUSED: Final = (
    "Correios does not accept login and access code: the code is the one of the portal CWS, not the site's password; "
    "it ends after 180 days, and a new one can take two hours to be accepted"
)
_UNDOCUMENTED: Final = "the answer to a call for a token is not what Correios documents"
_CARD_REFUSED: Final = "Correios gives no token for the posting card that ends in {}: is it active, and on this login?"

_Name = Annotated[str, Field(strict=True, min_length=1)]


_ZONE: Final = re.compile(r"[+-](0\d|1[0-4]):[0-5]\d")


def _text_of_digits(value: object) -> object:
    """A number as the text that it is elsewhere: Correios writes digits now as one, now as the other."""
    return str(value) if type(value) is int else value


_Number = Annotated[str, BeforeValidator(_text_of_digits), Field(strict=True, min_length=1, max_length=30)]


class _Card(BaseModel):
    numero: Any = None
    """The card asked with, come back; looked at where it is digits."""
    contrato: _Number
    dr: Annotated[_Number, Field(pattern=r"^[0-9]{1,6}$")]
    api: Any = None
    """Read by `_apis`: only the doctor looks at it."""


class _TokenAnswer(BaseModel):
    token: TokenText
    expiraEm: _Name  # noqa: N815 — Correios' name
    zoneOffset: Any = None  # noqa: N815 — the same; the settings' own serves in place of an odd one


class _CardTokenAnswer(_TokenAnswer):
    cartaoPostagem: _Card  # noqa: N815 — the same


def card_body(card: str) -> dict[str, Any]:
    """The body of a call for a posting card's token."""
    return {"numero": card}


def read_card_token(received: HttpResponse, card: str, zone_offset: str) -> Token:
    """A token that prices may be asked with, and what its answer told of the card.

    `zone_offset` is the zone of an end that names none. Raises a `CarrierError`.
    """
    _check(received, _CARD_REFUSED.format(card[-4:]))
    answer = validated(read_json(received), _CardTokenAnswer, _UNDOCUMENTED)
    told = answer.cartaoPostagem
    check_echo(received, [_plain(card)], filter(None, [_plain(told.numero)]), "Correios")
    facts = {_CONTRACT: told.contrato, _REGION: told.dr, _APIS: " ".join(_apis(told.api))}
    return Token(SecretStr(answer.token), _end(answer, zone_offset), facts)


def read_login_token(received: HttpResponse, zone_offset: str) -> Token:
    """The token of a login alone, which proves the login and opens nothing we need. Raises a `CarrierError`."""
    _check(received, _LOGIN_REFUSED)
    answer = validated(read_json(received), _TokenAnswer, _UNDOCUMENTED)
    return Token(SecretStr(answer.token), _end(answer, zone_offset))


def account_of(token: Token) -> Account:
    """Whose prices a card's token asks for."""
    return Account(token.facts[_CONTRACT], token.facts[_REGION])


def apis_of(token: Token) -> frozenset[int]:
    """Numbers of the APIs that a card may use; none when the answer did not say."""
    return frozenset(map(int, token.facts[_APIS].split()))


def _plain(number: object) -> str:
    """A card's number without leading zeros, which get lost where it is a number; empty for what is none."""
    text = _text_of_digits(number)
    return text.lstrip("0") if isinstance(text, str) and text.isascii() and text.isdigit() else ""


def _apis(listed: object) -> Iterator[str]:
    """The numbers in a list of APIs; what is none is left out."""
    for each in listed if isinstance(listed, list) else ():
        number = str(each)
        if number.isascii() and number.isdigit() and len(number) <= _LONGEST_API:
            yield number


def _check(received: HttpResponse, refused: str) -> None:
    problem = by_status(received)
    if problem is not None:
        raise problem
    code, words, _ = first_complaint(received)
    said = f" ({': '.join(part for part in (code, words) if part)})" if code or words else ""
    if code == BASIC_WANTED:
        raise RejectedRequestError(f"Correios wants login and access code here{said}")
    if code == RESTRICTED:
        raise RejectedCredentialsError(NOT_ON_THE_CONTRACT)
    if received.status == 401:
        raise RejectedCredentialsError(f"{_LOGIN_REFUSED}{said}")
    if received.status in {400, 403, 404}:
        raise RejectedCredentialsError(f"{refused}{said}")
    if received.status >= 400:
        raise RejectedRequestError(f"Correios answers {received.status} to a call for a token{said}")


def _end(answer: _TokenAnswer, zone_offset: str) -> datetime:
    """When a token ends. Its date-time has no zone of its own; a `Z` that one summary shows means nothing."""
    local = answer.expiraEm.removesuffix("Z")
    try:
        end = datetime.fromisoformat(local)
        told = answer.zoneOffset if isinstance(answer.zoneOffset, str) else ""
        zone = told if _ZONE.fullmatch(told) else zone_offset
        return end if end.tzinfo else datetime.fromisoformat(f"{local}{zone}")
    except ValueError:
        msg = "the end of the token is no date"
    raise GarbledError(msg)


__all__ = ["PRICES", "TIMES", "account_of", "apis_of", "card_body", "read_card_token", "read_login_token"]
