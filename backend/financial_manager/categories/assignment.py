"""What the categoriser says of a line: a category, who says so, how sure, and why."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field


class Source(enum.StrEnum):
    """Who decided, in the order in which they are heard."""

    HAND = "hand"
    RULE = "rule"
    MEMORY = "memory"
    MODEL = "model"
    MERCHANTS = "merchants"
    AI = "ai"
    INBOX = "inbox"


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence for people: `template` is what is translated, `params` are filled in."""

    template: str
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """Return the sentence in English."""
        return self.template.format_map(self.params)


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another category that a line may have; `confidence`: 0 to 1."""

    category_id: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Assignment:
    """One line's category. `category_id`: None where a person is asked (source `INBOX`).

    `confidence`: 0 to 1, how often such answers are right. `alternatives`: at most three others, the best first; in the
    inbox the first one is what Homie would say. `payee`, `tags`: what a rule gives besides. `rule_id`: the rule.
    """

    category_id: str | None
    source: Source
    confidence: float
    reason: Reason
    alternatives: tuple[Alternative, ...] = ()
    payee: str | None = None
    tags: tuple[str, ...] = ()
    rule_id: str | None = None
