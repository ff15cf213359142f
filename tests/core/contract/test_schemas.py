"""The published JSON Schemas say what the models say, and every noun we write keeps to them."""

from pathlib import Path
from typing import Any

import pytest
from docs.schemas import PUBLISHED, VERSION, schema, texts
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from nouns import NOUNS

ROOM = Path(__file__).parents[3] / "contracts" / "schemas" / VERSION
EACH = pytest.mark.parametrize("name", PUBLISHED)


def test_the_published_files_are_what_the_models_say() -> None:
    """After a change of a noun: `make docs`, then read the difference as a host in another language would."""
    assert {path.name: path.read_text(encoding="utf-8") for path in ROOM.iterdir()} == texts()


@EACH
def test_each_schema_has_an_id_a_title_and_a_closed_door(name: str) -> None:
    published = schema(name)

    Draft202012Validator.check_schema(published)
    assert published["$id"] == f"urn:portes:contract:v1:{name}"
    assert published["title"] == PUBLISHED[name][0].__name__
    assert published["additionalProperties"] is False


@EACH
@given(data=st.data())
def test_what_portes_writes_keeps_to_the_schema(name: str, data: st.DataObject) -> None:
    noun = data.draw(NOUNS[PUBLISHED[name][0]])

    Draft202012Validator(schema(name)).validate(noun.model_dump(mode="json"))


@pytest.mark.parametrize(
    "bad",
    [
        {"currency": "reais"},
        {"lines": []},
        {"colour": "red"},
        {"destination": {"country": "BR", "postal_code": 1512651}},
    ],
)
def test_the_schema_of_a_question_refuses_what_the_noun_refuses(bad: dict[str, Any]) -> None:
    item = {"sku": "sku-1", "quantity": 1, "weight": 500, "size": {"length": 1, "width": 1, "height": 1}}
    destination = {"country": "BR", "postal_code": "01512651"}
    asked = {"channel": "native", "store": "demo", "destination": destination, "lines": [item], "currency": "BRL"}
    validator = Draft202012Validator(schema("quote_request"))

    assert validator.is_valid(asked)
    assert not validator.is_valid(asked | bad)
