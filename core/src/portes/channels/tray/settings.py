"""What an operator decides about Tray, with the doubts of its chapter beside each choice."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field

from portes.channels.cart import CartSettings, Title, TitleSettings
from portes.channels.credentials import Secret
from portes.channels.query import QuerySettings
from portes.channels.reading import OneOrMore
from portes.contract.durations import Duration

_BY_ROAD: Final = "TERRESTRE"
_Code = Annotated[str, Field(min_length=1, max_length=200)]


def _different(codes: Mapping[str, str]) -> Mapping[str, str]:
    if len(set(codes.values())) < len(codes):
        msg = "gives two services one code; the shop could not tell them apart"
        raise ValueError(msg)
    return codes


class TrayTransport(TitleSettings):
    """The text of `transporte` of each delivery type."""

    normal: Title = Field(default=_BY_ROAD, description="Of normal delivery.")
    express: Title = Field(default=_BY_ROAD, description="Of express delivery.")
    super_express: Title = Field(default=_BY_ROAD, description="Of super express delivery.")


class TraySettings(QuerySettings, CartSettings):
    """The settings of the channel, `[channels.tray]`."""

    token: OneOrMore[Secret] = Field(
        description="The shop's token, which each call brings as the parameter `token`; or a list while one replaces"
        " another. Without it the store does not start. Addresses are written into logs on their way: take a long one"
        " that is used for nothing else.",
    )
    limit: Duration = Field(
        default=5.0,
        gt=0,
        description="After how long the platform discards an answer. That is not public; 5 s is a guess.",
    )
    reserve: Duration = Field(
        default=0.5,
        ge=0,
        description="The part of `limit` kept for the way between the platform and here, and for our own work.",
    )
    decimal_sign: Literal["comma", "point"] = Field(
        default="comma",
        description="How `valor` and `peso` are written: `23,51` as the platform's chapter prints it, or `23.51` as"
        " public implementations have it. Which of them the platform reads is not proven.",
    )
    error_status: Annotated[int, Field(ge=200, le=599)] | None = Field(
        default=None,
        description="The status of what is no answer in place of 413, 422, 500 and 503; wrong credentials are 401"
        " always. The panel takes an address only if it answers XML at that moment, which it does here whatever the"
        " status; set 200 if it wants that as well, and take it out again: whether the shop shows an answer without"
        " freights as not delivered is not public.",
    )
    codes: Annotated[Mapping[Annotated[str, Field(max_length=200)], _Code], AfterValidator(_different)] = Field(
        default={},
        description='The `codigo` of services, by carrier and service, such as `{ "correios:03298" = "123" }`; of those'
        " without one it is `correios:03298` itself, or the delivery type where no service carries the whole cart. The"
        " chapter prints numbers, and does not say that they have to be.",
    )
    transport: TrayTransport = Field(
        default=TrayTransport(),
        description="The text of `transporte`, by delivery type: `normal`, `express`, `super_express`. No other than"
        " `TERRESTRE` is public.",
    )
