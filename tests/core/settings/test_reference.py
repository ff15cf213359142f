"""The reference of settings: rows made from models, and the page made of them."""

import subprocess
import sys
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, Field, SecretStr

from portes.contract import Service
from portes.contract.durations import Duration
from portes.settings import reference, service_reference

ROOT = Path(__file__).parents[3]


class Basic(BaseModel):
    kind: Literal["basic"]
    password: SecretStr = Field(description="What is whispered.")


class Open(BaseModel):
    kind: Literal["open"]


class Example(BaseModel):
    timeout: Annotated[Duration, Field(description="How long.")] = 0.4
    side: Literal["left", "right"] = "left"
    door: Annotated[Basic | Open, Field(discriminator="kind")]
    rooms: tuple[int, ...] = ()
    dark: bool = False


def test_each_key_is_a_row_and_the_keys_of_a_table_follow_it() -> None:
    rows = [(key.path, key.type, key.default, key.required, key.meaning, key.when) for key in reference(Example)]

    secret = 'secret: `"${NAME}"` or `"file:PATH"`'
    duration = 'duration, such as `"400ms"`, `"4s"`, `"5m"`'
    assert rows == [
        ("timeout", duration, '"400ms"', False, "How long.", ""),
        ("side", '`"left"` or `"right"`', '"left"', False, "", ""),
        ("door", "table", "", True, "", ""),
        ("door.kind", '`"basic"`', "", True, "", 'kind = "basic"'),
        ("door.password", secret, "", True, "What is whispered.", 'kind = "basic"'),
        ("door.kind", '`"open"`', "", True, "", 'kind = "open"'),
        ("rooms", "list of whole number", "", False, "", ""),
        ("dark", "`true` or `false`", "false", False, "", ""),
    ]


def test_an_extra_cost_is_described_as_it_is_written() -> None:
    (cost,) = (key for key in service_reference(Service) if key.path == "extra_cost")

    assert (cost.type, cost.default) == ('amount in quotes, such as `"2.50"`', '"0"')


def test_every_generated_page_is_what_the_code_says() -> None:
    """After a change of a setting: `make docs`, then read the difference as an operator would."""
    check = [sys.executable, "-m", "docs.generate", "--check"]

    ran = subprocess.run(check, cwd=ROOT, capture_output=True, text=True, check=False)

    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
