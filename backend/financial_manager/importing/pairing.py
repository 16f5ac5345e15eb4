"""Find the two halves of a movement between two accounts of the household; pure, over plain rows.

One-to-one: each booking is in one pair at most. Greedy over the best scores first, which is optimal here because a
pair's score does not depend on the others; ties are broken by day and id, so that any order of rows gives the same
pairs. A pair is sure where an IBAN names the other account, or where nothing else could be meant.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from backend.financial_manager.ledger.text import fold

WITHIN_DAYS = 5
SURE = 0.9
WORTH_ASKING = 0.5
_WORDS = frozenset(
    [
        "transfer",
        "umbuchung",
        "uebertrag",
        "ubertrag",
        "uberweisung",
        "ueberweisung",
        "eigenubertrag",
        "dauerauftrag",
        "sparen",
        "virement",
        "traspaso",
        "giroconto",
        "own",
        "account",
        "internal",
        "topup",
        "aufladung",
        "auszahlung",
        "einzahlung",
    ]
)


@dataclass(frozen=True, slots=True)
class Half:
    """One booking. `amount_minor`: signed, in its account's currency; `iban`: the counterparty's."""

    transaction_id: str
    account_id: str
    date: dt.date
    amount_minor: int
    currency: str
    iban: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two halves. `score`: 0..1; `reason`: what speaks for it, in words."""

    out: Half
    into: Half
    score: float
    reason: str


def find_pairs(halves: Sequence[Half], ibans: dict[str, str], rejected: Collection[tuple[str, str]] = ()) -> list[Pair]:
    """Return the pairs, the best first. `ibans`: account -> its IBAN; `rejected`: (out, in) that somebody denied."""
    ins: dict[tuple[str, int], list[Half]] = {}
    for half in halves:
        if half.amount_minor > 0:
            ins.setdefault((half.currency, half.amount_minor), []).append(half)
    possible: list[Pair] = []
    for out in halves:
        if out.amount_minor >= 0:
            continue
        for into in ins.get((out.currency, -out.amount_minor), ()):
            apart = abs((into.date - out.date).days)
            two = into.account_id != out.account_id and into.transaction_id != out.transaction_id
            if two and apart <= WITHIN_DAYS:
                pair = _pair(out, into, apart, ibans)
                if (out.transaction_id, into.transaction_id) not in rejected:
                    possible.append(pair)
    return _one_to_one(possible)


def _pair(out: Half, into: Half, apart: int, ibans: dict[str, str]) -> Pair:
    """Score two halves: an IBAN says most, then words, then how near the days are."""
    score = 0.55 - 0.05 * apart
    reasons = ["the same amount left one account and came into the other"]
    names = [(out.iban, into.account_id), (into.iban, out.account_id)]
    hits = [1 for iban, account in names if iban and iban == ibans.get(account)]
    misses = [1 for iban, account in names if iban and ibans.get(account) and iban != ibans[account]]
    if hits:
        score += 0.45
        reasons.append("the IBAN is that of your other account")
    elif misses:
        score -= 0.4
    if _WORDS & set(fold(f"{out.text} {into.text}").split()):
        score += 0.1
        reasons.append("its text speaks of a transfer")
    reasons.append("on the same day" if apart == 0 else f"{apart} days apart")
    told = ", ".join(reasons)
    return Pair(out, into, max(0.0, min(1.0, score)), f"{told[0].upper()}{told[1:]}.")


def _one_to_one(possible: Sequence[Pair]) -> list[Pair]:
    """Keep the best pairs so that no half is in two; one that is the only candidate of both halves gains."""
    outs = Counter(pair.out.transaction_id for pair in possible)
    intos = Counter(pair.into.transaction_id for pair in possible)
    ranked = sorted(
        possible,
        key=lambda pair: (
            -pair.score,
            outs[pair.out.transaction_id] + intos[pair.into.transaction_id],
            abs((pair.into.date - pair.out.date).days),
            pair.out.date,
            pair.out.transaction_id,
            pair.into.transaction_id,
        ),
    )
    taken: set[str] = set()
    kept = []
    for pair in ranked:
        if pair.score < WORTH_ASKING or {pair.out.transaction_id, pair.into.transaction_id} & taken:
            continue
        taken |= {pair.out.transaction_id, pair.into.transaction_id}
        kept.append(pair)
    return kept
