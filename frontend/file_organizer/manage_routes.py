"""Where the module's own screens lie, besides reviewing a plan; and what its work is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from frontend.file_organizer.screens.copies.clean import Clean
from frontend.file_organizer.screens.copies.duplicate_group import DuplicateGroup
from frontend.file_organizer.screens.copies.duplicates import Duplicates
from frontend.file_organizer.screens.drives.browse import Browse
from frontend.file_organizer.screens.drives.drives import Drives
from frontend.file_organizer.screens.drives.trash import Trash
from frontend.file_organizer.screens.history.file_story import FileStory
from frontend.file_organizer.screens.history.history import History
from frontend.file_organizer.screens.history.run_detail import RunDetail
from frontend.file_organizer.screens.learned.elsewhere import LearnedElsewhere
from frontend.file_organizer.screens.learned.folder import LearnedFolder
from frontend.file_organizer.screens.learned.learned import Learned
from frontend.file_organizer.screens.learned.naming import Naming
from frontend.file_organizer.screens.learned.projects import NewProject, Projects
from frontend.file_organizer.screens.learned.series import NewSeries, SeriesList
from frontend.file_organizer.screens.learned.series_detail import SeriesScreen
from frontend.file_organizer.screens.overview import Overview
from frontend.file_organizer.screens.review.payload_preview import PayloadPreview
from frontend.file_organizer.screens.review.scan import Scan
from frontend.file_organizer.screens.rules.editor import RuleEditor
from frontend.file_organizer.screens.rules.rules import Rules
from frontend.file_organizer.screens.settings.ai_folders import AiFolders
from frontend.file_organizer.screens.settings.settings import OrganizerSettings
from frontend.file_organizer.screens.watching.settings import WatchedSettings
from frontend.file_organizer.screens.watching.watched import Watched, WatchNew
from frontend.i18n import tr
from frontend.kit import AppRoute

MANAGE_ROUTES: tuple[AppRoute, ...] = (
    AppRoute("", Overview),
    AppRoute("drives", Drives),
    AppRoute("clean", Clean),
    AppRoute("duplicates", Duplicates),
    AppRoute("duplicates/:group_id", DuplicateGroup),
    AppRoute("folders/:volume_id", Browse),
    AppRoute("history", History),
    AppRoute("history/:run_id", RunDetail),
    AppRoute("history/file/:action_id", FileStory),
    AppRoute("learned", Learned),
    AppRoute("learned/:destination_id", LearnedFolder),
    AppRoute("learned/:destination_id/elsewhere", LearnedElsewhere),
    AppRoute("memory", Learned),  # where the hub's search leads to
    AppRoute("rules", Rules),
    AppRoute("rules/:rule_id", RuleEditor),
    AppRoute("projects", Projects),
    AppRoute("projects/new", NewProject),
    AppRoute("runs/:run_id", RunDetail),  # where the hub's notifications lead to
    AppRoute("scan", Scan),
    AppRoute("scan/:volume_id", Scan),
    AppRoute("watched", Watched),
    AppRoute("watched/new", WatchNew),
    AppRoute("watched/:watched_id", WatchedSettings),
    AppRoute("series", SeriesList),
    AppRoute("series/:series_id", SeriesScreen),
    AppRoute("series/new", NewSeries),
    AppRoute("settings", OrganizerSettings),
    AppRoute("settings/ai-folders", AiFolders),
    AppRoute("settings/naming", Naming),
    AppRoute("settings/preview", PayloadPreview),
    AppRoute("trash", Trash),
)

JOB_NAMES: Mapping[str, Callable[[], str]] = {
    "file_organizer.scan_folder": lambda: tr("Look through a folder"),
    "file_organizer.execute_plan": lambda: tr("Put files away"),
    "file_organizer.operate": lambda: tr("Change files"),
    "file_organizer.undo": lambda: tr("Put files back"),
    "file_organizer.preview_ai": lambda: tr("Show what would be sent"),
    "file_organizer.estimate_ai": lambda: tr("Look how much there is to ask"),
    "file_organizer.explain_item": lambda: tr("Say why a file goes there"),
    "file_organizer.find_other_places": lambda: tr("Look for other places"),
    "file_organizer.recover": lambda: tr("Finish what was interrupted"),
    "file_organizer.find_junk": lambda: tr("Look for oddities"),
    "file_organizer.clean_up": lambda: tr("Clean up"),
    "file_organizer.find_duplicates": lambda: tr("Look for copies"),
    "file_organizer.put_copies_away": lambda: tr("Put copies away"),
    "file_organizer.verify_files": lambda: tr("Read files again"),
    "file_organizer.empty_trash": lambda: tr("Empty the trash"),
    "file_organizer.keep_trash": lambda: tr("Empty what was in the trash long enough"),
    "file_organizer.refresh_drives": lambda: tr("Look at the drives"),
    "file_organizer.index_files": lambda: tr("Look for new files"),
    "file_organizer.tend_folder": lambda: tr("Look through a watched folder"),
    "file_organizer.send_digest": lambda: tr("Tell what was filed"),
}
"""What each kind of the module's work is called."""
