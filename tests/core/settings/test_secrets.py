"""What is taken from the environment or a file: signs that nobody sees are told, and never the secret."""

from pathlib import Path

import pytest
from pydantic import SecretStr

from portes.carrier import CarrierSettings
from portes.channels.native import NativeSettings
from portes.channels.netshoes.settings import NetshoesSettings
from portes.errors import Problem, SettingsError
from portes.settings import plugin_settings

SIGNS = pytest.mark.parametrize(
    ("taken", "cause", "fix"),
    [
        ("\ufeffhunter2", "begins with a byte order mark", "save it again as plain UTF-8, without a byte order mark"),
        (" hunter2", "begins with a space", "remove the space"),
        ("hunter2 ", "ends with a space", "remove the space"),
        ("hunter2\t", "ends with a space", "remove the space"),
        ("hunter2\u00a0", "ends with a space", "remove the space"),
        ("hunter2\n", "ends with a line break", "write it alone on one line"),
        ("hun\nter2", "holds a line break", "write it alone on one line"),
        ("hun\r\nter2", "holds a line break", "write it alone on one line"),
        ("hun\x07ter2", "holds the invisible sign U+0007", "type or copy it anew"),
        ("hun\u200bter2", "holds the invisible sign U+200B", "type or copy it anew"),
    ],
)


class Login(CarrierSettings):
    """Settings as a carrier's, with a secret and a text beside it."""

    user: str = "nobody"
    password: SecretStr


def told(folder: Path, table: dict[str, object], model: type = Login, **environ: str) -> Problem:
    with pytest.raises(SettingsError) as raised:
        plugin_settings(model, table, "x", folder / "portes.toml", environ)
    (problem,) = raised.value.problems
    assert "hun" not in str(raised.value)
    return problem


@SIGNS
def test_a_variable_with_a_sign_that_nobody_sees_is_refused(tmp_path: Path, taken: str, cause: str, fix: str) -> None:
    problem = told(tmp_path, {"password": "${CODE}"}, CODE=taken)

    assert (problem.where, problem.value) == ("x.password", "${CODE}")
    assert (problem.cause, problem.fix) == (f"the environment variable CODE {cause}", fix)


@SIGNS
def test_a_file_with_a_sign_that_nobody_sees_is_refused(tmp_path: Path, taken: str, cause: str, fix: str) -> None:
    (tmp_path / "code").write_bytes(f"{taken}\n".encode())

    problem = told(tmp_path, {"password": "file:code"})

    assert (problem.where, problem.value) == ("x.password", "file:code")
    assert (problem.cause, problem.fix) == (f"the secret file {cause}", fix)


@pytest.mark.parametrize("ending", ["", "\n", "\r\n"])
def test_the_line_break_that_editors_put_at_a_file_s_end_is_none_of_the_secret(tmp_path: Path, ending: str) -> None:
    (tmp_path / "code").write_bytes(f"h u:n§{ending}".encode())

    made = plugin_settings(Login, {"password": "file:code"}, "x", tmp_path / "portes.toml", {})

    assert made.password.get_secret_value() == "h u:n§"


_PEM = "-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkq\nhkiG9w0B+/A=\n-----END PUBLIC KEY-----\n"
_JWK = '{\n  "kty": "RSA",\n  "n": "0vx7",\n  "e": "AQAB"\n}\n'


@pytest.mark.parametrize("text", [_PEM, _PEM.replace("\n", "\r\n"), _JWK, f'{{\n"keys": [\n{_JWK}]}}'])
def test_a_public_key_is_taken_with_its_lines_from_wherever_it_stands(tmp_path: Path, text: str) -> None:
    (tmp_path / "key").write_bytes(text.encode())

    for user in ("file:key", "${KEY}", text):
        table = {"user": user, "password": "${CODE}"}
        made = plugin_settings(Login, table, "x", tmp_path / "portes.toml", {"CODE": "h", "KEY": text})
        assert made.user.strip() == text.strip()


@pytest.mark.parametrize(
    "text", [_PEM.replace("PUBLIC", "PRIVATE"), f"hun\n{_PEM}", _PEM + "hun", '{\n"kty": "RSA"', '{\n"a": 1}', "[\n1]"]
)
def test_nothing_else_of_several_lines_passes_for_a_public_key(tmp_path: Path, text: str) -> None:
    (tmp_path / "code").write_text(text)

    assert "holds a line break" in told(tmp_path, {"password": "file:code"}).cause


def test_a_user_beside_the_secret_is_looked_at_too(tmp_path: Path) -> None:
    problem = told(tmp_path, {"user": "${USER}", "password": "${CODE}"}, USER="hun ", CODE="x")

    assert (problem.where, problem.cause) == ("x.user", "the environment variable USER ends with a space")


@pytest.mark.parametrize("text", [" ${CODE}", "Bearer ${CODE} "])
def test_a_space_around_the_reference_itself_is_refused_in_a_secret(tmp_path: Path, text: str) -> None:
    problem = told(tmp_path, {"password": text}, CODE="x")

    assert (problem.where, problem.value) == ("x.password", text)
    assert problem.fix == "remove the space"


@pytest.mark.parametrize("content", ["", "\n", "\r\n"])
def test_an_empty_secret_file_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "code").write_bytes(content.encode())

    assert told(tmp_path, {"password": "file:code"}).cause == "is an empty secret"


@pytest.mark.parametrize(
    ("model", "table", "where"),
    [
        (NativeSettings, {"keys": "${KEY}"}, "x.keys"),
        (NetshoesSettings, {"auth": {"kind": "basic", "username": "u", "password": "${KEY}"}}, "x.auth.password"),
        (NetshoesSettings, {"auth": [{"kind": "header", "value": "BASIC ${KEY}"}]}, "x.auth.0.value"),
    ],
)
def test_a_channel_s_credentials_are_held_to_the_same(
    tmp_path: Path, model: type, table: dict[str, object], where: str
) -> None:
    problem = told(tmp_path, table, model, KEY="hunter2 ")

    assert (problem.where, problem.cause) == (where, "the environment variable KEY ends with a space")


def test_an_unknown_key_shows_no_value_while_a_secret_of_its_table_is_missing(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as raised:
        plugin_settings(Login, {"palavra": "hunter2"}, "x", tmp_path / "portes.toml", {})

    assert {(problem.where, problem.value) for problem in raised.value.problems} == {
        ("x.password", ""),
        ("x.palavra", "•••"),
    }


def test_a_key_of_a_table_with_several_kinds_is_known_where_one_stands_for_a_list(tmp_path: Path) -> None:
    auth = {"kind": "basic", "user": "netshoes", "username": "n", "password": "${CODE}"}

    problem = told(tmp_path, {"auth": auth}, NetshoesSettings, CODE="hunter2")

    assert (problem.where, problem.value) == ("x.auth.user", "netshoes")
    assert problem.fix.startswith("did you mean username? known keys: kind, username, password, ")
