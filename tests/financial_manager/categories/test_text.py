"""A bank line's payee is the same however the bank spells it, and holds nothing that changes from line to line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.financial_manager.categories.line import Line
from backend.financial_manager.categories.text import fold, folded_words, is_reference, party_of, plain, read_text


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("BEZAHLUNG KARTE 1234 30.05. UM 14.02 BILLA DANKT 1234 WIEN", "billa"),
        ("POS 4711 D1 01.02. 09:15 BILLA DANKT 0099 GRAZ AT", "billa"),
        ("SPAR FIL. 5512 LINZ", "spar"),
        ("Müller Drogerie Linz", "muller drogerie"),
        ("MUELLER DROGERIE 4020 LINZ AUT", "muller drogerie"),
        ("H&M SAGT VIELEN DANK 0123", "hnm"),
        ("PAYPAL *SPOTIFY 35314369001", "spotify"),
        ("SumUp *Blumen Huber Wien", "blumen huber"),
        ("SVWZ+Gehalt 05/2024 EREF+NOTPROVIDED123 ABWA+", "gehalt"),
        ("DEBIT CARD PURCHASE XXXXX4094 CORNER BISTRO", "corner bistro"),
        ("McDonald's 4711", "mcdonalds"),
        ("E.ON Energie Deutschland GmbH", "eon energie"),
        ("Dauerauftrag", "daurauftrag"),
        ("12345", "12345"),
        ("", ""),
    ],
)
def test_a_payee_is_known_by_what_stays(text: str, key: str) -> None:
    """Cards, dates, times, branches, places and what banks print around it are left out; something always stays."""
    assert Line(purpose=text).payee_key == key


def test_a_labelled_text_names_its_payee() -> None:
    """Some banks put everything into one text with labels."""
    text = "Verwendungszweck: Miete Mai Zahlungsempfänger: Hausverwaltung Huber GmbH IBAN Empfänger: AT61 BIC: RLNWATWW"
    assert Line(purpose=text).payee_key == "hausverwaltung huber"
    assert party_of("no label") == ""


def test_behind_a_payment_service_the_purpose_counts() -> None:
    """PayPal is nobody's payee, unless nothing else is said."""
    assert Line(payee="PayPal Europe", purpose="Ihr Einkauf bei Fahrradladen").payee_key == "europe fahrradladen"
    assert Line(payee="PayPal").payee_key == "paypal"


@pytest.mark.parametrize(("a", "b"), [("MÜLLER", "mueller"), ("Größe", "GROESSE"), ("Café", "cafe"), ("Łódź", "lodz")])
def test_spellings_are_joined(a: str, b: str) -> None:
    """Umlauts, accents and case do not tell payees apart."""
    assert fold(a) == fold(b)


def test_short_words_keep_their_e() -> None:
    """AEP is not AP."""
    assert fold("AEP") == "aep"
    assert plain("Ä  b") == "a b"


@pytest.mark.parametrize("word", ["1234", "4094", "xxxx", "x", "ew6mv0103", "30t14", "25th", "at61190430"])
def test_references_are_recognised(word: str) -> None:
    """Numbers, masks and ids say nothing of who was paid."""
    assert is_reference(word)


@pytest.mark.parametrize("word", ["o2", "a1", "hnm", "h3g", "billa"])
def test_names_are_no_references(word: str) -> None:
    """Names may have a digit."""
    assert not is_reference(word)


@given(st.text(max_size=300))
def test_any_text_can_be_read(text: str) -> None:
    """No text fails, and reading it twice gives the same; the key says something wherever the text does."""
    first = read_text(text)
    assert first == read_text(text)
    assert bool(first.key) == bool(folded_words(text) or first.around)
    assert len(first.key.split()) <= 5


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Kleine Eisdiele am Platz", "Kleine Eisdiele am Platz"),
        ("A. Berger", "A. Berger"),
        ("BILLA DANKT 2231 WIEN", "BILLA"),
        ("PAYPAL *SPOTIFY AB 12345", "SPOTIFY"),
        ("Verein der Freunde 12 des Waldes", "Verein der Freunde des Waldes"),
        ("Muster GmbH", "Muster"),
    ],
)
def test_people_read_a_payee_as_it_is_written(written: str, shown: str) -> None:
    assert Line(written).short_name == shown
