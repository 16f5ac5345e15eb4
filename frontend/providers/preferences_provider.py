"""How the person wants the app: language, appearance, size of text, and what to be told about."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

from frontend.api.generated.schemas import Preferences
from frontend.providers.base import Provider, undone_on_error


@dataclass(eq=False)
class PreferencesProvider(Provider):
    """Hold the preferences. Before log-in, and for what was never chosen, the device's own hold."""

    hears = ("accounts.preferences_changed",)

    preferences: Preferences = field(default_factory=lambda: cast("Preferences", {}))
    device_language: str = "en"
    """What the browser or the device speaks; set by the shell."""

    @property
    def language(self) -> str:
        """Return the language to speak: what was chosen, or the device's."""
        chosen = self.preferences.get("language") or "system"
        return self.device_language if chosen == "system" else chosen

    @property
    def appearance(self) -> str:
        """Return `dark`, `light` or `system`."""
        return self.preferences.get("theme") or "dark"

    @property
    def text_size(self) -> Any:
        """Return the size of text as the hub keeps it."""
        return self.preferences.get("text_size") or 1.0

    @property
    def default_space(self) -> str:
        """Return the space that new things go to, or nothing for one's own. Say it in each call: nothing is implied."""
        return self.preferences.get("default_space") or ""

    async def fetch(self) -> None:
        """Ask for the preferences; further calls speak the chosen language."""
        self._take(await self.api.accounts.show_preferences())

    async def change(self, **changes: Any) -> None:
        """Change some preferences: at once, taken back if the hub refuses; raises `ApiError`."""
        before = self.preferences
        changed = cast("Preferences", {**before, **changes})
        self._take(changed)

        def undo() -> None:
            if self.preferences == changed:
                self._take(before)

        async with undone_on_error(undo):
            self._take(await self.api.accounts.change_preferences({"changes": changes}))

    async def speak(self, language: str) -> None:
        """Speak a language: until somebody is logged in this device, then the person; raises `ApiError`."""
        if self.loaded:
            await self.change(language=language)
        else:
            self.device_language = language
            self.api.transport.language = self.language

    def _take(self, preferences: Preferences) -> None:
        self.preferences = preferences
        self.api.transport.language = self.language

    def reset(self) -> None:
        """Forget the person's preferences; the device's language stays."""
        language = self.device_language
        super().reset()
        self.device_language = language
        self.api.transport.language = self.language
