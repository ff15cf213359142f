"""What people write that TOML does not take, line by line, and what they mean by it."""

import re
from pathlib import Path
from typing import Final, NamedTuple

from portes.errors import Problem
from portes.redaction import MASK
from portes.settings.source import below, is_reference
from portes.settings.validate import sounds_secret

_KEY: Final = r"^\s*(?P<key>[\w.-]+)\s*"
_END: Final = r"\s*(?:#.*)?$"
_CURLY: Final = "\u201c\u201d\u201e\u201f\u2018\u2019\u201a\u201b\u00ab\u00bb\u00b4`"
_LOOKS_EMPTY: Final = "\u00a0\u00ad\u2000-\u200f\u2028-\u202f\u205f\u2060\u3000\ufeff"
_MANY: Final = r"(?:origins|rules|carriers\.[\w-]+\.services)"
_HEADING: Final = re.compile(r"^\s*(?P<open>\[{1,2})\s*(?P<key>[^\[\]#]*[^\[\]#\s])")
_DAY: Final = (
    r"(?:[0-9]{1,4}[/.][0-9]{1,2}[/.][0-9]{2,4}|[0-9]{1,2}/[0-9]{1,2}|[0-9]{1,2}-[0-9]{1,2}-[0-9]{4}"
    r"|[0-9]{4}-(?:[0-9]-[0-9]{1,2}|[0-9]{2}-[0-9]))"
)
_IN_LIST: Final = "write , between its parts and ] behind them, texts in quotes and days such as 2026-12-24"
_IN_BRACES: Final = "write , between its parts and }} behind them, and texts in quotes"
_QUOTED: Final = 'write {key} = "{value}"'
_VALUE: Final = "write {key} = and the value"


class _Mistake(NamedTuple):
    line: re.Pattern[str]
    cause: str
    fix: str
    parser: str = ""
    """How the parser's own words must begin; empty when the line says enough."""


def _value(pattern: str, cause: str, fix: str, parser: str = "") -> _Mistake:
    return _Mistake(re.compile(f"{_KEY}={pattern}"), cause, fix, parser)


def _line(pattern: str, cause: str, fix: str, parser: str = "") -> _Mistake:
    return _Mistake(re.compile(pattern), cause, fix, parser)


_UNCLOSED: Final = _value(
    r"""\s*\[?\s*(?:"[^"]*|'[^']*)$""",
    "opens a quote and does not close it",
    "put the same quote at the end of the text",
)
_MISTAKES: Final = (
    _line(
        rf"""^(?:\s*(?P<key>[\w.-]+))?(?:[^"'#]*[{_LOOKS_EMPTY}]|.*["']\s*[{_LOOKS_EMPTY}][\s{_LOOKS_EMPTY}]*$)""",
        "holds a space or sign that only looks empty",
        "delete it and type it anew",
    ),
    # headings
    _line(
        rf"^\s*\[{{1,2}}\s*(?P<key>{_MANY})\s*\]{{1,2}}",
        "is one of several, and a heading in one bracket allows one only",
        "write [[{key}]], with two brackets, above each of them",
        "Cannot",
    ),
    _line(
        r"^\s*\[{1,2}\s*(?P<key>[^\]]+)\]",
        "is a heading that stands twice",
        "put the keys of both under one",
        "Cannot",
    ),
    _line(rf"^\s*\[(?P<key>[\w.-]+){_END}", "is a heading whose bracket is not closed", "write [{key}]"),
    _line(rf"^\s*\[\[(?P<key>[\w.-]+)\]?{_END}", "is a heading whose bracket is not closed", "write [[{key}]]"),
    _line(
        r"^\s*\[{1,2}(?=[^\]]*[^A-Za-z0-9_.\]-])(?P<key>[\w. -]+)\]",
        "holds signs that no heading may",
        "write letters without accents, digits, - and _ in its names",
    ),
    # values
    _value(r".*", "stands twice in this table", "keep one of them", "Cannot overwrite"),
    _value(
        rf"""\s*\[?\s*[{_CURLY}](?P<value>[^{_CURLY}"']*)""",
        "stands in quotes that TOML does not know",
        'type straight ones: "{value}"',
    ),
    _value(
        rf"""\s*\[?\s*["'](?P<value>[^{_CURLY}"']*)[{_CURLY}]{_END}""",
        "stands in quotes that TOML does not know",
        'type straight ones: "{value}"',
    ),
    _value(
        rf"""(?:\s*|\s*\[(?:[^"'#]*[\s,])?)(?P<value>{_DAY})\s*(?:[\],;#].*)?$""",
        "is no day as TOML writes it",
        "write the year first and month and day in two digits, such as 2026-12-24",
    ),
    _value(r".*", "holds a day that no calendar has", "correct it, such as 2026-12-24", "Invalid date"),
    _value(rf"\s*(?P<value>[0-9]{{1,2}}:[0-9]{{2}}){_END}", "is a time of day without quotes", _QUOTED),
    _value(
        rf"\s*(?P<value>(?P<whole>[0-9]{{1,3}}),(?P<part>[0-9]{{3}})){_END}",
        "is a number with a comma",
        'write {key} = "{whole}.{part}" or {key} = {whole}{part}, whichever is meant',
    ),
    _value(
        rf"\s*(?P<value>(?P<whole>[+-]?[0-9]+),(?P<part>[0-9]+)){_END}",
        "is a number with a comma",
        'write it with a dot and in quotes: {key} = "{whole}.{part}"',
    ),
    _value(
        rf"\s*(?P<value>[0-9]{{1,3}}(?:\.[0-9]{{3}})+,[0-9]+){_END}",
        "is a number with a comma",
        'write it with a dot alone and in quotes, such as "1234.56"',
    ),
    _value(
        rf"\s*(?P<value>0[0-9][0-9.-]*){_END}",
        "begins with 0, which no number may",
        'write it in quotes: {key} = "{value}"',
    ),
    _value(rf"\s*(?P<value>\$\{{[^}}#]*\}}){_END}", "is text without quotes", _QUOTED),
    _value(rf"\s*(?P<value>(?P<whole>[0-9]+)\s*%){_END}", "is a number with a sign", "write it alone: {key} = {whole}"),
    _value(
        rf"\s*(?P<value>(?P<whole>[0-9]+)[.,](?P<part>[0-9]+)\s*%){_END}",
        "is a number with a sign",
        'write it alone, with a dot and in quotes: {key} = "{whole}.{part}"',
    ),
    _value(
        rf"\s*(?P<value>(?:R?\$|€)\s*[0-9.,]+|[0-9.,]+\s*€){_END}",
        "is an amount with its currency",
        'write it alone, with a dot and in quotes, such as "2.50"',
    ),
    _value(rf"\s*(?P<value>[0-9]+-[0-9]+){_END}", "is no number", 'write it in quotes: {key} = "{value}"'),
    _value(rf"\s*(?P<value>(?i:true)){_END}", "is not true in small letters", "write true"),
    _value(rf"\s*(?P<value>(?i:false)){_END}", "is not false in small letters", "write false"),
    _value(
        rf"\s*(?P<value>(?i:yes|no|on|off|sim|n[ãa]o|s[íi])){_END}",
        "is neither true nor false",
        "write true or false, or text in quotes",
    ),
    _value(
        rf"""\s*(?P<quote>["']?)(?P<value>[^"'#]*\\[^"'#]*?)(?P=quote){_END}""",
        "holds a backslash, which has a meaning of its own",
        'write / in its place: {key} = "…/…"',
    ),
    _value(
        rf"""\s*(?P<value>(?=[^#]*(?:[^\W\d]|[%$€]))[\w$€][^"'#=\[\]{{}},;]*?){_END}""",
        "is text without quotes",
        _QUOTED,
    ),
    _UNCLOSED,
    _value(
        rf"""\s*(?:"[^"]*"|'[^']*'|[^"',;\s]+)\s*(?P<value>[,;]){_END}""",
        "ends in a sign that does not belong there",
        "remove the sign",
    ),
    _value(_END, "has no value", f"{_VALUE}, or remove the line"),
    # lists, and tables in braces
    _value(rf"[^#]*[{_CURLY}]", "holds quotes that TOML does not know", 'type straight ones: "', "Invalid value"),
    _value(r"\s*\{", "holds text without quotes", "put quotes around each text between the braces", "Invalid value"),
    _value(
        r"\s*\{[^#]*\w\s*:", "has a colon where = belongs", "write = after each name between the braces", "Expected '='"
    ),
    _value(
        r"\s*\{(?:.*,)?\s*$",
        "is a table in braces that goes over several lines",
        "write all of it on one line",
        "Invalid initial",
    ),
    _value(r"\s*\{", "is a table in braces that cannot be read", _IN_BRACES, "Unclosed inline"),
    _value(
        r"\s*\[.*$",
        "is a list that cannot be read",
        _IN_LIST,
        "Unclosed array",
    ),
    _line(
        r"^",
        "stands in a list that cannot be read",
        _IN_LIST,
        "Unclosed array",
    ),
    # what stands before the value
    _line(r"^\s*(?P<key>)(?://|;|--|/\*)", "is no comment of TOML", "begin a comment with #"),
    _line(
        r"^\s*(?P<key>[\w-]*(?![A-Za-z0-9_-])\w[\w-]*)\s*=",
        "is a key with a letter that no key has",
        "write it without accents",
    ),
    _line(rf"{_KEY}:", "has a colon where = belongs", _VALUE),
    _line(r"^\s*(?P<key>[\w-]+(?: +[\w-]+)+)\s*=", "is a key with a space", "write _ in its place"),
    _line(r"""^\s*(?P<key>[\w.-]+)(?:\s+[0-9]|\s*["'])""", "lacks the = before its value", _VALUE),
    _line(_KEY + _END, "has no value", f"{_VALUE}, or remove the line"),
)


def find_mistake(text: str, line: int, parser: str, file: Path) -> Problem | None:
    """The mistake on the line, counted from 1 (0: unknown), where the parser gave up; None where none is sure.

    `parser` is what it said. A value whose key sounds like a secret's is masked.
    """
    lines = text.split("\n")
    if not line:
        line = next((at for at, each in enumerate(lines, 1) if _UNCLOSED.line.search(each)), 0)
        return _problem(lines, line, _UNCLOSED, file) if line else None
    known = (mistake for mistake in _MISTAKES if parser.startswith(mistake.parser))
    fitting = next((mistake for mistake in known if mistake.line.search(lines[line - 1])), None)
    return None if fitting is None else _problem(lines, line, fitting, file)


def _problem(lines: list[str], number: int, mistake: _Mistake, file: Path) -> Problem:
    line = lines[number - 1]
    match = mistake.line.search(line)
    found = {name: text or "" for name, text in match.groupdict().items()} if match else {}
    key = found.get("key", "").strip()
    heading = "" if line.lstrip().startswith("[") else _heading(lines[: number - 1])
    where = below(heading, key) if key else ""
    if any(map(sounds_secret, where.split("."))) and not is_reference(found.get("value", "")):
        found |= {name: MASK for name in found if name != "key"}
    fix = mistake.fix.format(**{**found, "key": key})
    return Problem(where, found.get("value", ""), mistake.cause, fix, file, number)


def _heading(before: list[str]) -> str:
    """The key path of the table that these lines end in: `store`, `origins.1`."""
    headings = [match for line in before if (match := _HEADING.search(line))]
    if not headings:
        return ""
    last = headings[-1]["key"]
    twins = [match for match in headings if match["key"] == last]
    return f"{last}.{len(twins) - 1}" if len(headings[-1]["open"]) == 2 else last
