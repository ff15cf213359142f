"""The README for tests: its blocks of commands and of what they print."""

import re
from pathlib import Path

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
BLOCKS: list[tuple[str, str]] = re.findall(r"^```(\w+)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
COMMANDS = [text.strip() for kind, text in BLOCKS if kind == "sh"]
PRINTED = [text for kind, text in BLOCKS if kind == "text"]


def shape(text: str) -> list[str]:
    """The text without what differs: port, milliseconds, days, which hang on the hour, and what a sample found."""
    for moment in (
        r":\d+(?=/v1/)",
        r"[\d.]+(?= ms(,|$))",
        r'(?<=HH": )\d+',
        r" +\d+( to \d+)?(?= *$)",
        r"\d+ business days?(?=$|;)",
        r"\d+(?= (rows|of|live|cheaper))",
    ):
        text = re.sub(moment, "0", text, flags=re.MULTILINE)
    return [line.rstrip() for line in text.splitlines()]
