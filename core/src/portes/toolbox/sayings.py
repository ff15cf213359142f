"""What a carrier's doctor says, by language, with gaps to fill."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from portes.carrier import Finding, Severity


@dataclass(frozen=True, slots=True)
class Saying:
    """A cause and its remedy by language (`en`, `pt`, `es`), with gaps in braces, such as `{host}`."""

    cause: Mapping[str, str]
    """What is so, by language."""
    remedy: Mapping[str, str] = field(default_factory=dict)
    """What to do about it, by language; empty when nothing is to be done."""

    @classmethod
    def of(cls, language: str, english: str, other: str, english_remedy: str = "", other_remedy: str = "") -> "Saying":
        """A saying in English and one other language, given by its code: `pt`, `es`."""
        remedy = {"en": english_remedy, language: other_remedy} if english_remedy else {}
        return cls({"en": english, language: other}, remedy)

    def finding(self, check: str, severity: Severity, gaps: Mapping[str, object], evidence: str = "") -> Finding:
        """A finding in these words, its gaps filled. Raises `KeyError` for a gap that nothing fills."""
        return Finding(
            check=check,
            severity=severity,
            cause=_filled(self.cause, gaps),
            evidence=evidence,
            remedy=_filled(self.remedy, gaps),
        )


def _filled(texts: Mapping[str, str], gaps: Mapping[str, object]) -> dict[str, str]:
    return {language: text.format_map(gaps) for language, text in texts.items()}
