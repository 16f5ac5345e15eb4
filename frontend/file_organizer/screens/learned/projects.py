"""The household's projects: which folders Homie takes for one, by which words it knows their files."""

from __future__ import annotations

import flet as ft

from frontend.api.generated.schemas import ProjectOut
from frontend.file_organizer.projects_provider import ProjectsProvider
from frontend.file_organizer.screens.parts.folder_chooser import FolderChooser
from frontend.i18n import tr
from frontend.kit import (
    GAP,
    PagedList,
    Screen,
    TextInput,
    body,
    caption,
    card,
    confirm,
    dialog,
    empty_state,
    icon_action,
    navigate,
    primary_button,
    quiet_button,
    scroll_body,
    state_of,
    title,
    toast,
    use_action,
    use_mount,
    use_provider,
    use_session,
)
from frontend.kit.field import Form
from frontend.kit.standalone import standalone


@ft.component
def Projects() -> ft.Control:
    """Show all projects by title."""
    provider = use_session().of(ProjectsProvider)
    found = use_provider(provider.projects)
    use_mount(provider.load)

    def add() -> None:
        navigate("/file_organizer/projects/new")

    rows = state_of(
        found,
        lambda: PagedList(
            found.items, ProjectCard, key_of=lambda one: str(one["path"]), more=found.load_more, has_more=found.has_more
        ),
        is_empty=not found.items,
        empty=lambda: empty_state(
            ft.Icons.CONSTRUCTION_OUTLINED,
            tr("No projects yet"),
            tr("Homie takes the folders inside “Projects” for projects. You can also choose a folder yourself."),
            primary_button(tr("Choose a folder"), add),
        ),
        retry=provider.load,
    )
    about = body(tr("Files whose name or text speaks of a project are offered a place in it."), muted=True)
    return Screen(
        tr("Projects"),
        ft.Column(
            [*([about] if found.items else []), ft.Container(rows, expand=True)],
            expand=True,
            spacing=12,
            horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
        ),
        back="/file_organizer",
        actions=[icon_action(ft.Icons.ADD, tr("Add a project"), add)],
    )


def why_words(why: str) -> str:
    """Say how a project is known."""
    if why == "person":
        return tr("You named it")
    return tr("It lies among your projects") if why == "home" else tr("It has a program's files in it")


@ft.component
def ProjectCard(project: ProjectOut) -> ft.Control:
    """Show one project: its folder, how it is known, its words; and saying that it is none."""
    provider = use_session().of(ProjectsProvider)

    async def words() -> None:
        form = Form({"words": ", ".join(project["words"])})
        said = await dialog(
            tr("Words of {project}", project=project["title"]),
            lambda close: standalone(_WordsField, form, close),
            actions=[(tr("Save"), "typed")],
        )
        if said == "typed":
            await provider.mark(project["path"], project["title"], form["words"])

    async def hide() -> None:
        text = tr("Nothing is offered for {project} any more. No file is moved.", project=project["title"])
        if await confirm(tr("Is this no project?"), text, tr("It is none")):
            await provider.hide(project["path"])

    said = [why_words(project["why"])]
    if project["words"]:
        said.append(tr("Words: {words}", words=", ".join(project["words"])))
    return card(
        ft.Row(
            [
                ft.Icon(ft.Icons.CONSTRUCTION_OUTLINED, color=ft.Colors.ON_SURFACE_VARIANT),
                ft.Column(
                    [
                        title(project["title"], max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
                        caption(project["path"], max_lines=2, overflow=ft.TextOverflow.ELLIPSIS),
                        caption(" · ".join(said), max_lines=3),
                    ],
                    spacing=4,
                    tight=True,
                    expand=True,
                ),
            ],
            spacing=12,
            vertical_alignment=ft.CrossAxisAlignment.START,
        ),
        ft.Row(
            [
                quiet_button(tr("Its words"), use_action(words), about=project["title"]),
                quiet_button(tr("No project"), use_action(hide), about=project["title"]),
            ],
            wrap=True,
            alignment=ft.MainAxisAlignment.END,
        ),
        padding=12,
    )


@ft.component
def _WordsField(form: Form, close: object) -> ft.Control:
    assert callable(close)
    return ft.Column(
        [
            body(
                tr("Names and words by which files of this project can be known, such as the builder's name."),
                muted=True,
            ),
            TextInput(form, "words", tr("Words"), max_length=400, on_submit=lambda: close("typed"), autofocus=True),
        ],
        spacing=GAP,
        tight=True,
        horizontal_alignment=ft.CrossAxisAlignment.STRETCH,
    )


@ft.component
def NewProject() -> ft.Control:
    """Let a folder be chosen that is a project."""
    provider = use_session().of(ProjectsProvider)

    async def mark(path: str, name: str) -> None:
        await provider.mark(path)
        toast(tr("{project} is a project now.", project=name))
        navigate("/file_organizer/projects")

    action = use_action(mark)

    async def take(path: str, name: str) -> None:
        await action(None, path, name)

    return Screen(
        tr("Add a project"),
        scroll_body(body(tr("Which folder is a project?"), muted=True), FolderChooser(take), spacing=GAP),
        back="/file_organizer/projects",
    )
