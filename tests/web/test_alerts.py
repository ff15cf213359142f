"""The example alerts and the documents against the metrics that there are."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from portes.assembly import Opener
from portes.engine.breaker import Circuit
from portes.web.budget import CAUSES
from portes.web.gauges import slo_gauges, vitals_gauges
from portes.web.metrics import REGISTRY
from portes.web.reload import Reloading
from portes.web.reload_generation import GenerationFile
from portes.web.reload_loads import Loads
from portes.web.reload_page import ReloadPage

DOCS = Path(__file__).parents[2] / "docs"
RULES: list[dict[str, Any]] = [
    rule
    for group in yaml.safe_load((DOCS / "alerts" / "portes.yml").read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]
OPERATIONS = (DOCS / "operations.md").read_text(encoding="utf-8")
SERVICE = (DOCS / "service.md").read_text(encoding="utf-8")
HISTOGRAM = ("_bucket", "_sum", "_count")
EACH = pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])


def exported(folder: Path) -> dict[str, set[str]]:
    """Every metric of /metrics and its labels, whether anything was counted yet or not."""
    reloads = ReloadPage(Reloading(Loads([], Opener()), GenerationFile(folder)))
    counts = [(family, metric._labelnames) for metric in REGISTRY._collector_to_names for family in metric.describe()]  # type: ignore[attr-defined]
    gauges = [(family, family._labelnames) for family in (*vitals_gauges([]), *slo_gauges({}), *reloads.collect())]  # type: ignore[attr-defined]
    return {name: set(labels) for family, labels in (*counts, *gauges) for name in series(family)}


def series(family: Any) -> Iterator[str]:
    if family.type == "histogram":
        yield from (f"{family.name}{end}" for end in HISTOGRAM)
    else:
        yield f"{family.name}_total" if family.type == "counter" else family.name


def named(expression: str) -> Iterator[tuple[str, set[str]]]:
    """Each metric in an expression of Prometheus, with the labels it is matched by."""
    for name, matchers in re.findall(r"\b(portes_\w+)(?:\{([^}]*)\})?", expression):
        yield name, set(re.findall(r"(\w+)=", matchers))


@EACH
def test_a_rule_has_all_that_prometheus_wants(rule: Mapping[str, Any]) -> None:
    assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
    assert rule["labels"]["severity"] in {"page", "ticket"}
    assert rule["annotations"]["summary"]
    assert re.fullmatch(r"\d+[smh]", rule.get("for", "0s"))
    assert all(rule["expr"].count(left) == rule["expr"].count(right) for left, right in ("()", "{}", "[]"))


@EACH
def test_every_metric_and_label_of_a_rule_is_exported(rule: Mapping[str, Any], tmp_path: Path) -> None:
    found = exported(tmp_path)
    up = 'up{job="portes"}'

    assert [*named(rule["expr"])] or rule["expr"].startswith(up)
    assert [name for name, labels in named(rule["expr"]) if name not in found or not labels <= found[name]] == []


@EACH
def test_every_value_that_a_rule_looks_for_can_occur(rule: Mapping[str, Any]) -> None:
    known = {"cause": {*CAUSES, "rejected_credentials"}, "state": {state.value for state in Circuit}}

    for label, values in known.items():
        for match in re.findall(rf'\b{label}=~?"([^"]*)"', rule["expr"]):
            assert set(match.split("|")) <= values


@EACH
def test_every_alarm_is_explained_under_its_name(rule: Mapping[str, Any]) -> None:
    assert f"### `{rule['alert']}`\n" in OPERATIONS


def test_no_two_rules_have_one_name() -> None:
    names = [rule["alert"] for rule in RULES]

    assert len(set(names)) == len(names)


@pytest.mark.parametrize("cause", CAUSES)
def test_every_cause_of_a_lost_answer_is_explained(cause: str) -> None:
    assert f"| `{cause}` |" in OPERATIONS


def test_every_metric_is_documented_with_its_labels(tmp_path: Path) -> None:
    rows = dict(re.findall(r"^\| `(portes_\w+)` \|([^|]*)\|", SERVICE, re.MULTILINE))
    told = {name: set(re.findall(r"`(\w+)`", labels)) for name, labels in rows.items()}
    short = {name.removesuffix("_bucket"): labels for name, labels in exported(tmp_path).items()}
    wanted = {name: labels for name, labels in short.items() if not name.endswith(("seconds_sum", "seconds_count"))}

    assert {name: labels for name, labels in wanted.items() if told.get(name) != labels} == {}
