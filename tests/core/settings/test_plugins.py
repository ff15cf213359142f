"""The tables of plugins: references, secrets, amounts, and problems that never show what they must not."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, SecretStr, model_validator

from portes.carrier import CarrierSettings
from portes.contract import Money
from portes.contract.durations import Duration
from portes.errors import Problem, RequestError, SettingsError
from portes.redaction import MASK
from portes.settings import plugin_settings


class Basic(CarrierSettings):
    kind: Literal["basic"]
    username: str
    password: SecretStr = Field(min_length=3)


class Header(CarrierSettings):
    kind: Literal["header"]
    value: SecretStr


def as_list(value: object) -> object:
    return value if isinstance(value, list) else [value]


class Example(CarrierSettings):
    user: str = "nobody"
    password: SecretStr | None = None
    auth: Annotated[Basic | Header, Field(discriminator="kind")] | None = None
    gates: Annotated[tuple[Annotated[Basic | Header, Field(discriminator="kind")], ...], BeforeValidator(as_list)] = ()
    keys: dict[str, SecretStr] = Field(default_factory=dict)
    rota: Annotated[tuple[SecretStr, ...], BeforeValidator(as_list)] = ()
    timeout: Duration = 4.0
    percent: Decimal = Decimal(0)
    calls: int = Field(1, ge=1, le=9)

    @model_validator(mode="after")
    def _user_is_not_the_password(self) -> "Example":
        if self.password is not None and self.user == self.password.get_secret_value():
            msg = f"user and password are both {self.user}; choose another password"
            raise ValueError(msg)
        return self


WHERE = "carriers.example.settings"


def fitted(folder: Path, table: Mapping[str, Any], **environ: str) -> Example:
    return plugin_settings(Example, table, WHERE, folder / "portes.toml", environ)


def problems(folder: Path, table: Mapping[str, Any], **environ: str) -> dict[str, Problem]:
    with pytest.raises(SettingsError) as raised:
        fitted(folder, table, **environ)
    return {problem.where.removeprefix(f"{WHERE}."): problem for problem in raised.value.problems}


def test_a_text_takes_variables_of_the_environment_anywhere(tmp_path: Path) -> None:
    example = fitted(tmp_path, {"user": "${HOST}-${HOST}:x", "password": "Bearer ${TOKEN}"}, HOST="h", TOKEN="t")

    assert example.user == "h-h:x"
    assert example.password == SecretStr("Bearer t")


def test_two_dollars_write_a_plain_one(tmp_path: Path) -> None:
    assert fitted(tmp_path, {"user": "a $5 $${NAME}"}).user == "a $5 ${NAME}"


def test_the_path_of_a_secret_file_may_come_from_the_environment(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "it").write_text("a b\n")

    example = fitted(tmp_path, {"password": "file:${DIR}/it"}, DIR="secrets")

    assert example.password == SecretStr("a b")


def test_what_a_variable_holds_is_not_read_again(tmp_path: Path) -> None:
    example = fitted(tmp_path, {"user": "${A}", "password": "${B}"}, A="${B}", B="file:/etc/hostname")

    assert (example.user, example.password) == ("${B}", SecretStr("file:/etc/hostname"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("${NONE}", "the environment variable NONE is not set"),
        ("${a-b}", "names no environment variable"),
        ("file:none.txt", "cannot be read (No such file or directory)"),
        ("file:", "is a folder, not a file"),
        ("file:bytes", "is not UTF-8 text"),
        ("file:/dev/zero", "is a device, not a file"),
        ("${EMPTY}", "is an empty secret"),
        ("file:a\0b", "cannot be read (no path)"),
    ],
)
def test_a_reference_that_leads_nowhere_is_a_problem(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")

    found = problems(tmp_path, {"password": text}, EMPTY="")

    assert list(found) == ["password"]
    assert words in found["password"].cause
    assert found["password"].fix


@pytest.mark.parametrize(
    ("table", "where"),
    [
        ({"password": "hunter2"}, "password"),
        ({"password": 4711}, "password"),
        ({"password": "file hunter2"}, "password"),
        ({"password": "$${hunter2}"}, "password"),
        ({"auth": {"kind": "basic", "username": "u", "password": "hunter2"}}, "auth.password"),
        ({"auth": {"kind": "basic", "password": "hunter2"}}, "auth.password"),
        ({"gates": [{"kind": "header", "value": "hunter2"}]}, "gates.0.value"),
        ({"gates": {"kind": "header", "value": "hunter2"}}, "gates.value"),
        ({"keys": {"a.b": "hunter2"}}, "keys.a.b"),
        ({"gates": {"kind": "header", "value": "hunter2"}, "calls": 0}, "gates.value"),
        ({"rota": "hunter2", "calls": 0}, "rota"),
        ({"rota": ["${SET}", "hunter2"], "calls": 0}, "rota.1"),
    ],
)
def test_a_secret_in_plain_text_is_refused_and_masked(tmp_path: Path, table: dict[str, Any], where: str) -> None:
    found = problems(tmp_path, table, SET="x")

    assert found[where].value == MASK
    assert found[where].cause == "is a secret in plain text"
    assert 'write "${' in found[where].fix
    assert "hunter2" not in str(list(found.values()))
    assert "4711" not in str(list(found.values()))


def test_the_fix_names_a_variable_after_the_key(tmp_path: Path) -> None:
    found = problems(tmp_path, {"password": "hunter2"})

    assert '"${EXAMPLE_PASSWORD}"' in found["password"].fix


class Moved(BaseModel):
    """A model whose validator takes the secret from where its schema does not show it."""

    model_config = ConfigDict(extra="forbid")
    secret: SecretStr

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, table: dict[str, str]) -> dict[str, str]:
        return {"secret": table["short"].partition(":")[0]} if "short" in table else table


def test_a_plain_secret_is_found_where_a_validator_moved_it_from(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="short: is a secret in plain text") as raised:
        plugin_settings(Moved, {"short": "hunter2"}, "x", tmp_path / "p.toml", {})

    assert "hunter2" not in repr(raised.value)


@pytest.mark.parametrize(
    ("table", "where"),
    [
        ({"auth": "hunter2"}, "auth"),
        ({"gates": ["hunter2"]}, "gates.0"),
        ({"gates": "hunter2"}, "gates"),
        ({"keys": "hunter2"}, "keys"),
    ],
)
def test_what_stands_where_a_table_with_a_secret_should_is_masked(
    tmp_path: Path, table: dict[str, Any], where: str
) -> None:
    found = problems(tmp_path, table)

    assert found[where].value == MASK
    assert "hunter2" not in str(found)


@pytest.mark.parametrize("key", ["pasword", "Passwort", "acess_token", "api_key", "auht", "gatess"])
def test_the_value_of_a_misspelt_secret_is_masked(tmp_path: Path, key: str) -> None:
    found = problems(tmp_path, {key: "hunter2"})

    assert found[key].value == MASK
    assert "hunter2" not in str(found)


def test_an_unknown_key_names_the_nearest_and_all_known_ones(tmp_path: Path) -> None:
    found = problems(tmp_path, {"timeot": "3s", "auth": {"kind": "header", "valeu": "hunter2"}})

    assert found["timeot"].value == "3s"
    assert found["timeot"].fix.startswith("did you mean timeout? known keys: user, password, auth, ")
    assert found["auth.valeu"].fix.startswith("did you mean value?")
    assert found["auth.value"].cause == "is missing"


@pytest.mark.parametrize(
    ("table", "cause", "fix"),
    [
        ({"percent": 5.5}, "is a binary fraction", 'in quotes: "5.5"'),
        ({"percent": "5,5"}, "is not a decimal number", '"2.50"'),
        ({"timeout": 4}, "a duration is text with its unit", ""),
        ({"calls": 10}, "is too large", "write 9 or less"),
        ({"calls": "three"}, "is not a whole number", "without quotes"),
        ({"user": 3}, "is not text", "in quotes"),
        ({"auth": {"kind": "token"}}, "is none of the kinds", "'basic', 'header'"),
        ({"auth": {}}, "does not say which kind it is", "'kind'"),
        ({"auth": [1]}, "is not a table", "heading"),
    ],
)
def test_a_wrong_value_says_what_to_write(tmp_path: Path, table: dict[str, Any], cause: str, fix: str) -> None:
    (problem,) = problems(tmp_path, table).values()

    assert cause in problem.cause
    assert fix in problem.fix


def test_an_exact_decimal_is_written_as_text_or_as_a_whole_number(tmp_path: Path) -> None:
    assert fitted(tmp_path, {"percent": "5.5"}).percent == Decimal("5.5")
    assert fitted(tmp_path, {"percent": 5}).percent == Decimal(5)


def test_a_validator_s_words_show_the_reference_and_not_what_it_holds(tmp_path: Path) -> None:
    found = problems(tmp_path, {"user": "${NAME}", "password": "${NAME}"}, NAME="hunter2")

    assert [(problem.cause, problem.fix) for problem in found.values()] == [
        ("user and password are both ${NAME}", "choose another password")
    ]


class Priced(CarrierSettings):
    price: Money | None = None

    @model_validator(mode="before")
    @classmethod
    def _amount(cls, table: dict[str, str]) -> dict[str, Money]:
        if table["price"].isalpha():
            raise RequestError(Problem("price", "", f"{table['price']} is a word", f"write {table['price']} in digits"))
        return {"price": Money.parse(table["price"], "BRL")}


def test_a_validator_may_read_with_the_contract_s_own_parsers(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="x: is not a number") as raised:
        plugin_settings(Priced, {"price": "${PRICE}"}, "x", tmp_path / "p.toml", {"PRICE": "hunter2"})

    assert "hunter2" not in str(raised.value)


def test_what_such_a_validator_quotes_is_a_reference_too(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as raised:
        plugin_settings(Priced, {"price": "${PRICE}"}, "x", tmp_path / "p.toml", {"PRICE": "hunter"})

    (problem,) = raised.value.problems
    assert (problem.cause, problem.fix) == ("${PRICE} is a word", "write ${PRICE} in digits")


class Strange:
    """A type that JSON Schema cannot say."""


class Odd(BaseModel):
    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)
    strange: Strange = Strange()
    secret: SecretStr


def test_a_model_with_a_strange_type_still_keeps_its_secrets(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="secret: is a secret in plain text"):
        plugin_settings(Odd, {"secret": "hunter2", "x": 1}, "x", tmp_path / "p.toml", {})


secret_texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), max_size=20).map("§{}§".format)
places = st.sampled_from(
    [
        lambda text: {"password": text, "user": text},
        lambda text: {"password": text, "calls": text},
        lambda text: {"auth": text},
        lambda text: {"auth": {"kind": text}},
        lambda text: {"auth": {"kind": "basic", "password": text, "pasword": text}},
        lambda text: {"gates": [text, {"kind": "header", "value": text, "x": 1}]},
        lambda text: {"keys": text},
        lambda text: {"timeout": text, "percent": text},
    ]
)


@given(secret=secret_texts, place=places)
def test_nothing_from_the_environment_shows_in_a_problem(secret: str, place: Callable[[str], dict[str, Any]]) -> None:
    folder = Path("/nowhere")

    with pytest.raises(SettingsError) as raised:
        fitted(folder, place("${IT}"), IT=secret)

    told = f"{raised.value}{raised.value!r}{raised.value.__context__!r}{raised.value.__cause__!r}"
    assert secret not in told
