"""The building blocks of every screen: layout, texts, buttons, fields, lists, states and dialogs of one look.

A screen is a component that reads providers and returns these blocks. Import from here; the files behind are private.
"""

from frontend.kit.actions import Action, field_errors, use_action
from frontend.kit.ask_text import ask_text
from frontend.kit.buttons import danger_button, icon_action, primary_button, quiet_button, tonal_button
from frontend.kit.cards import Tile, card, chip, icon_badge, key_figure, meter, notice, section, tile, tile_group
from frontend.kit.context import (
    SessionContext,
    navigate,
    use_keys,
    use_mount,
    use_provider,
    use_session,
    use_viewport,
)
from frontend.kit.day_picker import pick_day
from frontend.kit.dialogs import choose_sheet, confirm, dialog, end_dialogs
from frontend.kit.errors import describe_error
from frontend.kit.field import Form, TextInput, choice, slider, toggle, use_form
from frontend.kit.filters import filter_chips
from frontend.kit.keyed import keyed
from frontend.kit.live import Live
from frontend.kit.loading import use_loading
from frontend.kit.messages import toast
from frontend.kit.module_screens import AppRoute, ModuleScreens, QuickAction
from frontend.kit.paged_list import PagedList
from frontend.kit.screen import Screen, scroll_body, two_panes
from frontend.kit.states import AllOf, awaited, empty_state, error_state, loading_state, state_of
from frontend.kit.texts import body, caption, heading, headline, label, title
from frontend.kit.theme import GAP, apply_appearance
from frontend.kit.viewport import Viewport

__all__ = [
    "GAP",
    "Action",
    "AllOf",
    "AppRoute",
    "Form",
    "Live",
    "ModuleScreens",
    "PagedList",
    "QuickAction",
    "Screen",
    "SessionContext",
    "TextInput",
    "Tile",
    "Viewport",
    "apply_appearance",
    "ask_text",
    "awaited",
    "body",
    "caption",
    "card",
    "chip",
    "choice",
    "choose_sheet",
    "confirm",
    "danger_button",
    "describe_error",
    "dialog",
    "empty_state",
    "end_dialogs",
    "error_state",
    "field_errors",
    "filter_chips",
    "heading",
    "headline",
    "icon_action",
    "icon_badge",
    "key_figure",
    "keyed",
    "label",
    "loading_state",
    "meter",
    "navigate",
    "notice",
    "pick_day",
    "primary_button",
    "quiet_button",
    "scroll_body",
    "section",
    "slider",
    "state_of",
    "tile",
    "tile_group",
    "title",
    "toast",
    "toggle",
    "tonal_button",
    "two_panes",
    "use_action",
    "use_form",
    "use_keys",
    "use_loading",
    "use_mount",
    "use_provider",
    "use_session",
    "use_viewport",
]
