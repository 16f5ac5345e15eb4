"""Say how a connected bank stands, and what a fetch did."""

from __future__ import annotations

from frontend.api.generated.schemas import AccountFetchedOut, BankConnectionOut
from frontend.i18n import ago, calendar_day, date_and_time, money, tr, tr_server

PROVIDERS = {"simplefin": "SimpleFIN", "enable_banking": "Enable Banking", "fints": "FinTS"}


def state_words(one: BankConnectionOut) -> tuple[str, str]:
    """Return how a connection stands, and the tone of it."""
    if one["state"] == "new":
        return tr("Waits for your yes"), "warn"
    if one["state"] == "needs_you":
        return tr("Needs you"), "bad"
    if one["state"] == "failed":
        return tr("Did not answer"), "warn"
    return tr("Connected"), "good"


def last_fetch(one: BankConnectionOut) -> str:
    """Say when a bank was asked last, and how long the consent holds."""
    asked = tr("Asked {when}", when=ago(one["fetched_at"])) if one["fetched_at"] else tr("Never asked yet")
    if not one["valid_until"]:
        return asked
    return f"{asked} · {tr('Consent until {day}', day=calendar_day(one['valid_until'][:10]))}"


def next_fetch(one: BankConnectionOut) -> str:
    """Say when the clock asks a bank next; "" where it does not."""
    if not one["clock"] or not one["next_at"]:
        return ""
    return tr("Next by itself {when}", when=date_and_time(one["next_at"]))


def clock_words(one: BankConnectionOut) -> str:
    """Say what the switch does, or why there is none."""
    if not one["unattended"]:
        return tr("This bank may ask you for a code, so it is only asked when you are there.")
    if not one["clock"]:
        return tr("Between five and seven, while the hub is on. What is not sure waits for you.")
    return next_fetch(one) or tr("It stands still until you have connected the bank again.")


def fetched_words(one: AccountFetchedOut, currency: str) -> str:
    """Say what a fetch did in one account."""
    told = [tr("{added} new, {known} were there already.", added=one["added"], known=one["known"])]
    if one["twins"]:
        told.append(tr("Perhaps there already, and not booked: {count}.", count=one["twins"]))
    if one["left_out"]:
        told.append(tr("Left out: {count}.", count=one["left_out"]))
    if one["difference_minor"]:
        told.append(tr("The bank's balance differs by {amount}.", amount=money(one["difference_minor"], currency)))
    elif one["difference_minor"] == 0:
        told.append(tr("The bank and Homie agree."))
    return " ".join([*told, *(tr_server(doubt) for doubt in one["doubts"])])
