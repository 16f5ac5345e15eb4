"""What the edited rule would do among the newest bookings; nothing is changed by looking."""

from __future__ import annotations

import flet as ft

from frontend.financial_manager.category_rules_provider import CategoryRulesProvider
from frontend.financial_manager.ledger_provider import LedgerProvider
from frontend.financial_manager.money_words import what_for, who
from frontend.financial_manager.screens.parts.amounts import amount
from frontend.i18n import short_day, tr, trn
from frontend.kit import body, caption, card, describe_error, notice, title, use_provider


@ft.component
def Trial(rules: CategoryRulesProvider, ledger: LedgerProvider) -> ft.Control:
    """Show the counts, and some of the bookings that would change."""
    use_provider(rules)
    trial = rules.trial
    if rules.trial_error is not None:
        what, remedy = describe_error(rules.trial_error)
        return notice(f"{what} {remedy}".strip(), "bad")
    if trial is None:
        return body(tr("As soon as the rule says something, the bookings that it would change stand here."), muted=True)
    head = trn("It would change {n} booking.", "It would change {n} bookings.", trial["changes"])
    told = [
        trn("It fits {n} of the newest bookings.", "It fits {n} of the newest bookings.", trial["fits"]),
    ]
    if trial["by_hand"]:
        told.append(trn("{n} stays as you said.", "{n} stay as you said.", trial["by_hand"]))
    if trial["earlier"]:
        told.append(trn("{n} is decided by an earlier rule.", "{n} are decided by an earlier rule.", trial["earlier"]))
    rows: list[ft.Control] = [title(head), caption(" ".join(told), max_lines=4)]
    for one in trial["examples"]:
        said = f"{short_day(one['date'])} · {what_for(one, ledger)}"
        rows.append(
            ft.Row(
                [
                    ft.Column(
                        [
                            body(who(one), max_lines=1, overflow=ft.TextOverflow.ELLIPSIS),
                            caption(said, max_lines=1, overflow=ft.TextOverflow.ELLIPSIS),
                        ],
                        spacing=2,
                        tight=True,
                        expand=True,
                    ),
                    amount(one["amount_minor"], one["currency"]),
                ],
                spacing=12,
            )
        )
    if trial["changes"] > len(trial["examples"]):
        rows.append(caption(tr("and {n} more", n=trial["changes"] - len(trial["examples"]))))
    return card(ft.Column(rows, spacing=10, tight=True))
