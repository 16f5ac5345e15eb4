"""Categories of bank lines: the shipped tree, merchant knowledge, rules, a model per owner, and who is heard first.

Pure: no database, no clock, no network. `Categoriser` gives each line an `Assignment`; `LearnedModel` is counted from
the ledger and learns a correction at once; `RuleBook` holds the household's rules; `asking` is the AI task.
"""

from __future__ import annotations

from backend.financial_manager.categories.assignment import Alternative, Assignment, Reason, Source
from backend.financial_manager.categories.categoriser import AiWord, Categoriser, Offer, Row
from backend.financial_manager.categories.line import Line
from backend.financial_manager.categories.model import Guess, LearnedModel
from backend.financial_manager.categories.rule_book import Preview, Rule, RuleBook, Ruled, preview
from backend.financial_manager.categories.rule_offer import rule_for
from backend.financial_manager.categories.rules import RuleDefinition, read_rule
from backend.financial_manager.categories.tree import Category, leaves, shipped

__all__ = [
    "AiWord",
    "Alternative",
    "Assignment",
    "Categoriser",
    "Category",
    "Guess",
    "LearnedModel",
    "Line",
    "Offer",
    "Preview",
    "Reason",
    "Row",
    "Rule",
    "RuleBook",
    "RuleDefinition",
    "Ruled",
    "Source",
    "leaves",
    "preview",
    "read_rule",
    "rule_for",
    "shipped",
]
