"""`homie users`: people and spaces, for whoever runs the machine. Works beside a running server."""

from __future__ import annotations

import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import click

from backend.cli.context import acting, open_platform
from backend.cli.output import json_option, print_json

if TYPE_CHECKING:
    from backend.core.accounts import Accounts
    from backend.core.accounts.views import InvitationView, PersonView


@click.group()
def users() -> None:
    """Manage the people of this household."""


@users.command("list")
@json_option
def list_users(as_json: bool) -> None:
    """Show everybody who has an account."""
    with open_platform() as platform:
        people = platform.accounts.people.everybody()
    if as_json:
        print_json([asdict(person) for person in people])
        return
    if not people:
        click.echo("Nobody has an account yet. Start Homie and open its address, or use `homie users add`.")
    for person in people:
        click.echo(f"{person.name:<20} {person.display_name:<24} {', '.join(_marks(person))}".rstrip())


@users.command()
@click.argument("name")
@click.option("--display-name", default="", help="How the person is shown; the login name if left out.")
@click.option("--admin", is_flag=True, help="Make the person an administrator. The first person always is one.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
@json_option
def add(name: str, display_name: str, admin: bool, password_stdin: bool, as_json: bool) -> None:
    """Create an account."""
    password = _new_password(password_stdin)
    with open_platform() as platform:
        person = platform.accounts.people.add(name, password, display_name=display_name, is_admin=admin)
    _say(as_json, asdict(person), f"{person.name} can log in now.")


@users.command()
@click.argument("name")
@json_option
def disable(name: str, as_json: bool) -> None:
    """Shut a person out at once; their data stays."""
    _set_disabled(name, True, as_json)


@users.command()
@click.argument("name")
@json_option
def enable(name: str, as_json: bool) -> None:
    """Let a disabled person in again."""
    _set_disabled(name, False, as_json)


@users.command("reset-password")
@click.argument("name")
@click.option("--set", "ask", is_flag=True, help="Set a password here instead of printing a one-time code.")
@click.option("--password-stdin", is_flag=True, help="With --set: read it from standard input instead of asking.")
@click.option("--totp", is_flag=True, help="Turn the second factor off as well (phone and recovery codes lost).")
@json_option
def reset_password(name: str, ask: bool, password_stdin: bool, totp: bool, as_json: bool) -> None:
    """Let a person who forgot their password set a new one."""
    password = _new_password(password_stdin) if ask or password_stdin else None
    with open_platform() as platform:
        accounts = platform.accounts
        person = accounts.people.by_name(name)
        if totp:
            accounts.second_factors.turn_off(person.id, by=None)
        if password is None:
            invitation = accounts.invitations.create_password_code(None, person.id)
            _say_code(as_json, invitation, f"{person.name} sets a new password in the app with this code")
            return
        accounts.people.set_password(person.id, password)
    done = {"name": person.name, "changed": "password"}
    _say(as_json, done, f"The password of {person.name} is set; log in again.")


@users.command()
@click.option("--space", help="Name or id of the household space to invite into.")
@click.option("--owner", is_flag=True, help="Invite as an owner of the space, not just a member.")
@click.option("--existing", is_flag=True, help="For somebody who has an account already.")
@click.option("--note", default="", help="Who it is for.")
@click.option("--hours", type=click.IntRange(1, 720), default=72, show_default=True, help="How long it is good for.")
@json_option
def invite(space: str | None, owner: bool, existing: bool, note: str, hours: int, as_json: bool) -> None:
    """Print a one-time code for a new account, a household space, or both."""
    with open_platform() as platform:
        accounts = platform.accounts
        space_id = _space_id(accounts, space) if space else None
        invitation = accounts.invitations.create(
            None,
            space_id=space_id,
            role="owner" if owner else "member",
            new_account=not existing,
            note=note,
            hours=hours,
        )
    _say_code(as_json, invitation, "Invitation")


@users.command()
@click.argument("name", required=False)
@json_option
def spaces(name: str | None, as_json: bool) -> None:
    """Show the spaces of a person, or of the first administrator."""
    with open_platform() as platform:
        accounts = platform.accounts
        actor = acting(platform, name)
        found = accounts.spaces.of_person(actor.user_id)
    if as_json:
        print_json([asdict(space) for space in found])
        return
    for space in found:
        click.echo(f"{space.id}  {space.kind:<10} {space.role:<7} {space.name}")


@users.command()
@click.argument("name", required=False)
@click.option("--all", "everybody", is_flag=True, help="Forget all wrong tries, of every account and address.")
@json_option
def unlock(name: str | None, everybody: bool, as_json: bool) -> None:
    """End the waiting time after wrong passwords."""
    if (name is None) == (not everybody):
        raise click.UsageError("Name one person, or use --all.")
    with open_platform() as platform:
        platform.accounts.people.unlock(name)
    _say(as_json, {"unlocked": name or "all"}, "The waiting time is over.")


@users.command()
@click.option("--name", prompt="Your name", help="The name to log in with.")
@click.option("--household", default="Home", show_default=True, help="What to call the shared space.")
@click.option("--folder", "folders", multiple=True, help="Full path of a folder that Homie may organise (repeatable).")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input instead of asking.")
@json_option
def setup(name: str, household: str, folders: tuple[str, ...], password_stdin: bool, as_json: bool) -> None:
    """Create the first owner here, without the browser."""
    from backend.core.accounts.setup import FirstOwner

    with open_platform() as platform:
        code = platform.accounts.setup.new_code() or ""
        owner = FirstOwner(name, _new_password(password_stdin) if code else "", household=household, folders=folders)
        person = platform.accounts.setup.complete_here(code, owner)
    _say(as_json, asdict(person), f"{person.name} is the owner of this Homie and can log in now.")


@users.command("setup-code")
@click.option("--start-anew", is_flag=True, help="Also when there are backups of an earlier Homie.")
@json_option
def setup_code(start_anew: bool, as_json: bool) -> None:
    """Print a fresh one-time code for the first owner; an earlier one stops working."""
    with open_platform() as platform:
        state = platform.accounts.setup.state()
        code = platform.accounts.setup.new_code(start_anew=start_anew)
    if as_json:
        print_json({"state": state.value, "code": code})
    elif code:
        click.echo(f"Set-up code: {code}")
    elif state.value == "closed":
        click.echo("Homie is set up already. `homie users invite` prints a code for another person.")
    else:
        click.echo("There are backups but no users. Restore them with `homie restore`, or use --start-anew.")


def _set_disabled(name: str, disabled: bool, as_json: bool) -> None:
    with open_platform() as platform:
        person = platform.accounts.people.by_name(name)
        person = platform.accounts.people.set_disabled(person.id, disabled, by=None)
    _say(as_json, asdict(person), f"{person.name} is {'shut out' if disabled else 'let in again'}.")


def _space_id(accounts: Accounts, wanted: str) -> str:
    owner = accounts.local_owner()
    found = [s for s in accounts.spaces.of_person(owner.user_id) if wanted in (s.id, s.name)]
    if len(found) != 1:
        raise click.BadParameter(
            "no (single) space of that name; `homie users spaces` lists them", param_hint="--space"
        )
    return found[0].id


def _new_password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


def _marks(person: PersonView) -> list[str]:
    marks = {"administrator": person.is_admin, "second factor": person.second_factor, "disabled": person.disabled}
    return [name for name, there in marks.items() if there]


def _say(as_json: bool, value: Any, text: str) -> None:
    if as_json:
        print_json(value)
    else:
        click.echo(text)


def _say_code(as_json: bool, invitation: InvitationView, text: str) -> None:
    if as_json:
        print_json(asdict(invitation))
    else:
        click.echo(f"{text}: {invitation.code}\nIt works once, until {invitation.expires_at:%Y-%m-%d %H:%M} UTC.")
