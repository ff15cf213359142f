"""What a carrier would answer everywhere, found out with few questions.

A whole table has a cell for each public range and bracket, some 230,000 in Brazil. Most of them say what their
neighbours say, so questions are put where price or days may change, and the answers are spread over the places and
weights that cost the same. It knows no store and no carrier: an `Oracle` is asked.
"""

from portes.contingency.sampling.plan import (
    DEFAULT_BORDERS,
    Progress,
    SampledRegion,
    SamplingPlan,
    SamplingProgress,
)
from portes.contingency.sampling.protocol import LaneAnswer, LanePoint, LanePrice, Oracle, Outcome
from portes.contingency.sampling.ranges import PublicRange, public_ranges
from portes.contingency.sampling.result import SampledRow, SampledTable, UnknownSpan
from portes.contingency.sampling.sampling import sample, sampled

__all__ = [
    "DEFAULT_BORDERS",
    "LaneAnswer",
    "LanePoint",
    "LanePrice",
    "Oracle",
    "Outcome",
    "Progress",
    "PublicRange",
    "SampledRegion",
    "SampledRow",
    "SampledTable",
    "SamplingPlan",
    "SamplingProgress",
    "UnknownSpan",
    "public_ranges",
    "sample",
    "sampled",
]
