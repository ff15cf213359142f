"""What an operator sets for Jamef and for each of its services; it knows no wire and asks nobody."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, StringConstraints, model_validator

from portes.carrier import CarrierSettings
from portes.contract import Service
from portes_jamef.addresses import PRODUCTION, QA, checked
from portes_jamef.branches import meant
from portes_jamef.documents import document
from portes_jamef.meanings import OURS, plain, subjects

ROAD, AIR = "1", "2"
TRANSPORTS: Final = {ROAD: "road", AIR: "air"}
"""By the code that Jamef gives them."""
SHORTEST_TEXT: Final = 8
"""Characters of a text that means "not served"; fewer would be a word that stands in many."""


def _production(url: str) -> str:
    return checked(url, PRODUCTION, QA, 'leave it out and write environment = "qa"')


def _qa(url: str) -> str:
    return checked(url, QA, PRODUCTION, 'leave it out and write environment = "production"')


def _branch(text: str) -> str:
    if len(text) == 2 and text.isascii() and text.isdigit():
        return text
    found = meant(text)
    fix = f'write "{found.code}" for {found.town}' if found else 'write it as Jamef told you, such as "07"'
    raise ValueError(f"is no branch code of two digits; {fix}")


def _transport(code: str) -> str:
    if code not in TRANSPORTS:
        raise ValueError('is no transport of Jamef; write "1" for road or "2" for air')
    return code


def _unserved_text(text: str) -> str:
    if len(plain(text)) < SHORTEST_TEXT:
        raise ValueError(
            f"is too short to mean one thing; write all that Jamef said, {SHORTEST_TEXT} characters or more"
        )
    found = subjects(text)
    if OURS.intersection(found) and "lane" not in found:
        raise ValueError(f"speaks of the {found[0]}, which is ours to mend and no fact about the lane; leave it out")
    return text


UnservedText = Annotated[str, AfterValidator(_unserved_text)]
Branch = Annotated[str, AfterValidator(_branch)]
Cep = Annotated[str, StringConstraints(pattern=r"^[0-9]{8}$")]
Document = Annotated[str, AfterValidator(document)]


class JamefSettings(CarrierSettings):
    """`[carriers.NAME.settings]` of a carrier with `use = "jamef"`."""

    user: Annotated[str, Field(min_length=1, description="Login of developers.jamef.com.br, an e-mail address.")]
    password: Annotated[
        SecretStr | None,
        Field(description="The password for production: one of its own, which Jamef sends with its approval."),
    ] = None
    qa_password: Annotated[
        SecretStr | None, Field(description="The password for homologation: the one you log in to the portal with.")
    ] = None
    environment: Annotated[
        Literal["production", "qa"], Field(description="Which of the two is asked: real prices, or homologation.")
    ] = "production"
    payer: Annotated[
        Document, Field(description="CNPJ or CPF of who pays the freight; Jamef finds the contract by it.")
    ]
    shipper: Annotated[
        Document | None, Field(description="CNPJ or CPF of who sends, if Jamef shall be told; not sent otherwise.")
    ] = None
    branch: Annotated[Branch, Field(description="Code of the branch that collects, as in the contract: `07`.")]
    branches: Annotated[
        Mapping[int, Branch], Field(description='Other branches by origin id: `{ 2 = "27" }`; else `branch`.')
    ] = {}
    count_days: Annotated[
        Literal["business", "calendar"],
        Field(description="Whether the days up to the promised date are counted as business or as calendar days."),
    ] = "business"
    calendar: Annotated[
        str | None,
        Field(description="Whose business days are counted; unless set, `BR` or the origin's, where there are more."),
    ] = None
    unserved: Annotated[
        Literal["failure", "not_served"],
        Field(description="What an empty list, or a 404 about the lane, means; nobody has published it."),
    ] = "failure"
    unserved_texts: Annotated[
        tuple[UnservedText, ...],
        Field(
            description='Texts of Jamef\'s (400, 404, 422) that mean "not served"; accents and capitals are the same.'
        ),
    ] = ()
    trial_origin: Annotated[Cep, Field(description="CEP from which `portes doctor` asks for a price.")] = "01001000"
    trial_destination: Annotated[Cep, Field(description="CEP to which `portes doctor` asks for a price.")] = "20040020"
    base_url: Annotated[str, AfterValidator(_production), Field(description="Where production answers.")] = PRODUCTION
    qa_url: Annotated[str, AfterValidator(_qa), Field(description="Where homologation answers.")] = QA

    @model_validator(mode="after")
    def _can_log_in(self) -> Self:
        if self.environment == "production" and self.password is None:
            msg = "production needs the key password; the portal's own password opens homologation only (qa_password)"
            raise ValueError(msg)
        if self.environment == "qa" and self.qa_password is None:
            msg = "homologation needs the key qa_password; it is the password of developers.jamef.com.br"
            raise ValueError(msg)
        return self

    @property
    def secret(self) -> SecretStr:
        """The password of the environment that is asked."""
        chosen = self.password if self.environment == "production" else self.qa_password
        return chosen or SecretStr("")

    @property
    def url(self) -> str:
        """The address of the environment that is asked."""
        return self.base_url if self.environment == "production" else self.qa_url

    @property
    def every_branch(self) -> tuple[str, ...]:
        """The codes of all branches that the settings name, each once."""
        return tuple(dict.fromkeys((self.branch, *self.branches.values())))

    def branch_of(self, origin: int) -> str:
        """The code of the branch that collects at an origin."""
        return self.branches.get(origin, self.branch)


class JamefService(Service):
    """`[[carriers.NAME.services]]`: the engine's keys; the code is Jamef's own of the transport."""

    code: Annotated[str, AfterValidator(_transport), Field(description="`1` for road, `2` for air.")]


__all__ = ["TRANSPORTS", "JamefService", "JamefSettings"]
