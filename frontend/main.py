"""The entry of the packaged app: on a device Python runs inside it and talks to the home server over the network."""

from __future__ import annotations

import flet as ft

from frontend.shell.app import main

if __name__ == "__main__":
    ft.run(main)
