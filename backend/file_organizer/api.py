"""The module's API, `/api/v1/file_organizer/...`: folders, plans, operations, history, drives, memory, settings."""

from __future__ import annotations

from backend.file_organizer.api_ai import ai_groups
from backend.file_organizer.api_clean import clean_group
from backend.file_organizer.api_drives import drives_group
from backend.file_organizer.api_duplicates import duplicate_group
from backend.file_organizer.api_history import history_group
from backend.file_organizer.api_index import index_group
from backend.file_organizer.api_learned import learned_groups
from backend.file_organizer.api_memory import memory_groups
from backend.file_organizer.api_operations import operation_group
from backend.file_organizer.api_plans import plan_groups
from backend.file_organizer.api_projects import project_group
from backend.file_organizer.api_rules import rule_groups
from backend.file_organizer.api_series import series_groups
from backend.file_organizer.api_trash import trash_group
from backend.file_organizer.api_verify import verify_group
from backend.file_organizer.api_views import view_groups
from backend.file_organizer.api_watching import watching_group
from backend.file_organizer.organizer import Organizer
from backend.sdk.http import Api
from backend.sdk.module import ModuleContext


def build_api(ctx: ModuleContext, organizer: Organizer) -> Api:
    """Return the API of one process's organizer."""
    api = Api("file_organizer", "Homie File Organizer", ctx.spec.version)
    return api.include(
        *plan_groups(ctx, organizer),
        operation_group(ctx, organizer),
        duplicate_group(ctx, organizer),
        clean_group(ctx, organizer),
        *history_group(ctx, organizer),
        drives_group(ctx, organizer),
        trash_group(ctx, organizer),
        verify_group(ctx, organizer),
        *learned_groups(organizer),
        *memory_groups(ctx, organizer),
        *ai_groups(ctx, organizer),
        *series_groups(organizer),
        project_group(organizer),
        *view_groups(organizer),
        *rule_groups(organizer),
        index_group(ctx, organizer),
        watching_group(ctx, organizer),
    )
