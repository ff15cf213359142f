"""Plays a marketplace before the marketplace does: asks a running service all that an approval asks, and reports."""

from portes.approval.approve import ApprovalTerms, approve
from portes.approval.report import ApprovalReport, ApprovalStep, StepOutcome

__all__ = ["ApprovalReport", "ApprovalStep", "ApprovalTerms", "StepOutcome", "approve"]
