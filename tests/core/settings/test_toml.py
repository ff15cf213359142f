"""A file that is not TOML: what is written there, and what to write instead, in a shopkeeper's words."""

from pathlib import Path

import pytest

from portes.errors import Problem
from portes.settings import draft_store
from portes.settings.referenced_files import find_referenced_files

BEFORE = '[store]\ncountry = "BR"\n[[origins]]\nid = 1\n[[origins]]\n'
"""Five lines before the one that is wrong, which so stands in the second origin."""


def told(folder: Path, text: str) -> Problem:
    file = folder / "portes.toml"
    file.write_bytes(text.encode())
    (problem,) = draft_store(file, {}).problems
    assert problem.file == str(file)
    return problem


@pytest.mark.parametrize(
    ("line", "value", "cause", "fix"),
    [
        ("k = 01001000", "01001000", "begins with 0, which no number may", 'write it in quotes: k = "01001000"'),
        ("k = 01001-000 # Sé", "01001-000", "begins with 0, which no number may", 'in quotes: k = "01001-000"'),
        ("k = 12345-678", "12345-678", "is no number", 'write it in quotes: k = "12345-678"'),
        ("k = “abc”", "abc", "stands in quotes that TOML does not know", 'type straight ones: "abc"'),
        ("k = \u2018abc\u2019", "abc", "stands in quotes that TOML does not know", 'type straight ones: "abc"'),
        ('k = "abc”', "abc", "stands in quotes that TOML does not know", 'type straight ones: "abc"'),
        ("k = [“a”, “b”]", "a", "stands in quotes that TOML does not know", "type straight ones"),
        ("k = Correios", "Correios", "is text without quotes", 'write k = "Correios"'),
        ("k = São Paulo # c", "São Paulo", "is text without quotes", 'write k = "São Paulo"'),
        ("k = R$ 1,50", "R$ 1,50", "is an amount with its currency", "write it alone, with a dot and in quotes"),
        ("k = ${CODE}", "${CODE}", "is text without quotes", 'write k = "${CODE}"'),
        ("k = 4s", "4s", "is text without quotes", 'write k = "4s"'),
        ("k = 5%", "5%", "is a number with a sign", "write it alone: k = 5"),
        ("k = 2,5 %", "2,5 %", "is a number with a sign", 'in quotes: k = "2.5"'),
        ("k = 14:00", "14:00", "is a time of day without quotes", 'write k = "14:00"'),
        ("k = 24/12/2026", "24/12/2026", "is no day as TOML writes it", "write the year first and month"),
        ("k = [24/12/2026]", "24/12/2026", "is no day as TOML writes it", "such as 2026-12-24"),
        ("k = [24-12-2026]", "24-12-2026", "is no day as TOML writes it", "such as 2026-12-24"),
        ("k = [2026-12-24, 2026-1-6]", "2026-1-6", "is no day as TOML writes it", "such as 2026-12-24"),
        ("k = [24/12]", "24/12", "is no day as TOML writes it", "such as 2026-12-24"),
        ("k = 2026-02-30", "", "holds a day that no calendar has", "such as 2026-12-24"),
        ("k = [2026-12-24 2026-12-31]", "", "is a list that cannot be read", "write , between its parts"),
        ('k = { a = "b", c = “d” }', "", "holds quotes that TOML does not know", "type straight ones"),
        ('k = { a = "b", c = d }', "", "holds text without quotes", "put quotes around each text"),
        ('k = { a: "b" }', "", "has a colon where = belongs", "write = after each name between the braces"),
        ('k = { a = "b"; c = "d" }', "", "is a table in braces that cannot be read", "write , between its parts"),
        ("k = {", "", "is a table in braces that goes over several lines", "write all of it on one line"),
        ("k = 2,5", "2,5", "is a number with a comma", 'with a dot and in quotes: k = "2.5"'),
        ("k = 1,500", "1,500", "is a number with a comma", 'write k = "1.500" or k = 1500, whichever is meant'),
        ("k = 1.500,00", "1.500,00", "is a number with a comma", 'with a dot alone and in quotes, such as "1234.56"'),
        ("k = True", "True", "is not true in small letters", "write true"),
        ("k = FALSE", "FALSE", "is not false in small letters", "write false"),
        ("k = sim", "sim", "is neither true nor false", "write true or false, or text in quotes"),
        ('k = "abc', "", "opens a quote and does not close it", "put the same quote at the end of the text"),
        ('k = "C:\\dados\\t.csv"', "C:\\dados\\t.csv", "holds a backslash", "write / in its place: k = "),
        ("k = C:\\dados\\t.csv", "C:\\dados\\t.csv", "holds a backslash", "write / in its place: k = "),
        ('k: "abc"', "", "has a colon where = belongs", "write k = and the value"),
        ("k: 5", "", "has a colon where = belongs", "write k = and the value"),
        ('k "abc"', "", "lacks the = before its value", "write k = and the value"),
        ("k", "", "has no value", "write k = and the value, or remove the line"),
        ("k =", "", "has no value", "write k = and the value, or remove the line"),
        ('k = "abc";', ";", "ends in a sign that does not belong there", "remove the sign"),
        ("k = 5,", ",", "ends in a sign that does not belong there", "remove the sign"),
        ("k\u00a0= 5", "", "holds a space or sign that only looks empty", "delete it and type it anew"),
        ("k = 5\u200b", "", "holds a space or sign that only looks empty", "delete it and type it anew"),
        ("id = 1\nid = 2", "", "stands twice in this table", "keep one of them"),
    ],
)
def test_a_line_that_is_not_toml_says_what_to_write(
    tmp_path: Path, line: str, value: str, cause: str, fix: str
) -> None:
    problem = told(tmp_path, BEFORE + line + "\n")

    assert problem.line == 5 + len(line.splitlines())
    assert problem.where == ("origins.1.id" if line.startswith("id") else "origins.1.k")
    assert problem.value.replace("\\\\", "\\") == value
    assert cause in problem.cause
    assert fix in problem.fix


@pytest.mark.parametrize(
    ("text", "line", "where", "cause", "fix"),
    [
        ("[origins]\nid = 1\n[origins]\n", 3, "origins", "one bracket allows one only", "write [[origins]], with two"),
        (
            "[origins]\nid = 1\n[[origins]]\n",
            3,
            "origins",
            "one bracket allows one only",
            "write [[origins]], with two",
        ),
        ("[[rules]]\n[rules]\n", 2, "rules", "one bracket allows one only", "write [[rules]], with two"),
        (
            "[carriers.a.services]\n[carriers.a.services]\n",
            2,
            "carriers.a.services",
            "one bracket allows one only",
            "write [[carriers.a.services]], with two brackets, above each",
        ),
        ("[store]\n[store]\n", 2, "store", "is a heading that stands twice", "put the keys of both under one"),
        ("[store\n", 1, "store", "is a heading whose bracket is not closed", "write [store]"),
        ("[[origins]\n", 1, "origins", "is a heading whose bracket is not closed", "write [[origins]]"),
        ("[carriers.São Paulo]\n", 1, "carriers.São Paulo", "holds signs that no heading may", "without accents"),
        ("// shop\n", 1, "", "is no comment of TOML", "begin a comment with #"),
        ("k = [1, 2\n[store]\n", 2, "", "stands in a list that cannot be read", "write , between its parts"),
        ("código = 5\n", 1, "código", "is a key with a letter that no key has", "write it without accents"),
        ("cut off = 5\n", 1, "cut off", "is a key with a space", "write _ in its place"),
        ("a = 'b\nc = 5\n", 1, "a", "opens a quote and does not close it", "put the same quote at the end of the text"),
    ],
)
def test_a_heading_or_a_whole_line_says_what_to_write(
    tmp_path: Path, text: str, line: int, where: str, cause: str, fix: str
) -> None:
    problem = told(tmp_path, text)

    assert (problem.line, problem.where) == (line, where)
    assert cause in problem.cause
    assert fix in problem.fix


@pytest.mark.parametrize(
    "text",
    [
        "password = hunter2\n",
        "password = “hunter2”\n",
        "acess_code = 0hunter2\n",
        'key = "hunter2”\n',
        "senha: hunter2\n",
        'token = "hun\\dter2"\n',
        "token = 0815\n",
        "[[channels.netshoes.auth]]\nvalue = BASIC hunter2\n",
        "password = hunter2,5\n",
        'auth = { kind = "basic", password = hunter2 }\n',
        "auth = { kind = “basic”, password = “hunter2” }\n",
        'auth = { kind: "basic", password: "hunter2" }\n',
    ],
)
def test_a_secret_does_not_show_where_its_line_is_wrong(tmp_path: Path, text: str) -> None:
    problem = told(tmp_path, text)

    assert "unter2" not in str(problem)
    assert "0815" not in str(problem)
    assert problem.fix


EXCESS = {
    "lists": ("k = " + "[" * 3000 + "]" * 3000, "more than 32 deep"),
    "braces": ("k = " + "{a=" * 3000 + "1" + "}" * 3000, "more than 32 deep"),
    "open lists": ("k = " + "[" * 3000, "more than 32 deep"),
    "a heading": ("[" + ".".join(["a"] * 3000) + "]\nk = 5", "more than 32 deep"),
    "a dotted key": (".".join(["a"] * 500) + " = 5", "more than 32 deep"),
    "no more than the parser takes": ("k = " + "[" * 200 + "]" * 200, "more than 32 deep"),
    "digits": ("k = " + "9" * 5000, "more than 4,300 digits"),
    "fewer digits": ("[store]\nk = " + "9" * 500, "store.k: is a number of more than 256 bits"),
    "hexadecimal digits": ("[[origins]]\nid = 0x" + "f" * 9000, "origins.0.id: is a number of more than 256 bits"),
    "below zero": (f"k = -{'9' * 500}", "k: is a number of more than 256 bits"),
}


@pytest.mark.parametrize(("text", "cause"), EXCESS.values(), ids=EXCESS)
def test_what_the_parser_or_its_readers_cannot_hold_is_a_problem_like_any_other(
    tmp_path: Path, text: str, cause: str
) -> None:
    problem = told(tmp_path, text)

    assert cause in str(problem)
    assert problem.fix
    assert len(str(problem)) < 400
    assert find_referenced_files(tmp_path / "portes.toml", {}) == frozenset()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("k = 5 5\n", "is not TOML at column"),
        ("k = [1, 2\n", "is not TOML at the end of the file"),
        ('k = """abc\n', "is not TOML at the end of the file"),
    ],
)
def test_what_nobody_can_guess_keeps_toml_s_own_words(tmp_path: Path, text: str, words: str) -> None:
    problem = told(tmp_path, text)

    assert words in problem.cause
    assert problem.fix == "mend that line"
