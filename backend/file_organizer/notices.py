"""Which events of this module are news for people, what it can find, and what changes Home; cheap to import."""

from __future__ import annotations

from backend.sdk.finding import SearchKind
from backend.sdk.overview import NoticeRule

NOTICES: tuple[NoticeRule, ...] = (
    NoticeRule(
        event="file_organizer.plan_ready",
        kind="file_organizer.plan_ready",
        title="Suggestions are ready",
        template="Suggestions for {title} are ready: {suggested}, questions: {asking}",
        subject="plan_id",
        route="/file_organizer/plans/{plan_id}",
        when="items",
    ),
    NoticeRule(
        event="file_organizer.plan_ready",
        kind="file_organizer.plan_ready",
        title="Suggestions are ready",
        template="{title} is tidy. There is nothing to do.",
        severity="success",
        subject="plan_id",
        route="/file_organizer/plans/{plan_id}",
    ),
    NoticeRule(
        event="file_organizer.plan_executed",
        kind="file_organizer.run_failed",
        title="Not everything could be filed",
        template="{title} was tidied, files: {done}. What did not succeed: {failed}",
        severity="warning",
        subject="run_id",
        route="/file_organizer/history/{run_id}",
        when="failed",
    ),
    NoticeRule(
        event="file_organizer.plan_executed",
        kind="file_organizer.run_finished",
        title="Files were filed",
        template="{title} was tidied, files: {done}",
        severity="success",
        subject="run_id",
        route="/file_organizer/history/{run_id}",
    ),
    NoticeRule(
        event="file_organizer.operations_done",
        kind="file_organizer.run_failed",
        title="Not everything could be filed",
        template="Files were changed: {done}. What did not succeed: {failed}",
        severity="warning",
        subject="run_id",
        route="/file_organizer/history/{run_id}",
        when="failed",
    ),
    NoticeRule(
        event="file_organizer.run_undone",
        kind="file_organizer.run_failed",
        title="Not everything could be filed",
        template="Files were put back: {undone}. What did not succeed: {failed}",
        severity="warning",
        subject="run_id",
        route="/file_organizer/history/{run_id}",
        when="failed",
    ),
    NoticeRule(
        event="file_organizer.run_undone",
        kind="file_organizer.run_undone",
        title="Files were put back",
        template="Files were put back: {undone}",
        severity="success",
        subject="run_id",
        route="/file_organizer/history/{run_id}",
    ),
    NoticeRule(
        event="file_organizer.digest",
        kind="file_organizer.digest",
        title="What Homie filed by itself",
        template="Homie filed files by itself: {filed}. Files that wait for you: {waiting}",
        subject="day",
        route="/file_organizer/watched",
    ),
    NoticeRule(
        event="file_organizer.daily_limit_reached",
        kind="file_organizer.daily_limit_reached",
        title="Homie filed as much as it may in a day",
        template="{title}: Homie filed {limit} files today and stops there. Files that wait for you: {held_back}",
        severity="warning",
        subject="watched_id",
        route="/file_organizer/plans/{plan_id}",
    ),
    NoticeRule(
        event="file_organizer.drive_removed",
        kind="file_organizer.drive",
        title="A drive comes or goes",
        template="{label} is not connected any more. Its files are remembered.",
        severity="warning",
        subject="drive_id",
        route="/file_organizer/drives",
    ),
    NoticeRule(
        event="file_organizer.drive_added",
        kind="file_organizer.drive",
        title="A drive comes or goes",
        template="{label} is connected again.",
        severity="success",
        subject="drive_id",
        route="/file_organizer/drives",
        when="returned",
    ),
)

HOME_EVENTS: tuple[str, ...] = (
    "file_organizer.drive_added",
    "file_organizer.drive_changed",
    "file_organizer.drive_removed",
    "file_organizer.files_filed",
    "file_organizer.operations_done",
    "file_organizer.plan_changed",
    "file_organizer.plan_executed",
    "file_organizer.plan_ready",
    "file_organizer.run_undone",
)

FINDS: tuple[SearchKind, ...] = (
    SearchKind("file_organizer.file", "Files"),
    SearchKind("file_organizer.suggestion", "Suggestions"),
    SearchKind("file_organizer.plan", "Plans"),
    SearchKind("file_organizer.run", "History"),
    SearchKind("file_organizer.destination", "Learned folders"),
    SearchKind("file_organizer.series", "Series"),
    SearchKind("file_organizer.drive", "Drives"),
    SearchKind("file_organizer.folder", "Opened folders"),
)
