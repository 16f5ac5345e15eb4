"""Retention as properties: whatever the numbers and the history, the good copies stay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from backend.core.backup.retention import Check, KeptSet, RetentionRules, plan_retention

START = datetime(2026, 1, 1, 3, 0, tzinfo=UTC)
counts = st.integers(0, 10)
rules = st.builds(RetentionRules, last=counts, daily=counts, weekly=counts, monthly=counts)


@st.composite
def histories(draw: st.DrawFn) -> list[KeptSet]:
    size = draw(st.integers(0, 40))
    return [
        KeptSet(
            f"s{i}",
            draw(st.sampled_from(["core", "notes"])),
            START + timedelta(hours=draw(st.integers(0, 24 * 400))),
            draw(st.sampled_from(list(Check))),
            draw(st.booleans()) and draw(st.booleans()),
        )
        for i in range(size)
    ]


def newest(sets: list[KeptSet], part: str, check: Check | None = None) -> KeptSet | None:
    found = [s for s in sets if s.part == part and (check is None or s.check is check)]
    return max(found, key=lambda s: (s.created_at, s.set_id), default=None)


@given(histories(), rules)
def test_every_set_is_either_kept_with_a_reason_or_deleted(sets: list[KeptSet], chosen: RetentionRules) -> None:
    plan = plan_retention(sets, chosen)
    assert set(plan.keep) | set(plan.delete) == {s.set_id for s in sets}
    assert not set(plan.keep) & set(plan.delete)
    assert all(plan.keep.values())


@given(histories(), rules)
def test_the_newest_verified_and_all_after_it_stay(sets: list[KeptSet], chosen: RetentionRules) -> None:
    plan = plan_retention(sets, chosen)
    for part in ("core", "notes"):
        good = newest(sets, part, Check.VERIFIED)
        if good is None:
            assert not [s for s in sets if s.part == part and s.set_id in plan.delete]
            continue
        for item in sets:
            if item.part == part and item.created_at >= good.created_at and item.set_id in plan.delete:
                assert (item.created_at, item.set_id) < (good.created_at, good.set_id)
        assert good.set_id in plan.keep


@given(histories(), rules)
def test_a_deleted_set_has_a_newer_verified_one_that_stays(sets: list[KeptSet], chosen: RetentionRules) -> None:
    plan = plan_retention(sets, chosen)
    by_id = {s.set_id: s for s in sets}
    for set_id in plan.delete:
        gone = by_id[set_id]
        assert any(
            s.part == gone.part and s.check is Check.VERIFIED and s.created_at >= gone.created_at
            for s in sets
            if s.set_id in plan.keep
        )


@given(histories(), rules)
def test_pinned_sets_and_parts_on_hold_lose_nothing(sets: list[KeptSet], chosen: RetentionRules) -> None:
    plan = plan_retention(sets, chosen, hold=frozenset({"core"}))
    assert not [s for s in sets if (s.pinned or s.part == "core") and s.set_id in plan.delete]


@given(histories(), rules)
def test_pruning_twice_deletes_nothing_more(sets: list[KeptSet], chosen: RetentionRules) -> None:
    once = plan_retention(sets, chosen)
    again = plan_retention([s for s in sets if s.set_id in once.keep], chosen)
    assert again.delete == []


def test_a_year_of_nightly_backups_leaves_the_grandfathers() -> None:
    """7 days, 4 weeks, 6 months over 365 verified nights: the classic answer."""
    sets = [KeptSet(f"s{i:03}", "core", START + timedelta(days=i), Check.VERIFIED) for i in range(365)]
    plan = plan_retention(sets, RetentionRules(last=3, daily=7, weekly=4, monthly=6))
    dates = sorted(s.created_at.date().isoformat() for s in sets if s.set_id in plan.keep)
    assert dates == [
        "2026-07-31", "2026-08-31", "2026-09-30", "2026-10-31", "2026-11-30", "2026-12-13", "2026-12-20",
        "2026-12-25", "2026-12-26", "2026-12-27", "2026-12-28", "2026-12-29", "2026-12-30", "2026-12-31",
    ]  # fmt: skip
