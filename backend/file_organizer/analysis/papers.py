"""Know what a paper is (invoice, contract, payslip, ...) from words of its name or text, in English and German."""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from backend.file_organizer.analysis.words import words_in


class Paper(enum.StrEnum):
    """Name a kind of household paper."""

    INVOICE = "invoice"
    RECEIPT = "receipt"
    CONTRACT = "contract"
    INSURANCE = "insurance"
    BANK = "bank"
    TAX = "tax"
    PAYSLIP = "payslip"
    MEDICAL = "medical"
    MANUAL = "manual"
    TRAVEL = "travel"
    CERTIFICATE = "certificate"
    APPLICATION = "application"
    LETTER = "letter"
    WARRANTY = "warranty"
    SCHOOL = "school"


_WORDS: dict[Paper, str] = {
    Paper.INVOICE: "invoice invoices rechnung rechnungen faktura bill bills facture factura abrechnung nebenkosten",
    Paper.RECEIPT: "receipt receipts quittung kassenbon kassenzettel beleg bon",
    Paper.CONTRACT: "contract contracts vertrag verträge agreement mietvertrag lease arbeitsvertrag kündigung tenancy",
    Paper.INSURANCE: "insurance versicherung versicherungsschein police versicherungspolice haftpflicht hausrat",
    Paper.BANK: "statement statements kontoauszug kontoauszüge auszug depotauszug iban sepa kreditkartenabrechnung",
    Paper.TAX: "tax taxes steuer steuern steuerbescheid steuererklärung einkommensteuer lohnsteuer "
    "lohnsteuerbescheinigung elster finanzamt umsatzsteuer grundsteuer vat",
    Paper.PAYSLIP: "payslip payslips payroll salary gehaltsabrechnung lohnabrechnung entgeltabrechnung gehaltszettel "
    "verdienstabrechnung paystub",
    Paper.MEDICAL: "medical arztbrief befund rezept krankenschein impfpass laborbefund prescription diagnosis "
    "attest überweisungsschein krankmeldung vaccination",
    Paper.MANUAL: "manual handbuch anleitung bedienungsanleitung gebrauchsanweisung instructions userguide guide "
    "datasheet datenblatt quickstart montageanleitung",
    Paper.TRAVEL: "ticket tickets boarding boardingpass itinerary booking buchung buchungsbestätigung reservation "
    "reservierung fahrkarte hotel flight flug eticket reiseplan",
    Paper.CERTIFICATE: "certificate zeugnis urkunde geburtsurkunde heiratsurkunde diplom diploma abiturzeugnis "
    "transcript bescheinigung passport reisepass personalausweis",
    Paper.APPLICATION: "resume cv lebenslauf bewerbung anschreiben application",
    Paper.LETTER: "letter brief bescheid schreiben mahnung",
    Paper.WARRANTY: "warranty garantie garantieschein guarantee gewährleistung",
    Paper.SCHOOL: "homework hausaufgabe hausaufgaben klassenarbeit elternbrief stundenplan lecture vorlesung syllabus",
}
PAPER_BY_WORD: Mapping[str, Paper] = MappingProxyType(
    {word: paper for paper, words in _WORDS.items() for word in words.split()}
)

_ENDINGS: tuple[tuple[str, Paper], ...] = (
    ("gehaltsabrechnung", Paper.PAYSLIP),
    ("lohnabrechnung", Paper.PAYSLIP),
    ("kreditkartenabrechnung", Paper.BANK),
    ("rechnung", Paper.INVOICE),
    ("abrechnung", Paper.INVOICE),
    ("vertrag", Paper.CONTRACT),
    ("versicherung", Paper.INSURANCE),
    ("kontoauszug", Paper.BANK),
    ("steuerbescheid", Paper.TAX),
    ("bescheid", Paper.LETTER),
    ("anleitung", Paper.MANUAL),
    ("handbuch", Paper.MANUAL),
    ("zeugnis", Paper.CERTIFICATE),
    ("urkunde", Paper.CERTIFICATE),
    ("quittung", Paper.RECEIPT),
)
"""German joins words: a Stromrechnung is an invoice."""

_WEAK_IN_TEXT = words_in(
    "tax taxes vat steuer steuern umsatzsteuer bill bills ticket tickets booking statement iban sepa "
    "police letter brief guide instructions application hotel flight agreement guarantee order "
    "insurance salary medical manual bon"
)
"""Words that stand in papers of every kind; in a name they tell, in a text they do not."""

_STRENGTH: Mapping[Paper, int] = MappingProxyType({Paper.PAYSLIP: 3, Paper.TAX: 3, Paper.LETTER: -1, Paper.MANUAL: 1})
_SENDER_NOISE = frozenset(p for p in PAPER_BY_WORD) | words_in("gmbh inc ltd ag kg co llc se ev sa")


def paper_of_words(words: Iterable[str]) -> tuple[Paper, str] | None:
    """Return the paper that words of a NAME speak of, with the word that says so; the more specific word wins."""
    best: tuple[int, Paper, str] | None = None
    for word in words:
        paper = PAPER_BY_WORD.get(word) or (_by_ending(word) if len(word) > 8 else None)
        if paper is None:
            continue
        strength = _STRENGTH.get(paper, 0) * 10 + min(len(word), 9)
        if best is None or strength > best[0]:
            best = (strength, paper, word)
    return (best[1], best[2]) if best else None


def paper_of_text(words: Iterable[str]) -> tuple[Paper, str, int] | None:
    """Return the paper that a TEXT speaks of most, a word that says so, and how often; needs two hits to speak."""
    counts: dict[Paper, int] = {}
    sample: dict[Paper, str] = {}
    for position, word in enumerate(words):
        if word in _WEAK_IN_TEXT and position >= 15:
            continue
        paper = PAPER_BY_WORD.get(word) or (_by_ending(word) if len(word) > 8 else None)
        if paper is not None:
            # A title stands at the top: its word counts three times.
            counts[paper] = counts.get(paper, 0) + (3 if position < 40 else 1)
            sample.setdefault(paper, word)
    if not counts:
        return None
    paper, hits = max(counts.items(), key=lambda item: (item[1] + _STRENGTH.get(item[0], 0), item[0]))
    return (paper, sample[paper], hits) if hits >= 2 else None


def _by_ending(word: str) -> Paper | None:
    """Return the paper of a joined German word."""
    for ending, paper in _ENDINGS:
        if word.endswith(ending) or word.endswith(ending + "en"):
            return paper
    return None


def telling_words(words: Iterable[str]) -> tuple[str, ...]:
    """Return the words of a name that may name a sender or a subject: without the words for the paper itself."""
    return tuple(word for word in words if word not in _SENDER_NOISE)
