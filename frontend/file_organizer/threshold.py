"""What a threshold means: in words, and for the files of a real plan."""

from __future__ import annotations

from collections.abc import Sequence

from frontend.api.errors import ApiError
from frontend.api.generated.schemas import PlanOut
from frontend.i18n import count, tr
from frontend.providers.session import Session

Counted = tuple[str, tuple[tuple[float, int], ...]]
"""A plan's title, and how many of its open items have at least which confidence, band by band."""

CAREFUL, BOLD = 0.75, 0.5


def threshold_words(threshold: float) -> tuple[str, str]:
    """Return (name, meaning) of a threshold."""
    if threshold >= CAREFUL:
        return tr("Careful"), tr("Homie suggests only what it is very sure of, and asks you about everything else.")
    if threshold <= BOLD:
        return tr("Bold"), tr("Homie suggests a lot and asks little. You still see everything before it happens.")
    return tr("Balanced"), tr("Homie suggests what is likely right, and asks you where it is unsure.")


async def newest_counted(session: Session, plans: Sequence[PlanOut]) -> Counted | None:
    """Count the newest plan that still holds open items; None when there is none."""
    for plan in plans:
        if plan["state"] == "ready" and plan["counts"].get("items"):
            try:
                summary = await session.api.file_organizer.summarize_plan(plan["id"])
            except ApiError:
                return None
            bands = tuple((band["at_least"], band["items"]) for band in summary["confidence"])
            return plan["title"], bands
    return None


def threshold_example(counted: Counted, threshold: float) -> str:
    """Say what a threshold would do with a real plan; empty where that plan holds nothing."""
    title, bands = counted
    whole = sum(items for _, items in bands)
    if not whole:
        return ""
    asked = sum(items for at_least, items in bands if at_least + 1e-9 < threshold)
    return tr(
        "In {title}, Homie would suggest a place for {sure} files and ask about {asked}.",
        title=title,
        sure=count(whole - asked),
        asked=count(asked),
    )
