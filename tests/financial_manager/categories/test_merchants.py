"""The shipped tree and merchant knowledge are whole, and direction counts."""

from __future__ import annotations

import pytest

from backend.financial_manager.categories.line import Line
from backend.financial_manager.categories.merchants import KNOWN_ENOUGH, SECTIONS, known_of, look_up, patterns
from backend.financial_manager.categories.tree import leaves, shipped


def known(text: str, amount_minor: int = -1000) -> str | None:
    found = known_of(Line(purpose=text, amount_minor=amount_minor))
    return found.category_id if found else None


def test_the_tree_is_whole() -> None:
    """Every category has a group, titles in both languages, and a title of its own in its group."""
    tree = shipped()
    assert 80 <= len(leaves()) <= 140
    for one in tree.values():
        assert one.title
        assert one.title_de
        assert one.direction in ("income", "expense", "transfer")
        assert one.parent is None or tree[one.parent].direction == one.direction
        assert one.id == one.id.lower()
    for titles in ([(c.parent, c.title) for c in tree.values()], [(c.parent, c.title_de) for c in tree.values()]):
        assert len(titles) == len(set(titles))


def test_every_pattern_names_a_category() -> None:
    """No data entry points nowhere, none is empty, income patterns give income."""
    ids = {one.id for one in leaves()}
    for pattern in patterns():
        assert pattern.category in ids, pattern
        assert pattern.section in SECTIONS
        assert pattern.words
        assert all(word.strip("*") for word in pattern.words)
        assert (pattern.section == "income") <= (shipped()[pattern.category].direction == "income"), pattern


def test_every_category_is_reachable_or_left_to_people() -> None:
    """Most categories are known by some pattern."""
    silent = {one.id for one in leaves()} - {pattern.category for pattern in patterns()}
    assert len(silent) <= 8, sorted(silent)


@pytest.mark.parametrize(
    ("text", "category"),
    [
        ("BEZAHLUNG KARTE 1234 BILLA DANKT 1234 WIEN", "food.groceries"),
        ("Lastschrift Wien Energie Vertrieb", "energy.electricity"),
        ("ENI 4711 VOESENDORF", "transport.fuel"),
        ("Löwen-Apotheke Bregenz", "health.pharmacy"),
        ("ROSENAPOTHEKE WIEN", "health.pharmacy"),
        ("Tesco Stores 1234", "food.groceries"),
        ("UBER EATS", "food.delivery"),
        ("UBER TRIP", "transport.taxi"),
        ("ORF-Beitrags Service GmbH", "energy.broadcasting"),
        ("Miete Top 7", "housing.rent"),
        ("ATM 01.02. 12:00 KARTE1", "transfers.cash"),
    ],
)
def test_merchants_are_known(text: str, category: str) -> None:
    """Names, generic words and compounds."""
    assert known(text) == category


HOME = """
-BEZAHLUNG KARTE 4711 SPAR DANKT 5512 WIEN | food.groceries
-POS 12,30 AT D1 02.05. 12:12 HOFER DANKT 1234 LINZ | food.groceries
-REWE SAGT DANKE 4455 | food.groceries
-Bäckerei Huber | food.bakery
-McDonald's Parndorf | food.fast_food
-Lastschrift Magenta Telekom Rechnung 5566 | energy.mobile
-Rundfunk ARD, ZDF, DRadio | energy.broadcasting
-E.ON Energie Abschlag | energy.electricity
-Stadtwerke Musterstadt Abschlag | energy.utilities
-SEPA Lastschrift Wiener Städtische Versicherung Polizze 778 | insurance.other
-Dauerauftrag Miete Mai Huber | housing.rent
-Gemeinde Musterdorf Kanalgebühr Müllgebühr | housing.waste_and_levies
-HORNBACH 123 SEIERSBERG | housing.diy
-IKEA Vösendorf | housing.furniture
-OMV 4411 WIEN | transport.fuel
-ÖBB PERSONENVERKEHR | transport.public
-ASFINAG Vignette | transport.tolls
-Kfz-Steuer Bundeskasse | transport.car_tax
-PAYPAL *NETFLIX | leisure.streaming
-Kontoführungsentgelt Q1 | fees.bank
-Notar Dr. Muster Kaufvertrag | fees.advice
-KEST | taxes.capital_gains
-Umsatzsteuer Voranmeldung 04/2024 Finanzamt | taxes.vat
-SVS Sozialversicherung Beitrag 2. Quartal | taxes.social_security
-Dr. Maria Muster Zahnärztin | health.dentist
-DM-FIL. 5566 H:123 | shopping.drugstore
-Kindergarten Marktgemeinde Musterdorf | kids.childcare
-Baumeister Muster GmbH Teilrechnung 2 | building.shell
-Wärmepumpe Muster Haustechnik | building.technics
-BANKOMAT 00021234 KARTE1 30.05.UM 14.02 | transfers.cash
-card complete Kreditkartenabrechnung | transfers.credit_card
-Umbuchung eigenes Konto | transfers.own_account
-Bausparkasse Muster | transfers.building_savings
+Gehalt 05/2024 Muster GmbH | income.salary
+Familienbeihilfe Finanzamt Österreich | income.family_benefits
+Finanzamt Arbeitnehmerveranlagung | income.tax_refund
+Habenzinsen | income.interest
+Dividende Muster AG | income.dividends
+Honorarnote 2024-05 | income.self_employed
+Pensionsversicherungsanstalt Pension | income.pension
"""
"""Invented lines in the manner of Austrian and German banks: sign, text, category."""


@pytest.mark.parametrize("row", HOME.strip().splitlines())
def test_lines_of_a_household_at_home_are_settled(row: str) -> None:
    """What a household in Austria or Germany sees every month stands without a person."""
    text, _, category = row[1:].partition(" | ")
    found = known_of(Line(purpose=text, amount_minor=2500 if row[0] == "+" else -2500))
    assert found is not None
    assert (found.category_id, found.confidence >= KNOWN_ENOUGH) == (category, True)


@pytest.mark.parametrize(
    ("text", "spent", "received"),
    [
        ("Finanzamt Österreich", "taxes.income_tax", "income.tax_refund"),
        ("Miete", "housing.rent", "income.rental"),
        ("Zinsen", "fees.interest", "income.interest"),
        ("Unterhalt", "kids.maintenance", "income.maintenance"),
    ],
)
def test_the_direction_counts(text: str, spent: str, received: str) -> None:
    """The same word is a cost or an income."""
    assert known(text, -1000) == spent
    assert known(text, 1000) == received


def test_a_refund_keeps_its_category_less_surely() -> None:
    """Money that comes back from a shop is its refund, but a person looks at it."""
    bought, refund = (known_of(Line(purpose="HORNBACH", amount_minor=m)) for m in (-100, 100))
    assert bought is not None
    assert refund is not None
    assert bought.category_id == refund.category_id == "housing.diy"
    assert refund.confidence < KNOWN_ENOUGH <= bought.confidence


def test_expenses_never_become_income() -> None:
    """Whatever a text says, money that left is not an income."""
    for pattern in patterns():
        if pattern.section == "income":
            found = known(pattern.text.replace("*", "x"), -500)
            assert found is None or shipped()[found].direction != "income", pattern


def test_one_payee_for_everything_is_no_certainty() -> None:
    """A shop that sells everything is a proposal."""
    found = known_of(Line(purpose="AMAZON EU", amount_minor=-999))
    assert found is not None
    assert found.confidence < KNOWN_ENOUGH


def test_nothing_is_known_of_the_unknown() -> None:
    """No guess without a word for it."""
    assert known("xqzv wrtl") is None
    assert known("") is None


@pytest.mark.parametrize("text", ["Miete Top 7 Hausverwaltung Huber", "Hausverwaltung Huber Miete November"])
def test_a_rent_is_a_rent_whoever_manages_the_house(text: str) -> None:
    """A property manager takes rents and service charges alike: what the line says counts, the name is a hint only."""
    said, name = look_up(text, False), look_up("Hausverwaltung Huber", False)
    assert said is not None
    assert name is not None
    assert (said.category_id, said.confidence > KNOWN_ENOUGH) == ("housing.rent", True)
    assert name.confidence < KNOWN_ENOUGH
