"""The OpenAPI document: what it says holds for questions that nobody wrote by hand."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from stage import ENVIRON, Service, browser, service, write_store

PROPS = Path(__file__).parent / "props"

# What a schema cannot say (a country's postal codes, a store's own limits) is refused as well: 413, 422.
CONFIG = """
[checks]
negative_data_rejection.expected-statuses = [401, 405, 413, 415, 422]
positive_data_acceptance.expected-statuses = ["2xx", 413, 422, 503]

[generation]
database = "none"

[[operations]]
include-path-regex = "netshoes$"
headers = { Authorization = "Basic bmV0c2hvZXM6Y2FuYXJ5LTQ3MTEtMDgxNQ==" }

[[operations]]
include-path-regex = "quotes$"
headers = { Authorization = "Bearer canary-4711-0815" }
"""


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("store")
    native = '[channels.native]\nkeys = ["${SECRET}"]'
    store = write_store(folder, "shop", {"near": {"prefixes": ["0"]}}, more=native)
    with service([store], folder / "log", PROPS) as started:
        yield started


@pytest.fixture(scope="module")
def document(running: Service) -> dict[str, Any]:
    with browser() as web:
        found: dict[str, Any] = web.get(f"{running.admin}/openapi.json").json()
    return found


@pytest.mark.exhaustive  # by day the doors of tests/fuzz ask odd questions, and the document is held to its words below
def test_every_question_gets_what_the_document_says(running: Service, tmp_path: Path) -> None:
    (tmp_path / "schemathesis.toml").write_text(CONFIG)
    options = ["--url", running.public, "--phases", "examples,coverage,fuzzing", "--max-examples", "20", "--seed", "1"]
    command = [sys.executable, "-m", "schemathesis.cli", "run", f"{running.admin}/openapi.json", *options]

    done = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, "NO_PROXY": "*"}, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout[:3000] + done.stdout[-1000:]
    assert "Tested: 3" in done.stdout
    assert {event["status"] for event in running.events("replied")} >= {200, 401, 413, 422}
    assert running.events("crashed") == []


def test_the_deliberate_503_is_in_the_document(document: dict[str, Any]) -> None:
    said = document["paths"]["/v1/shop/netshoes"]["post"]["responses"]["503"]["description"]

    assert "sells by the imported freight table" in said


def test_the_document_names_credentials_and_holds_none(document: dict[str, Any]) -> None:
    schemes = document["components"]["securitySchemes"]

    assert schemes == {"basic": {"type": "http", "scheme": "basic"}, "bearer": {"type": "http", "scheme": "bearer"}}
    assert not any(secret in str(document) for secret in ENVIRON.values())


def test_the_document_is_openapi(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1.")
    schemathesis.openapi.from_dict(document).validate()


def test_the_example_is_the_question_that_the_marketplace_documents(document: dict[str, Any]) -> None:
    body = document["paths"]["/v1/shop/netshoes"]["post"]["requestBody"]["content"]["application/json"]

    assert (body["example"]["zipCode"], body["example"]["products"][0]["skuCode"]) == ("01512651", "sku-1234-01")
