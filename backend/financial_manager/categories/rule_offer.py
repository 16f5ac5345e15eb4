"""Offer a rule after a correction: "payments that say this payee go there"."""

from __future__ import annotations

from backend.financial_manager.categories.line import Line
from backend.financial_manager.categories.rules import DirectionCondition, RuleAction, RuleDefinition, TextCondition
from backend.financial_manager.categories.text import folded_words, plain

_EDGES = ".,;:*-+/()'\"#"


def rule_for(line: Line, category_id: str) -> RuleDefinition | None:
    """Return a rule that files lines with this payee's words, of the same direction, under `category_id`.

    It always fits `line` itself. None where the line has no words that make a rule: the caller offers nothing then.
    """
    words = _words_together(line)
    if not words:
        return None
    return RuleDefinition(
        name=words[:120],
        conditions=[
            TextCondition(values=[words]),
            DirectionCondition(value="in" if line.is_income else "out"),
        ],
        action=RuleAction(category_id=category_id),
    )


def _words_together(line: Line) -> str:
    """Return the longest run of telling words as the bank wrote them."""
    telling = set(line.reading.words) & set(line.payee_key.split())
    best: list[str] = []
    run: list[str] = []
    for part in line.text.split():
        words = folded_words(part)
        run = [*run, part] if words and telling.issuperset(words) else []
        if sum(map(len, run)) > sum(map(len, best)):
            best = run
    found = " ".join(best).strip(_EDGES)[:200].strip()
    return found if len(plain(found)) >= 3 or found.isalnum() else ""
