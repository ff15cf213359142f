"""What `portes check` says of Jamef's settings: documents, branches, passwords, and addresses that are gone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from portes.cli import main

SAMPLES = Path(__file__).parent / "samples"
STORE = """
[store]
country = "BR"
currency = "{currency}"
timezone = "America/Sao_Paulo"
calendar = "BR-SP"
[[origins]]
id = 1
postal_code = "01001000"
[carriers.jamef]
use = "jamef"
id = 3
name = "Jamef"
[carriers.jamef.settings]
{settings}
[[carriers.jamef.services]]
code = "{code}"
delivery = "normal"
[channels.native]
keys = "${{KEY}}"
"""
SOUND = {
    "user": '"integracao@example.com"',
    "password": '"${PASSWORD}"',
    "payer": '"11.222.333/0001-81"',
    "branch": '"07"',
}
ENVIRON = {"KEY": "canary-key-of-the-channel", "PASSWORD": "canary-password-4711", "PORTAL": "canary-portal-0815"}
OLD_ADDRESSES = [
    line
    for name in ("restv1-request-urls.txt", "asp-xml-request-url.txt")
    for line in (SAMPLES / name).read_text(encoding="utf-8").splitlines()
    if line.startswith("http")
]

Check = Callable[..., list[str]]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    """What `portes check` prints of a store with these settings of Jamef's, as they stand in the file."""

    def checked(code: str = "1", currency: str = "BRL", **settings: str | None) -> list[str]:
        keys = {key: value for key, value in (SOUND | settings).items() if value is not None}
        file = tmp_path / "portes.toml"
        written = "\n".join(f"{key} = {value}" for key, value in keys.items())
        file.write_text(STORE.format(settings=written, code=code, currency=currency), encoding="utf-8")
        told = CliRunner().invoke(main, ["check", str(file)], env=ENVIRON)
        assert "canary" not in told.output
        return [line.removeprefix(f"{file}: ") for line in told.stdout.splitlines()]

    return checked


def test_sound_settings_have_nothing_to_mend(check: Check) -> None:
    (line,) = check(shipper='"529.982.247-25"', branches='{ 1 = "27" }', qa_password='"${PORTAL}"')

    assert line.startswith("Nothing to mend")


@pytest.mark.parametrize("url", OLD_ADDRESSES)
def test_published_addresses_of_older_generations_are_gone(check: Check, url: str) -> None:
    (line,) = check(base_url=f'"{url}"')

    assert line.startswith("carriers.jamef.settings.base_url: belongs to the ")
    assert "gone" in line
    assert "write https://api.jamef.com.br" in line


@pytest.mark.parametrize(
    ("url", "cause"),
    [
        ("http://www.jamef.com.br/internet/e-comerce/calculafrete.asp", "ASP pages of before 2014"),
        ("https://www.jamef.com.br/webservice/JAMW0520.apw?WSDL", "SOAP service of 2015 to 2020"),
        ("http://www.jamef.com.br/webservice", "SOAP service of 2015 to 2020"),
        ("https://www.jamef.com.br/frete/rest/v1", "first REST service of 2018 to 2022"),
        ("https://api-sandbox.jamef.com.br", "first REST service of 2018 to 2022"),
        ("https://api.jamef.com.br/login", "tracking service of 2021"),
        ("https://api.jamef.com.br/rastreamento/ver", "tracking service of 2021"),
        ("https://api.jamef.com.br/operacional/v1/calculo-frete", "a path that no document of Jamef's has"),
        ("https://www.jamef.com.br", "the company's site"),
        ("https://developers.jamef.com.br", "a site for people"),
        ("https://cliente.jamef.com.br", "a site for people"),
        ("https://api.jamef.com.br/calculo-frete/v1/cotacao", "the address of one call"),
        ("http://api.jamef.com.br", "not how Jamef's API is reached"),
        ("https://api-qa.jamef.com.br", "the address of the other environment"),
        ("api.jamef.com.br", "no address of a server"),
    ],
)
def test_an_address_that_is_not_the_apis_is_told_with_what_to_write(check: Check, url: str, cause: str) -> None:
    (line,) = check(base_url=f'"{url}"')

    assert cause in line
    assert "write https://api.jamef.com.br" in line or 'write environment = "qa"' in line


@pytest.mark.parametrize("url", ["https://api.jamef.com.br/", "http://127.0.0.1:8001", "https://proxy.example/jamef"])
def test_the_public_address_and_ones_before_it_are_taken(check: Check, url: str) -> None:
    (line,) = check(base_url=f'"{url}"')

    assert line.startswith("Nothing to mend")


@pytest.mark.parametrize(
    "document", ["11222333000181", "11.222.333/0001-81", "529.982.247-25", "12.ABC.345/01DE-35", "12abc34501de35"]
)
def test_a_payer_is_a_cnpj_or_a_cpf_in_any_writing(check: Check, document: str) -> None:
    (line,) = check(payer=f'"{document}"')

    assert line.startswith("Nothing to mend")


@pytest.mark.parametrize(
    ("document", "cause"),
    [
        ('"11.222.333/0001-82"', "has check digits that do not fit"),
        ('"529.982.247-26"', "has check digits that do not fit"),
        ('"111.111.111-11"', "has check digits that do not fit"),
        ('"00.000.000/0000-00"', "has check digits that do not fit"),
        ('"12.ABC.345/01DE-53"', "has check digits that do not fit"),
        ('"1122233300018"', "is neither a CNPJ nor a CPF"),
        ('"12ABC34501DE3A"', "is neither a CNPJ nor a CPF"),
        ('""', "is neither a CNPJ nor a CPF"),
        ("11222333000181", "is not text"),
    ],
)
def test_a_document_whose_digits_do_not_fit_is_refused_at_start(check: Check, document: str, cause: str) -> None:
    (line,) = check(payer=document)

    assert line.startswith("carriers.jamef.settings.payer: ")
    assert cause in line


@pytest.mark.parametrize(
    ("branch", "fix"),
    [
        ("SAO", 'write "07" for São Paulo'),
        ("pouso alegre", 'write "27" for Pouso Alegre'),
        ("7", 'write "07" for São Paulo'),
        ("018", 'write "18" for Ribeirão Preto'),
        ("nowhere", 'write it as Jamef told you, such as "07"'),
    ],
)
def test_a_branch_by_another_name_is_told_with_its_code(check: Check, branch: str, fix: str) -> None:
    (line,) = check(branch=f'"{branch}"')

    assert line.endswith(fix)


def test_a_branch_code_that_no_list_has_is_taken(check: Check) -> None:
    """The lists are older than the API; `portes doctor` warns."""
    (line,) = check(branch='"01"')

    assert line.startswith("Nothing to mend")


def test_the_branch_of_one_origin_is_looked_at_too(check: Check) -> None:
    (line,) = check(branches='{ 2 = "REC" }')

    assert line.startswith("carriers.jamef.settings.branches.2: ")
    assert 'write "30" for Recife' in line


def test_a_branch_of_an_origin_that_the_store_does_not_have_is_told_with_the_origins_that_there_are(
    check: Check,
) -> None:
    lines = check(branches='{ 1 = "27", 7 = "02", 9 = "03" }')

    where, fix = "carriers.jamef.settings.branches", "write one of 1, or leave it out"
    assert lines == [
        f"{where}.7: is no origin of this store (got '7'); {fix}",
        f"{where}.9: is no origin of this store (got '9'); {fix}",
    ]


@pytest.mark.parametrize(("calendar", "fix"), [("MG", "write BR-MG"), ("UY", "write BR"), ("ES-MD", "write BR")])
def test_a_calendar_of_another_country_is_told_with_the_one_that_is_meant(
    check: Check, calendar: str, fix: str
) -> None:
    (line,) = check(calendar=f'"{calendar}"')

    assert line.startswith("carriers.jamef.settings.calendar: ")
    assert line.endswith(fix)


@pytest.mark.parametrize(
    ("text", "cause"),
    [
        ("", "is too short to mean one thing"),
        ("CEP", "is too short to mean one thing"),
        ("Filial não encontrada", "speaks of the branch, which is ours to mend"),
        ("Cliente sem tabela", "speaks of the payer, which is ours to mend"),
        ("CEP de origem não atendido", "speaks of the origin, which is ours to mend"),
        ("Requisição inválida.", "speaks of the question, which is ours to mend"),
    ],
)
def test_a_text_about_us_cannot_be_listed_as_not_served(check: Check, text: str, cause: str) -> None:
    (line,) = check(unserved_texts=f'["Rota não atendida", "{text}"]')

    assert line.startswith("carriers.jamef.settings.unserved_texts.1: ")
    assert cause in line


def test_texts_about_the_lane_can_be_listed_as_not_served(check: Check) -> None:
    (line,) = check(unserved_texts='["CEP de destino não atendido", "Nada encontrado", "Sem tabela para o destino"]')

    assert line.startswith("Nothing to mend")


@pytest.mark.parametrize(
    ("keys", "cause"),
    [
        ({"password": None}, "production needs the key password"),
        ({"password": None, "qa_password": '"${PORTAL}"'}, "production needs the key password"),
        ({"environment": '"qa"'}, "homologation needs the key qa_password"),
        ({"password": '"canary-password-4711"'}, "is a secret in plain text"),
    ],
)
def test_each_environment_needs_its_own_password(check: Check, keys: dict[str, str | None], cause: str) -> None:
    (line,) = check(**keys)

    assert cause in line


def test_a_service_is_road_or_air(check: Check) -> None:
    (line,) = check(code="3")

    assert line.startswith("carriers.jamef.services.0.code: is no transport of Jamef")


def test_a_store_that_does_not_count_in_reais_cannot_ask(check: Check) -> None:
    (line,) = check(currency="EUR")

    assert "Jamef counts in BRL" in line
