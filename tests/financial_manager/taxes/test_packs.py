"""Packs are sound data: every rule cites its law, every field that is not sure says so, and years build on years."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from backend.financial_manager.taxes import TaxPackDamaged, TaxPackMissing, available_packs, load_pack
from backend.financial_manager.taxes import library as library_module
from backend.financial_manager.taxes.library import merged
from backend.financial_manager.taxes.pack import SumRule, TaxPack

PACKS = Path(library_module.__file__).with_name("packs")


def test_the_promised_years_are_there() -> None:
    """Austria first, then Germany, then sums for anybody."""
    assert {(country, year) for country in ("AT", "DE", "ZZ") for year in (2024, 2025, 2026)} == set(available_packs())


@pytest.mark.parametrize(("country", "year"), available_packs())
class TestEveryPack:
    """What holds for each country and year."""

    def test_it_is_sound_and_says_who_it_is(self, country: str, year: int) -> None:
        """It loads, is of its name, and denies to be advice in both languages."""
        pack = load_pack(country, year)
        assert (pack.country, pack.year) == (country, year)
        assert str(year) in pack.title.en
        assert str(year) in pack.title.de
        assert "no tax advice" in pack.disclaimer.en
        assert "keine Steuerberatung" in pack.disclaimer.de
        assert pack.status.en.startswith(("each figure says against which text", "sums only"))

    def test_every_rule_cites_its_source(self, country: str, year: int) -> None:
        """A paragraph of a law, or plainly that there is none."""
        for rule in load_pack(country, year).rules:
            law = rule.source
            assert "§" in law.en or "VO" in law.en or law.en.startswith("no law"), rule.id
            assert "§" in law.de or "VO" in law.de or law.de.startswith("kein Gesetz"), rule.id

    def test_a_check_names_the_text_and_its_day(self, country: str, year: int) -> None:
        """A paragraph, and a version that is no relic."""
        checks = [rule.checked for rule in load_pack(country, year).rules if rule.checked is not None]
        assert bool(checks) == (country != "ZZ")
        for one in checks:
            assert "§" in one.text.de
            assert one.version >= date(2018, 1, 1)

    def test_a_field_that_is_not_sure_says_so(self, country: str, year: int) -> None:
        """A rule of a form without a field tells to look at it, or why there is none."""
        for rule in load_pack(country, year).rules:
            if rule.form and not rule.field:
                assert rule.note is not None, rule.id

    def test_no_field_is_filled_twice(self, country: str, year: int) -> None:
        """Two rules for one field would be entered twice."""
        fields = [(rule.form, rule.field) for rule in load_pack(country, year).rules if rule.field]
        assert len(fields) == len(set(fields))


def test_every_purpose_of_a_gain_counts_its_losses() -> None:
    """Wherever a rule takes only gains, one of the same purposes takes the losses: none is forgotten."""
    for country, year in available_packs():
        rules = [rule for rule in load_pack(country, year).rules if isinstance(rule, SumRule)]
        gains = {key for rule in rules if rule.part == "gains" for key in rule.purposes}
        losses = {key for rule in rules if rule.part == "losses" for key in rule.purposes}
        assert gains == losses


@pytest.mark.parametrize(
    ("country", "year", "field", "named"), [("AT", 1999, "year", "2024, 2025, 2026"), ("XX", 2024, "country", "AT, DE")]
)
def test_what_is_missing_is_refused_with_what_there_is(country: str, year: int, field: str, named: str) -> None:
    """The remedy names the years or the countries."""
    with pytest.raises(TaxPackMissing) as refused:
        load_pack(country, year)
    problem = refused.value.fields[0]
    assert problem.name == field
    assert named in problem.remedy


def test_countries_may_be_written_small() -> None:
    assert load_pack("at", 2025) is load_pack("AT", 2025)


def test_a_year_shows_only_what_changed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Rules are replaced by id, added at the end and removed; all else is taken over."""
    (tmp_path / "zz_2024.toml").write_text((PACKS / "zz_2024.toml").read_text("utf-8"), "utf-8")
    source = 'label = { en = "Gifts", de = "Spenden" }\npurposes = ["donation"]\nsource = "§ 1"\n'
    rule = f'id = "donation"\nsection = "deductible"\nkind = "sum"\n{source}'
    (tmp_path / "zz_2025.toml").write_text(
        f'same_as = 2024\nyear = 2025\nremoved = ["business_profit"]\n[[changed]]\n{rule}'
        f"[[added]]\n{rule.replace('donation', 'again', 1)}",
        "utf-8",
    )
    monkeypatch.setattr(library_module, "_FOLDER", tmp_path)
    pack = TaxPack.model_validate(merged("ZZ", 2025))
    found = {one.id: one for one in pack.rules}
    assert found["donation"].label.en == "Gifts"
    assert pack.rules[-1].id == "again"
    assert "business_profit" not in found
    (tmp_path / "zz_2026.toml").write_text('same_as = 2025\nremoved = ["nothing"]\n', "utf-8")
    with pytest.raises(KeyError, match="nothing"):
        merged("ZZ", 2026)


def test_a_damaged_pack_is_said_to_be_damaged(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without details for people; those are in the cause, for the log."""
    (tmp_path / "yy_2024.toml").write_text('country = "YY"\nyear = 2024\n', "utf-8")
    monkeypatch.setattr(library_module, "_FOLDER", tmp_path)
    monkeypatch.setattr(library_module, "available_packs", lambda: (("YY", 2024),))
    with pytest.raises(TaxPackDamaged, match="YY 2024") as refused:
        load_pack("YY", 2024)
    assert isinstance(refused.value.__cause__, ValidationError)


def broken(change: str) -> dict[str, Any]:
    """Return the data of the smallest pack with one thing wrong."""
    data = tomllib.loads((PACKS / "zz_2024.toml").read_text("utf-8"))
    rules = data["rules"]
    if change == "twice":
        rules.append(rules[0])
    elif change == "upwards":
        rules.insert(0, rules.pop())
    elif change == "unknown purpose":
        rules[0] = rules[0] | {"purposes": ["nobody_knows"]}
    elif change == "uncounted":
        data["purposes"].append({"key": "lonely", "group": "capital", "label": {"en": "Lonely", "de": "Einsam"}})
    elif change == "no source":
        rules[0] = {key: value for key, value in rules[0].items() if key != "source"}
    elif change == "no german":
        rules[0] = rules[0] | {"label": {"en": "Only English"}}
    elif change == "check without a day":
        rules[0] = rules[0] | {"checked": {"text": "§ 1"}}
    elif change == "check of long ago":
        rules[0] = rules[0] | {"checked": {"text": "§ 1", "version": date(1988, 7, 7)}}
    elif change == "unknown word":
        rules[0] = rules[0] | {"percent": 5}
    return data


@pytest.mark.parametrize(
    "change",
    [
        "twice",
        "upwards",
        "unknown purpose",
        "uncounted",
        "no source",
        "no german",
        "unknown word",
        "check without a day",
        "check of long ago",
    ],
)
def test_a_pack_that_is_not_sound_is_refused(change: str) -> None:
    """Nobody has to find out from a wrong figure."""
    with pytest.raises(ValidationError):
        TaxPack.model_validate(broken(change))
