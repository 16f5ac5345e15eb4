"""Apply a household's rules to bank lines: in their order, the first that fits decides.

Rules that ask for a plain text are found by one pass over the part of the line that they ask for, for all of them
together, so that hundreds of rules cost little more than one; a payee that was seen is not gone over again. Only rules
that may fit are then looked at. No rule sees another one's result, none runs
twice: it always ends, and the same rules on the same line always give the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from backend.financial_manager.categories import rules as r
from backend.financial_manager.categories.line import Line
from backend.financial_manager.categories.patterns import WordsIn, found_in
from backend.financial_manager.categories.text import plain

_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue"}
_MOST_KEPT = 50_000


@dataclass(frozen=True, slots=True)
class Rule:
    """A stored rule. `id` is the caller's."""

    id: str
    definition: r.RuleDefinition


@dataclass(frozen=True, slots=True)
class Ruled:
    """What a rule says of a line."""

    rule_id: str
    rule_name: str
    category_id: str | None
    payee: str | None
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a rule would do, before it is saved.

    `fits`: numbers of the lines that it fits; `decides`: those where it would set its category; `by_hand`: those that
    keep what a person said; `earlier`: those that an earlier rule takes.
    """

    fits: tuple[int, ...]
    decides: tuple[int, ...]
    by_hand: tuple[int, ...]
    earlier: tuple[int, ...]


class _Texts:
    """A line's texts in plain letters, made when a rule asks for them."""

    __slots__ = ("_in_plain", "_line", "_payee", "_purpose")

    def __init__(self, line: Line, in_plain: Callable[[str], str]) -> None:
        self._line = line
        self._in_plain = in_plain
        self._payee: str | None = None
        self._purpose: str | None = None

    @property
    def payee(self) -> str:
        if self._payee is None:
            self._payee = self._in_plain(self._line.payee)
        return self._payee

    @property
    def purpose(self) -> str:
        if self._purpose is None:
            self._purpose = self._in_plain(self._line.purpose)
        return self._purpose

    @property
    def both(self) -> str:
        return f"{self.payee} {self.purpose}".strip()


_PARTS: dict[str, Callable[[_Texts], str]] = {
    "any": lambda texts: texts.both,
    "payee": lambda texts: texts.payee,
    "purpose": lambda texts: texts.purpose,
}


@dataclass(slots=True)
class _Ready:
    """A rule prepared for matching: each condition as a test."""

    place: int
    rule: Rule
    result: Ruled
    tests: tuple[Callable[[Line, _Texts], bool], ...]
    every: bool

    def fits(self, line: Line, texts: _Texts) -> bool:
        """Tell whether the rule fits."""
        return (all if self.every else any)(test(line, texts) for test in self.tests)


class _Triggers:
    """Which rules may fit by the texts that stand in one part of a line: one pass for each text, which is kept."""

    def __init__(self, part: str, needed: Sequence[tuple[str, int]]) -> None:
        self.part_of = _PARTS[part]
        self._words = WordsIn(text for text, _ in needed)
        self._rules = [place for _, place in needed]
        self._kept: dict[str, tuple[int, ...]] = {}

    def rules_in(self, text: str) -> tuple[int, ...]:
        """Return the places of the rules that may fit, in order."""
        found = self._kept.get(text)
        if found is None:
            if len(self._kept) >= _MOST_KEPT:
                self._kept.clear()
            places = {self._rules[number] for number in self._words.standing_in(text)}
            found = self._kept[text] = tuple(sorted(places))
        return found


class RuleBook:
    """The enabled rules of a household, in their order."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._ready = [_ready(place, rule) for place, rule in enumerate(one for one in rules if one.definition.enabled)]
        always: list[int] = []
        by_part: dict[str, list[tuple[str, int]]] = {}
        for one in self._ready:
            needed = _needed(one.rule.definition)
            if needed is None:
                always.append(one.place)
            for part, text in needed or ():
                by_part.setdefault(part, []).append((text, one.place))
        self._always = tuple(always)
        self._triggers = [_Triggers(part, texts) for part, texts in by_part.items()]
        self._plain: dict[str, str] = {}

    def first(self, line: Line) -> Ruled | None:
        """Return what the first rule that fits says of a line, or None."""
        texts = _Texts(line, self._in_plain)
        for place in self._may_fit(texts):
            one = self._ready[place]
            if one.fits(line, texts):
                return one.result
        return None

    def _may_fit(self, texts: _Texts) -> Sequence[int]:
        places = self._always
        for one in self._triggers:
            more = one.rules_in(one.part_of(texts))
            if more:
                places = tuple(sorted({*places, *more})) if places else more
        return places

    def _in_plain(self, text: str) -> str:
        found = self._plain.get(text)
        if found is None:
            if len(self._plain) >= _MOST_KEPT:
                self._plain.clear()
            found = self._plain[text] = plain(text)
        return found


def preview(
    definition: r.RuleDefinition,
    lines: Sequence[Line],
    by_hand: Sequence[bool] = (),
    earlier: RuleBook | None = None,
) -> Preview:
    """Return what a rule would do with these lines. `by_hand`: per line, whether a person chose its category.

    `earlier`: the rules that stand before it.
    """
    alone = RuleBook([Rule("", definition.model_copy(update={"enabled": True}))])
    fits, decides, kept, taken = [], [], [], []
    for number, line in enumerate(lines):
        if alone.first(line) is None:
            continue
        fits.append(number)
        if number < len(by_hand) and by_hand[number]:
            kept.append(number)
        elif earlier is not None and earlier.first(line) is not None:
            taken.append(number)
        else:
            decides.append(number)
    return Preview(tuple(fits), tuple(decides), tuple(kept), tuple(taken))


def _ready(place: int, rule: Rule) -> _Ready:
    said, action = rule.definition, rule.definition.action
    # What is cheap to test comes first; the order changes no answer.
    conditions = sorted(said.conditions, key=lambda one: isinstance(one, r.TextCondition) and one.how == "regex")
    result = Ruled(rule.id, said.name, action.category_id, action.payee, tuple(action.tags))
    return _Ready(place, rule, result, tuple(_test(one) for one in conditions), said.match == "all")


def _needed(definition: r.RuleDefinition) -> list[tuple[str, str]] | None:
    """Return (part, text) of which one stands in every line that the rule fits, or None where there are none such."""
    plainly: list[list[tuple[str, str]] | None] = [
        [(one.part, text) for text in _spellings(one)]
        if isinstance(one, r.TextCondition) and one.how != "regex" and not one.negate
        else None
        for one in definition.conditions
    ]
    if definition.match == "all":
        told = [texts for texts in plainly if texts is not None]
        return min(told, key=len) if told else None
    found: list[tuple[str, str]] = []
    for texts in plainly:
        if texts is None:
            return None
        found += texts
    return found


def _spellings(condition: r.TextCondition) -> list[str]:
    """Return the values in plain letters; an umlaut also as banks spell it ("ue")."""
    found: dict[str, None] = {}
    for value in condition.values:
        found[plain(value)] = None
        spelled = value.casefold()
        for letter, letters in _UMLAUTS.items():
            spelled = spelled.replace(letter, letters)
        found[plain(spelled)] = None
    return [one for one in found if one]


def _test(condition: r.Condition) -> Callable[[Line, _Texts], bool]:
    test = _plain_test(condition)
    return (lambda line, texts: not test(line, texts)) if condition.negate else test


def _plain_test(condition: r.Condition) -> Callable[[Line, _Texts], bool]:
    match condition:
        case r.TextCondition():
            return _text_test(condition)
        case r.IbanCondition(values=values):
            ibans = frozenset(values)
            return lambda line, _: "".join(line.iban.split()).upper() in ibans
        case r.AmountCondition(at_least=low, at_most=high, currency=currency):
            least, most = low or 0, r.MOST_MINOR if high is None else high
            if currency is None:
                return lambda line, _: least <= abs(line.amount_minor) <= most
            return lambda line, _: least <= abs(line.amount_minor) <= most and line.currency.upper() == currency
        case r.DirectionCondition(value=value):
            return lambda line, _: (line.amount_minor > 0) if value == "in" else (line.amount_minor < 0)
        case r.AccountCondition(values=values):
            accounts = frozenset(values)
            return lambda line, _: line.account_id in accounts
        case r.CurrencyCondition(values=values):
            currencies = frozenset(values)
            return lambda line, _: line.currency.upper() in currencies


def _text_test(condition: r.TextCondition) -> Callable[[Line, _Texts], bool]:
    part, how = condition.part, condition.how
    if how == "regex":
        values = condition.values
        raw: Callable[[Line], str] = {
            "any": lambda line: line.text,
            "payee": lambda line: line.payee,
            "purpose": lambda line: line.purpose,
        }[part]
        return lambda line, _: any(found_in(value, raw(line)) for value in values)
    spelled = _spellings(condition)
    chosen = _PARTS[part]
    if how == "contains":
        return lambda _, texts: any(value in chosen(texts) for value in spelled)
    if how == "begins":
        return lambda _, texts: chosen(texts).startswith(tuple(spelled))
    return lambda _, texts: chosen(texts) in spelled
