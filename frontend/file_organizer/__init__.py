"""The File Organizer's part of the app: its screens and what they know."""

from __future__ import annotations

import flet as ft

from frontend.file_organizer.manage_routes import JOB_NAMES, MANAGE_ROUTES
from frontend.file_organizer.screens.overview import Overview
from frontend.file_organizer.screens.review.destination_picker import DestinationScreen
from frontend.file_organizer.screens.review.left_alone import LeftAlone
from frontend.file_organizer.screens.review.plan_preview import PlanPreview
from frontend.file_organizer.screens.review.plan_trees import PlanTrees
from frontend.file_organizer.screens.review.review import Review
from frontend.file_organizer.screens.review.suggestion_detail import SuggestionScreen
from frontend.i18n import tr
from frontend.kit import AppRoute, ModuleScreens

APP = ModuleScreens(
    module_id="file_organizer",
    title=lambda: tr("Files"),
    icon=ft.Icons.FOLDER_COPY_OUTLINED,
    selected_icon=ft.Icons.FOLDER_COPY,
    routes=(
        AppRoute("plans", Overview),  # where plans wait; the way up from one
        AppRoute("plans/:plan_id", Review),
        AppRoute("plans/:plan_id/items/:item_id", SuggestionScreen),
        AppRoute("plans/:plan_id/items/:item_id/folder", DestinationScreen),
        AppRoute("plans/:plan_id/left-alone", LeftAlone),
        AppRoute("plans/:plan_id/preview", PlanPreview),
        AppRoute("plans/:plan_id/tree", PlanTrees),
        *MANAGE_ROUTES,
    ),
    job_names=JOB_NAMES,
)
