"""The code page of a statement is found from few letters; where nothing tells, it is the commonest one."""

from __future__ import annotations

import pytest

from backend.financial_manager.statements.encodings import decode
from tests.financial_manager.reading import booked


@pytest.mark.parametrize("unit", [" €", "€", " £"])
def test_a_sign_of_a_currency_alone_is_read_in_the_code_page_of_windows(unit: str) -> None:
    """A lone sign between spaces speaks against no code page."""
    data = f"Datum;Text;Betrag\n01.02.2024;x;-12,50{unit}\n02.02.2024;y;3,00{unit}\n".encode("cp1252")
    assert booked(data) == ["2024-02-01 -12.50", "2024-02-02 3.00"]
    assert unit in decode(data)[0]


@pytest.mark.parametrize("letter", "äöüßéèêëàâáãåæçíìîïñóòôõøúùûÿÄÖÜÉÅÆØÑ")
@pytest.mark.parametrize("where", ["ca{}", "{} la carte", "{}be", "b{}b"])
def test_a_single_letter_is_read_in_the_code_page_of_windows(letter: str, where: str) -> None:
    """Which language it is of, one letter cannot tell."""
    word = (where.upper() if letter.isupper() else where).format(letter)
    text = f"Datum;Text;Betrag\n01.02.2024;{word} x;-12,50\n"
    assert decode(text.encode("cp1252"))[0] == text


@pytest.mark.parametrize(
    ("encoding", "words"),
    [
        ("cp1252", "forêt d'août été"),
        ("cp1252", "Grüße für 5 € – „Öl“"),
        ("cp1252", "não há ações"),
        ("cp1252", "smörgås på måndag"),
        ("cp1250", "Částka zaúčtování příjmy"),
        ("cp1250", "Zůstatek měna účtu"),
        ("cp1250", "Obciążenia łódź księgowania"),
        ("cp1250", "Könyvelés dátuma összeg őszi űr"),
        ("cp850", "Überweisung für Größe"),
        ("iso8859_2", "žluťoučký kůň"),
        ("cp1251", "Дата операции"),
        ("iso8859_15", "12 € Café"),
    ],
)
def test_several_letters_tell_the_code_page(encoding: str, words: str) -> None:
    """One language has them all under one code page only."""
    text = f"Datum;Text;Betrag\n01.02.2024;{words};-12,50\n"
    assert decode(text.encode(encoding))[0] == text
