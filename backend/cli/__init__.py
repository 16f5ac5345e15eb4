"""The `homie` command line: one group whose commands are loaded only when they are called.

Loading on demand keeps `homie --help` and `homie organize` quick: a command pays for the imports that it needs.
"""

from __future__ import annotations

import importlib
import sys

import click

from backend.cli.output import fail_with
from backend.sdk.errors import HomieError

_COMMANDS: dict[str, tuple[str, str]] = {
    "run": ("backend.cli.run:run", "Start Homie: the server and its workers."),
    "worker": ("backend.cli.worker:worker", "Run job workers, also on another machine."),
    "organize": ("backend.cli.organize:organize", "Show how a folder would be organised; --apply does it."),
    "undo": ("backend.cli.organize:undo", "Take back a run, a file or a day."),
    "history": ("backend.cli.history:history", "Show what was done, by whom and why."),
    "rules": ("backend.cli.rules:rules", "Keep rules that always decide: list, add, test, import, export."),
    "files": ("backend.cli.files:files", "Make folders, move, copy, rename, trash, unpack and pack."),
    "ai": ("backend.cli.ai:ai", "Show what AI may be told, would cost, and was sent."),
    "duplicates": ("backend.cli.duplicates:duplicates", "Find copies and pictures that look alike; put copies away."),
    "clean": ("backend.cli.clean:clean", "Find what nobody needs and what is called wrongly; clean it up."),
    "index": ("backend.cli.index:index", "Look for new files; find files by name."),
    "watch": ("backend.cli.watch:watch", "Watch folders: suggest or file what is new in them."),
    "trash": ("backend.cli.trash:trash", "Show the trash, put things back, or empty it."),
    "drives": ("backend.cli.drives:drives", "Show drives, say what they are for and which one is the right one."),
    "memory": ("backend.cli.memory:memory", "Show, forget, save and bring in what Homie learned of where files go."),
    "series": ("backend.cli.series:series", "Show and say where series are kept, and how they are named."),
    "projects": ("backend.cli.projects:projects", "Show projects; name one, or say that a folder is none."),
    "name": ("backend.cli.name:name", "Show how names of films and episodes are understood."),
    "money": ("backend.cli.money:money", "Read and book bank statements, look at the ledger, undo its steps."),
    "fsck": ("backend.cli.fsck:fsck", "Prove that the journal and the disk agree."),
    "verify": ("backend.cli.verify:verify", "Read files again, and tell changes from damage."),
    "users": ("backend.cli.users:users", "Manage the people of this household."),
    "audit": ("backend.cli.audit:audit", "Show and verify the security log."),
    "modules": ("backend.cli.modules:modules", "List, enable and disable modules."),
    "backup": ("backend.cli.backup:backup", "Make, list and verify backups."),
    "restore": ("backend.cli.backup:restore", "Bring a module back from a backup."),
    "doctor": ("backend.cli.doctor:doctor", "Say what is missing or wrong, and how to mend it."),
    "openapi": ("backend.cli.openapi:openapi", "Print the API's OpenAPI 3.1 document."),
}


class LazyGroup(click.Group):
    """List every command by its one-line help, and import one only when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the command names in the order of a first session."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command, or None when there is no such name."""
        if cmd_name not in _COMMANDS:
            return None
        module, _, attribute = _COMMANDS[cmd_name][0].partition(":")
        command = getattr(importlib.import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the command list without importing a single command."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, help_text) for name, (_, help_text) in _COMMANDS.items()])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="homie", prog_name="homie")
def homie() -> None:
    """Keep a household's files, documents, money and media in one place.

    Settings come from HOMIE_... variables (HOMIE_DATA_DIR, HOMIE_HOST, HOMIE_PORT, ...) or from the TOML file that
    HOMIE_CONFIG names.
    """


def main() -> None:
    """Run the command line; an error of ours becomes one clear message and exit code 1."""
    try:
        homie(standalone_mode=True)
    except HomieError as error:
        fail_with(error, as_json="--json" in sys.argv)
