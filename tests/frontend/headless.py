"""The whole app in-process, without browser and Flutter: Flet's session over a connection that keeps its messages.

Packing is not decoration: encoding a component is what renders it. The harness uses Flet's internals, which is why Flet
is pinned exactly.
"""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import flet as ft
import msgpack
from flet.controls.base_control import BaseControl
from flet.controls.context import _context_page, context
from flet.messaging.connection import Connection
from flet.messaging.protocol import MessageAction, configure_encode_object_for_msgpack
from flet.messaging.session import Session
from flet.pubsub.pubsub_hub import PubSubHub


class _Wire(Connection):
    """Answer what a browser would: stored preferences; everything else is acknowledged."""

    def __init__(self, stored: dict[str, Any]) -> None:
        super().__init__()
        self.loop = asyncio.get_running_loop()
        self.pubsubhub = PubSubHub(loop=self.loop)
        self.page_url, self.page_name, self.executor = "http://homie.test", "", None
        self.stored = stored
        self.sent: list[bytes] = []
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.session: Session | None = None

    def send_message(self, message: Any) -> None:
        encode = configure_encode_object_for_msgpack(BaseControl)
        self.sent.append(msgpack.packb([message.action, message.body], default=encode))
        if message.action != MessageAction.INVOKE_METHOD:
            return
        body = message.body
        arguments = body.args or {}
        self.calls.append((body.name, arguments))
        assert self.session is not None
        answer = self._answer(body.name, arguments)
        self.loop.call_soon(self.session.handle_invoke_method_results, body.control_id, body.call_id, answer, None)

    def _answer(self, name: str, arguments: dict[str, Any]) -> Any:
        if name == "get":
            return self.stored.get(arguments["key"])
        if name == "set":
            self.stored[arguments["key"]] = arguments["value"]
            return True
        if name == "remove":
            return self.stored.pop(arguments["key"], None) is not None
        return None


class Headless:
    """Drive one window of the app: `await app.click("Log in")`, `app.texts()`, `await app.until(...)`."""

    def __init__(self, width: float = 412, height: float = 915, route: str = "/", stored: dict[str, Any] | None = None):
        self.wire = _Wire(stored if stored is not None else {})
        self.session = self.wire.session = Session(self.wire)
        self.page = self.session.page
        patch = {"route": route, "width": width, "height": height, "web": True, "platform": "android"}
        self.session.apply_page_patch(patch)
        # What registering a client does: the first packing takes the snapshots that later patches are made against.
        msgpack.packb(self.session.get_page_patch(), default=configure_encode_object_for_msgpack(BaseControl))

    async def run(self, main: Callable[[ft.Page], Awaitable[None]]) -> Headless:
        """Start the app's `main` in this window."""
        _context_page.set(self.page)
        context.reset_auto_update()
        await main(self.page)
        await self.settle()
        return self

    async def show(self, component: Callable[..., Any], *args: Any, **kwargs: Any) -> Headless:
        """Render one component alone."""
        _context_page.set(self.page)
        context.reset_auto_update()
        self.page.render(component, *args, **kwargs)
        await self.settle()
        return self

    async def settle(self, seconds: float = 0.02) -> None:
        """Let scheduled renderings and short tasks finish."""
        for _ in range(3):
            await self.session.after_event(self.page)
            await asyncio.sleep(seconds)

    async def until(self, what: Callable[[], Any], patience: float = 15.0) -> Any:
        """Return the first true value of `what`."""
        deadline = asyncio.get_running_loop().time() + patience
        while not (found := what()):
            assert asyncio.get_running_loop().time() < deadline, self.texts()
            await self.settle()
        return found

    # ------------------------------------------------------------------ looking

    def controls(self) -> list[BaseControl]:
        """Return everything on the screen, dialogs included."""
        return [*self._walk(self.page.views, set()), *self._walk(self.page._dialogs, set())]

    def _walk(self, node: Any, seen: set[int]) -> Iterator[BaseControl]:
        if isinstance(node, (list, tuple)):
            for one in node:
                yield from self._walk(one, seen)
        elif isinstance(node, dict):
            for one in node.values():
                yield from self._walk(one, seen)
        elif dataclasses.is_dataclass(node) and id(node) not in seen:
            seen.add(id(node))
            if isinstance(node, BaseControl):
                if getattr(node, "visible", True) is False or getattr(node, "open", True) is False:
                    return
                yield node
            for field in dataclasses.fields(node):
                if not field.metadata.get("skip") and field.name != "_parent":
                    yield from self._walk(getattr(node, field.name, None), seen)

    def find(self, kind: str, **having: Any) -> list[Any]:
        """Return the controls of a class that have these attributes."""
        return [
            one
            for one in self.controls()
            if type(one).__name__ == kind and all(getattr(one, key, None) == value for key, value in having.items())
        ]

    def texts(self) -> list[str]:
        """Return every text on the screen."""
        return [str(one.value) for one in self.find("Text")]

    def shows(self, text: str) -> bool:
        """Tell whether some text on the screen holds `text`."""
        return any(text in one for one in self.texts())

    def button(self, name: str) -> Any:
        """Return the button (or line that can be touched) with this text, tooltip or name for screen readers."""
        for one in self.controls():
            if name in _names(one) and getattr(one, "on_click", None) is not None:
                return one
        raise AssertionError(f"no button {name!r} among {self.texts()}")

    # ------------------------------------------------------------------ acting

    async def fire(self, control: Any, event: str, data: Any = None) -> None:
        """Send an event of a control, as the client does."""
        await self.session.dispatch_event(control._i, event, data)
        await self.settle()

    async def click(self, name: str) -> None:
        """Press a button by its name."""
        found = self.button(name)
        assert not getattr(found, "disabled", False), f"{name!r} is disabled"
        await self.fire(found, "click")

    async def type(self, label: str, text: str) -> None:
        """Type into the field with this label."""
        found = self.find("TextField", label=label)
        assert found, f"no field {label!r} among {[one.label for one in self.find('TextField')]}"
        self.session.apply_patch(found[0]._i, {"value": text})
        await self.fire(found[0], "change", text)

    async def go(self, route: str) -> None:
        """Open a place of the app, as typing an address does."""
        self.page.route = route
        await self.fire(self.page, "route_change", {"route": route})


def _names(one: Any) -> set[str]:
    names = [getattr(one, "tooltip", None), getattr(one, "label", None), getattr(one, "text", None)]
    for part in (getattr(one, "content", None), getattr(one, "title", None)):
        if isinstance(part, str):
            names.append(part)
        else:
            names += [getattr(part, "value", None), getattr(part, "semantics_label", None)]
    return {name for name in names if isinstance(name, str)}  # a chart's tooltip is no text
