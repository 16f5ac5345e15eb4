"""Everything that the hub says to people is said in their language, also what it puts together from parts."""

from __future__ import annotations

import re

import pytest
from babel.messages.pofile import read_po

from backend.file_organizer.analysis.kinds import Kind
from backend.file_organizer.analysis.papers import Paper
from backend.file_organizer.settings import FileOrganizerSettings, OwnerSettings
from backend.financial_manager.insight.german import GERMAN_NEWS
from backend.financial_manager.insight.reports import BY_ITSELF, LEFT, UNKNOWN
from backend.financial_manager.recurring.words import COMES, PRICE
from frontend.i18n import LANGUAGES, translation
from frontend.i18n.translation import LOCALE
from tests.frontend.server_texts import spoken

OTHERS = sorted(set(LANGUAGES) - {"en"})
PLACEHOLDER = re.compile(r"{(\w+)}")

NOTES = ("Moving files", "Putting files back", "Changing files")
PUT_TOGETHER = (
    "belongs to {name}",
    "taken with {camera}, taken {date}",
    "{what}, taken {date}",
    "{what}, dated by its name {date}",
    "{what}, dated in its text {date}",
    "{what}, last changed {date}",
    "a picture from a camera or phone",
    "a video from a camera or phone",
    "the name is that of an episode of '{title}', season {season}",
    "the name is that of an episode of '{title}'",
    "it is {what}",
    "the AI server",
    "hidden",
    "This rule was left out.",
    "This is not needed.",
    "one of your rules says so",
    "empty",
    *NOTES,
    *(f"{note}: {{name}}" for note in NOTES),
)
"""What code puts together from parts, so that it stands nowhere as a whole."""


def wanted() -> dict[str, str]:
    """Return every text that needs a translation, with where it comes from."""
    found = spoken()
    found |= dict.fromkeys(PUT_TOGETHER, "PUT_TOGETHER")
    found |= dict.fromkeys((str(one.value).replace("_", " ") for one in (*Kind, *Paper)), "kinds of files")
    found |= dict.fromkeys((LEFT, BY_ITSELF, UNKNOWN), "who stands in a report without a name")
    for model in (OwnerSettings, FileOrganizerSettings):
        for name, field in model.model_fields.items():
            if name != "defaults":
                found[name.replace("_", " ").capitalize()] = model.__name__
                if field.description:
                    found[field.description] = model.__name__
    return found


def catalog(language: str) -> dict[str, str]:
    with (LOCALE / language / "server.po").open("rb") as file:
        known = read_po(file, locale=language, abort_invalid=True)
    return {str(one.id): "" if one.fuzzy else str(one.string) for one in known if one.id}


@pytest.mark.parametrize("language", OTHERS)
def test_everything_that_the_hub_says_is_translated(language: str) -> None:
    """A new message in the backend needs its translation."""
    known = catalog(language)
    missing = [f"{where}: {text!r}" for text, where in wanted().items() if not known.get(text)]
    assert missing == [], f"{len(missing)} texts are not translated:\n" + "\n".join(missing)


@pytest.mark.parametrize("language", OTHERS)
def test_translations_keep_the_placeholders(language: str) -> None:
    """None is lost and none invented."""
    different = [
        (text, string)
        for text, string in catalog(language).items()
        if set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(string))
    ]
    assert different == []


@pytest.mark.parametrize("language", OTHERS)
def test_nothing_is_translated_that_the_hub_never_says(language: str) -> None:
    """Dead texts make translators work for nothing."""
    assert sorted(set(catalog(language)) - set(wanted())) == []


@pytest.mark.parametrize(
    ("said", "german"),
    [
        ("This folder does not exist.", "Diesen Ordner gibt es nicht."),
        ("It is music or sound.", "Es ist Musik oder Ton."),
        ("A picture, taken 2023-05.", "Ein Bild, aufgenommen 2023-05."),
        ("Taken with Canon, taken 2023-05.", "Aufgenommen mit Canon, aufgenommen 2023-05."),
        (
            "A video, last changed 2021; your folder 'Music' is for these.",
            "Ein Video, zuletzt geändert 2021; dein Ordner „Music“ ist dafür da.",
        ),
        (
            "The word 'bill' in its name, dated by its name 2020.",
            "Das Wort „bill“ im Namen, laut Namen vom 2020.",
        ),
        (
            "Be careful: called .jpg but it is a program. A picture, last changed 2021.",
            "Vorsicht: heißt .jpg, ist aber ein Programm. Ein Bild, zuletzt geändert 2021.",
        ),
        (
            "3 of 4 files with this name went to Papers/Tax, last on 2026-05-03.",
            "3 von 4 Dateien mit diesem Namen kamen nach Papers/Tax, zuletzt am 2026-05-03.",
        ),
        (
            "The name is that of an episode of 'Dark', season 2.",
            "Der Name ist der einer Folge von „Dark“, Staffel 2.",
        ),
        ("Moving files: Folders", "Dateien werden verschoben: Folders"),
        ("People is not connected.", "People ist nicht angeschlossen."),
        (
            "Gemini did not answer in time; the local engine decided.",
            "Gemini hat nicht rechtzeitig geantwortet; Homie hat selbst entschieden.",
        ),
        (
            "The file has an amount that cannot be read ('5. 0x0'). See line 3.",
            "Die Datei enthält einen Betrag, der sich nicht lesen lässt ('5. 0x0'). Siehe Zeile 3.",
        ),
        ("It is longer than some characters.", "It is longer than some characters."),
        ("Eva's own words. This stays.", "Eva's own words. This stays."),
    ],
)
def test_what_is_put_together_is_said_whole(monkeypatch: pytest.MonkeyPatch, said: str, german: str) -> None:
    """Parts of the hub's own are translated; names of people, folders and files are not; the unknown stays."""
    monkeypatch.setattr(translation, "current_language", lambda: "de")
    assert translation.tr_server(said) == german


def test_what_is_printed_says_what_the_app_says() -> None:
    """Tables of what changed bring their own German: of every sentence, and the same as the app's."""
    known = catalog("de")
    assert {text: known.get(text) for text in GERMAN_NEWS} == GERMAN_NEWS
    told = {text for text, where in spoken().items() if where.startswith("financial_manager/insight/news.py")}
    assert (told | set(COMES.values()) | {PRICE}) - set(GERMAN_NEWS) == set()


def test_a_template_translates_only_the_words_of_the_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reason is said in German, a title stays as somebody wrote it."""
    monkeypatch.setattr(translation, "current_language", lambda: "de")
    params = {"title": "Folders", "reason": "The backup drive is full."}
    said = translation.tr_server("Folders does not work: …", "{title} does not work: {reason}", params)
    assert said == "Folders funktioniert nicht: Das Sicherungslaufwerk ist voll."


def test_what_lacks_a_value_is_said_as_it_came(monkeypatch: pytest.MonkeyPatch) -> None:
    """A template whose values are not all there never fails."""
    monkeypatch.setattr(translation, "current_language", lambda: "de")
    assert translation.tr_server("Homie says so", "{title} is not ready yet.", {}) == "Homie says so"
