"""The size of the window, as one observable of the session: components follow its class, not its pixels."""

from __future__ import annotations

from dataclasses import dataclass

from flet.components.observable import observable

PHONE, TABLET, DESKTOP = "phone", "tablet", "desktop"


@observable
@dataclass
class Viewport:
    """Hold the class of the window's width: `phone` below 700, `tablet` below 1100, else `desktop`.

    The exact size lies in private fields: a window that is dragged must not render everything at each pixel.
    """

    kind: str = PHONE
    narrow: bool = False
    """True below 360 pixels: the smallest phones."""

    def __post_init__(self) -> None:
        self._width, self._height = 412.0, 915.0

    def resize(self, width: float | None, height: float | None) -> None:
        """Take over a new size; listeners hear of it when the class changes."""
        self._width, self._height = width or 412.0, height or 915.0
        self.kind = PHONE if self._width < 700 else TABLET if self._width < 1100 else DESKTOP
        self.narrow = self._width < 360

    @property
    def width(self) -> float:
        """Return the width of the window in logical pixels."""
        return self._width

    @property
    def height(self) -> float:
        """Return the height of the window in logical pixels."""
        return self._height

    @property
    def is_phone(self) -> bool:
        """Tell whether there is one column and a bar below."""
        return self.kind == PHONE

    @property
    def is_wide(self) -> bool:
        """Tell whether two panes fit side by side."""
        return self.kind == DESKTOP
