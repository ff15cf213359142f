"""The rule that the page on rules shows, whole."""

import re
from pathlib import Path
from typing import Any

from offers import made, occasion, offer

PAGE = Path(__file__).parents[3] / "docs" / "rules.md"


def test_the_rule_on_the_page_does_what_the_page_says() -> None:
    (text,) = re.findall(r"^```python\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    module: dict[str, Any] = {"__name__": "charm"}
    exec(text, module)  # noqa: S102 — our own page

    charmed = made(module["Charm"])([offer(1234), offer(1290), offer(0)], occasion())

    assert [each.price.minor for each in charmed] == [1290, 1290, 90]
