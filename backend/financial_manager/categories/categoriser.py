"""Give each bank line its category: by hand, rule, own history, what Homie knows of merchants, AI, or ask.

The own history is the payee's memory and the linear model, which are one guess with one calibrated confidence
(`model.py`); it is named after what decided. Shipped knowledge comes after it, and counts only while this owner has not
said otherwise of such merchants. What is not sure goes to the inbox with the best guess first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from backend.financial_manager.categories.assignment import Alternative, Assignment, Reason, Source
from backend.financial_manager.categories.line import Line
from backend.financial_manager.categories.merchants import KNOWN_ENOUGH, Known
from backend.financial_manager.categories.model import Guess, LearnedModel
from backend.financial_manager.categories.rule_book import RuleBook, Ruled
from backend.financial_manager.categories.tree import leaves

AI_ENOUGH = 0.7
AI_MOST = 0.88
"""An AI's word is never more certain than this: it does not know the household."""
MOST_ALTERNATIVES = 3


@dataclass(frozen=True, slots=True)
class AiWord:
    """What an AI provider said of a line's payee; `confidence`: its own, 0 to 1."""

    category_id: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the ledger with what it has now. `by_hand`: whether a person chose it."""

    line: Line
    category_id: str | None = None
    by_hand: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """A row (its number) that is offered what was just corrected. `same_payee`: else it is only alike."""

    row: int
    same_payee: bool
    confidence: float


@dataclass(slots=True)
class Categoriser:
    """The categoriser of one owner.

    `titles`: of the household's categories by id, in the language of the reader; only these ids are ever given (besides
    what a person or a rule says). `use_merchants`: whether shipped knowledge is used.
    """

    model: LearnedModel = field(default_factory=LearnedModel)
    rules: RuleBook | None = None
    titles: Mapping[str, str] = field(default_factory=lambda: {one.id: one.title for one in leaves()})
    use_merchants: bool = True
    _said: dict[str, tuple[Ruled, Assignment]] = field(default_factory=dict, init=False, repr=False)
    """What each rule says: of all of its lines the same."""

    def assign(self, line: Line, *, by_hand: str | None = None, ai: AiWord | None = None) -> Assignment:
        """Return a line's category. `by_hand`: what a person chose for it, which always stays.

        `ai`: an AI's answer for the payee, if one was asked.
        """
        if by_hand is not None:
            return Assignment(by_hand, Source.HAND, 1.0, Reason("You chose {category}.", self._titled(by_hand)))
        ruled = self.rules.first(line) if self.rules is not None else None
        if ruled is not None and ruled.category_id is not None:
            return self._by_rule(ruled, ruled.category_id)
        guess = self.model.guess(line)
        known = self.model.known(line) if self.use_merchants else None
        found = self._decided(line, guess, known, ai) or self._asked(line, guess, known, ai)
        if ruled is None:
            return found
        return replace(found, payee=ruled.payee, tags=ruled.tags, rule_id=ruled.rule_id)

    def assign_all(
        self, rows: Sequence[Row], ai: Mapping[str, AiWord] | None = None
    ) -> Iterator[tuple[Row, Assignment]]:
        """Yield each row with its assignment; rows chosen by hand keep theirs. `ai`: answers by `Line.group_key`."""
        words = ai or {}
        for row in rows:
            chosen = row.category_id if row.by_hand else None
            yield row, self.assign(row.line, by_hand=chosen, ai=words.get(row.line.group_key))

    def correct(self, line: Line, category_id: str, was: str | None = None) -> None:
        """Learn at once what a person said of a line; `was`: what this line had been learned as, if it had."""
        self.model.correct(line, category_id, was)

    def similar(self, rows: Sequence[Row], line: Line, category_id: str) -> list[Offer]:
        """Return the rows that are offered `category_id` after `line` was corrected to it, the surest first.

        Call it after `correct`. Rows chosen by hand, and rows that have the category, are never offered.
        """
        key, words = line.payee_key, set(line.reading.words)
        offers: list[Offer] = []
        for number, row in enumerate(rows):
            other = row.line
            if row.by_hand or row.category_id == category_id or other.is_income != line.is_income:
                continue
            if key and other.payee_key == key:
                offers.append(Offer(number, True, 1.0))
            elif row.category_id is None and not words.isdisjoint(other.reading.words):
                guess = self.model.guess(other)
                if guess is not None and guess.category_id == category_id:
                    offers.append(Offer(number, False, guess.confidence))
        offers.sort(key=lambda one: (not one.same_payee, -one.confidence, one.row))
        return offers

    def _decided(self, line: Line, guess: Guess | None, known: Known | None, ai: AiWord | None) -> Assignment | None:
        """Return what may stand without a person, or None."""
        if guess is not None and guess.sure and guess.category_id in self.titles:
            return self._by_history(line, guess, self._others(guess, known, ai, guess.category_id))
        against = guess is not None and guess.total > 0 and known is not None and guess.category_id != known.category_id
        if known is not None and known.category_id in self.titles and not against:
            confidence = self.model.agreement(known.category_id, known.confidence)
            if known.confidence >= KNOWN_ENOUGH and confidence >= KNOWN_ENOUGH:
                params = self._titled(known.category_id, known.pattern)
                reason = Reason("Payments with '{word}' are usually {category}.", params)
                others = self._others(guess, known, ai, known.category_id)
                return Assignment(known.category_id, Source.MERCHANTS, confidence, reason, others)
        if ai is not None and ai.category_id in self.titles and ai.confidence >= AI_ENOUGH:
            reason = Reason("The AI takes it for {category}.", self._titled(ai.category_id))
            others = self._others(guess, known, ai, ai.category_id)
            return Assignment(ai.category_id, Source.AI, min(AI_MOST, ai.confidence), reason, others)
        return None

    def _asked(self, line: Line, guess: Guess | None, known: Known | None, ai: AiWord | None) -> Assignment:
        """Return an entry of the inbox."""
        others = self._others(guess, known, ai, None)
        if not others:
            return Assignment(None, Source.INBOX, 0.0, Reason("Nothing is known of {payee} yet.", _payee(line)))
        best = others[0]
        params = self._titled(best.category_id)
        reason = Reason("Homie is not sure. It may be {category}.", params)
        if guess is not None and guess.total and best.category_id == guess.category_id and guess.yes < guess.total:
            counts = {"count": str(guess.yes), "total": str(guess.total)}
            reason = Reason(
                "Homie is not sure. {count} of {total} payments to {payee} were {category}.",
                params | counts | _payee(line),
            )
        return Assignment(None, Source.INBOX, best.confidence, reason, others)

    def _by_rule(self, ruled: Ruled, category_id: str) -> Assignment:
        kept = self._said.get(ruled.rule_id)
        if kept is not None and kept[0] is ruled:
            return kept[1]
        reason = Reason("Your rule '{rule}' says so.", {"rule": ruled.rule_name})
        said = Assignment(
            category_id, Source.RULE, 1.0, reason, payee=ruled.payee, tags=ruled.tags, rule_id=ruled.rule_id
        )
        self._said[ruled.rule_id] = ruled, said
        return said

    def _by_history(self, line: Line, guess: Guess, others: tuple[Alternative, ...]) -> Assignment:
        params = self._titled(guess.category_id)
        if guess.yes:
            params |= {"count": str(guess.yes), "total": str(guess.total)} | _payee(line)
            template = "{count} of {total} payments to {payee} were {category}."
            if line.is_income:
                template = "{count} of {total} payments from {payee} were {category}."
            return Assignment(guess.category_id, Source.MEMORY, guess.confidence, Reason(template, params), others)
        reason = Reason("Payments like this were {category}.", params)
        if guess.alike:
            reason = Reason("Payments with '{word}' were {category}.", params | {"word": guess.alike})
        return Assignment(guess.category_id, Source.MODEL, guess.confidence, reason, others)

    def _others(
        self, guess: Guess | None, known: Known | None, ai: AiWord | None, chosen: str | None
    ) -> tuple[Alternative, ...]:
        """Return what else a line may be, the best first: own history, shipped knowledge, the AI's word."""
        found: dict[str, float] = {}
        if guess is not None:
            for number, (category, share) in enumerate(guess.ranked):
                found[category] = guess.confidence if number == 0 else min(share, guess.confidence)
        unseen = guess is None or guess.total == 0
        if known is not None:
            sure = self.model.agreement(known.category_id, known.confidence) if unseen else 0.2
            for category, value in ((known.category_id, sure), *((other, 0.2) for other in known.others)):
                found[category] = max(found.get(category, 0.0), value)
        if ai is not None:
            found[ai.category_id] = max(found.get(ai.category_id, 0.0), min(AI_MOST, ai.confidence))
        ranked = sorted(found.items(), key=lambda one: (-one[1], one[0]))
        usable = (one for one in ranked if one[0] in self.titles and one[0] != chosen and one[1] >= 0.01)
        return tuple(Alternative(*one) for one, _ in zip(usable, range(MOST_ALTERNATIVES), strict=False))

    def _titled(self, category_id: str, word: str = "") -> dict[str, str]:
        params = {"category": self.titles.get(category_id, category_id)}
        return params | {"word": word} if word else params


def _payee(line: Line) -> dict[str, str]:
    return {"payee": line.short_name}
