"""What a doctor says: a cause and a remedy by language, with what was seen in their gaps."""

import pytest

from portes.carrier import Finding, Severity
from portes.toolbox import Saying

DOWN = Saying.of("es", "{host} is down.", "{host} no responde.", "Ask {who}.", "Pregunte a {who}.")


def test_a_finding_fills_the_gaps_in_each_language() -> None:
    finding = DOWN.finding("host", Severity.ERROR, {"host": "post.example", "who": "Post", "more": "unused"}, "503")

    assert finding == Finding(
        check="host",
        severity=Severity.ERROR,
        cause={"en": "post.example is down.", "es": "post.example no responde."},
        evidence="503",
        remedy={"en": "Ask Post.", "es": "Pregunte a Post."},
    )


def test_where_nothing_is_to_be_done_there_is_no_remedy() -> None:
    fine = Saying.of("pt", "All is well.", "Tudo certo.")

    assert fine.finding("host", Severity.OK, {}).remedy == {}
    assert fine.remedy == {}


def test_a_gap_that_nothing_fills_is_an_error_of_the_plugin() -> None:
    with pytest.raises(KeyError, match="who"):
        DOWN.finding("host", Severity.ERROR, {"host": "post.example"})
