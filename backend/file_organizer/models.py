"""Import every table of the module, so that `Base.metadata` is complete for migrations, backups and tests."""

from __future__ import annotations

from backend.file_organizer.asking.models import AiFolderRule
from backend.file_organizer.base import Base
from backend.file_organizer.cleaning.models import CleaningSearch, DuplicateFile, DuplicateGroup, JunkItem
from backend.file_organizer.execution.journal_models import FileAction, Run
from backend.file_organizer.memory.models import DestinationMapping, LearnedFile, ModuleData, SeriesMapping, UserDrive
from backend.file_organizer.planning.plan_models import Plan, PlanItem
from backend.file_organizer.projects.models import ProjectFolder
from backend.file_organizer.rules.rule_models import Rule
from backend.file_organizer.verification.models import ContentBaseline
from backend.file_organizer.watching.models import WatchedFolder

__all__ = [
    "AiFolderRule",
    "Base",
    "CleaningSearch",
    "ContentBaseline",
    "DestinationMapping",
    "DuplicateFile",
    "DuplicateGroup",
    "FileAction",
    "JunkItem",
    "LearnedFile",
    "ModuleData",
    "Plan",
    "PlanItem",
    "ProjectFolder",
    "Rule",
    "Run",
    "SeriesMapping",
    "UserDrive",
    "WatchedFolder",
]
