"""`homie money`: reads statements, books them, and keeps the ledger."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from click.testing import CliRunner, Result

from backend.cli import homie as command_line
from tests.command_line import homie
from tests.financial_manager.bank_files import FILES
from tests.financial_manager.test_importing import FEBRUARY


def run(*words: str) -> Result:
    return CliRunner().invoke(command_line, ["money", *words])


def test_each_file_is_one_json_object(tmp_path: Path) -> None:
    """Also those that cannot be read: they say why, and the exit code says that not all went well."""
    good, bad = tmp_path / "a.csv", tmp_path / "b.csv"
    good.write_bytes(FILES[0].data)
    bad.write_bytes(b"hello")
    result = run("read", str(good), str(bad), "--json")
    assert result.exit_code == 1
    told = [json.loads(line) for line in result.output.splitlines()]
    first = told[0]["statements"][0]["entries"][0]
    assert (first["date"], first["amount"], first["amount_minor"], first["currency"]) == (
        "2024-03-15",
        "-12.50",
        -1250,
        "EUR",
    )
    assert told[1]["error"]["code"] == "statement_unreadable"
    assert told[1]["error"]["fields"][0]["remedy"]


def test_without_an_account_a_dry_run_prints_the_same_as_read(tmp_path: Path) -> None:
    """And needs no household."""
    path = tmp_path / "a.csv"
    path.write_bytes(FILES[0].data)
    assert run("import", str(path), "--dry-run", "--json").output == run("read", str(path), "--json").output


def test_a_household_keeps_its_ledger_from_the_command_line(tmp_path: Path) -> None:
    """Open, look, book, book again, enter, list, sum, undo, export: each as a process of its own."""

    def money(*words: str, expect: int = 0) -> str:
        return homie(tmp_path, "money", *words, expect=expect)

    path = tmp_path / "february.csv"
    path.write_bytes(FEBRUARY)
    assert "open" in money("open", "Giro", "--opening", "100.00", "--on", "2026-01-31")
    assert "4 new" in money("import", str(path), "--account", "giro", "--dry-run")
    assert "4 booked into Giro, 0 were there already" in money("import", str(path), "--account", "Giro")
    assert "0 booked into Giro, 4 were there already" in money("import", str(path), "--account", "Giro")
    money("add", "Giro", "-12,50", "Bakery", "--category", "food.groceries", "--on", "2026-02-11")
    assert "Bakery  [Groceries]" in money("list", "bakery")
    assert "2488.60 EUR  Giro" in money("accounts").replace("  (bank)", "")
    rows = json.loads(money("months", "--since", "2026-02-01", "--json"))["items"]
    assert ("2026-02", "Groceries", 12_50) in {(one["month"], one["category"], one["spent_minor"]) for one in rows}
    assert "2026-02         -12.50 EUR  Groceries" in money("months", "--since", "2026-02-01")
    assert "2026-02-11 * Bakery" in money("export")
    assert "Bakery" in money("undo")
    assert money("list", "bakery").strip() == "Nothing."
    assert "would decide 2" in money(
        "rules", "add", "Coffee", "--text", "sperl", "--category", "food.restaurants", "--try"
    )
    assert "Coffee" in money("rules", "add", "Coffee", "--text", "sperl", "--category", "food.restaurants")
    assert "2 bookings" in money("rules", "apply")
    assert "sperl" in money("rules", "list")
    assert "deleted" in money("rules", "delete", "Coffee")
    money("budget", "food.restaurants", "50.00", "--from", "2026-02")
    assert "40.20 EUR left  Restaurants (9.80 spent)" in money("budgets", "--month", "2026-02")
    assert "is no amount of EUR" in money("add", "Giro", "1.234", expect=1)
    assert "There is no account called Nowhere. You have: Giro." in money("add", "Nowhere", "1", expect=1)
    assert "You have: Giro." in money("add", "", "1", expect=1), "nothing is no account without an IBAN"


def test_twins_that_are_booked_are_neither_left_out_nor_missing(tmp_path: Path) -> None:
    """What is told after an import is what it did: with the lines that only look like one that is there."""

    def money(*words: str) -> str:
        return homie(tmp_path, "money", *words, expect=0)

    path = tmp_path / "bank.csv"
    path.write_text(
        "Datum;Empfänger;Betrag;Saldo;Währung\n"
        "03.02.2026;Cafe Sperl;-4,90;95,10;EUR\n"
        "04.02.2026;Billa;-5,10;90,00;EUR\n"
    )  # fmt: skip
    money("open", "Giro", "--opening", "100.00", "--on", "2026-01-31")
    money("add", "Giro", "-4,90", "Another cafe", "--on", "2026-02-03")
    (told,) = [json.loads(money("import", str(path), "--account", "Giro", "--twins", "--json"))]
    assert (told["import"]["added"], told["left_out"]) == (2, [])
    (giro,) = json.loads(money("accounts", "--json"))["items"]
    assert giro["balance_minor"] == told["bank"]["ledger_minor"] == 85_10
    assert told["bank"]["difference_minor"] == 4_90


def test_people_see_bookings_doubts_and_the_proof(tmp_path: Path) -> None:
    path = tmp_path / "a.sta"
    path.write_bytes(b":20:A\n:25:123\n:60F:C240101EUR100,\n:61:2401020102D30,NTRF\n:86:Bread\n:62F:C240102EUR70,\n-")
    shown = run("read", str(path)).output
    assert "2024-01-02" in shown
    assert "-30.00" in shown
    assert "Bread" in shown
    assert "proven: 100.00 + -30.00 = 70.00" in shown
    assert "cannot be opened" in run("read", str(tmp_path / "none.csv")).output


def test_a_household_keeps_a_depot_from_the_command_line(tmp_path: Path) -> None:
    """Securities, trades, prices from a file, figures, a sale thought of, the tax report: each as a process."""

    def money(*words: str, expect: int = 0) -> str:
        return homie(tmp_path, "money", *words, expect=expect)

    money("open", "Depot", "--kind", "depot")
    money("depot", "securities", "add", "Acme", "--isin", "US0378331005")
    money("depot", "buy", "Depot", "acme", "10", "1000.00", "--fees", "10", "--on", "2024-05-02")
    money("depot", "buy", "Depot", "US0378331005", "10", "1400,00", "--on", "2025-02-03")
    refused = money("depot", "sell", "Depot", "Acme", "25", "2250", "--on", "2025-06-02", expect=1)
    assert "Only 20 of US0378331005 are in the depot Depot on 2025-06-02, not 25." in refused
    assert "Booked. 2025-06-02 sell 15 Acme" in money(
        "depot", "sell", "Depot", "Acme", "15", "2250", "--on", "2025-06-02"
    )
    money("depot", "dividend", "Depot", "Acme", "100", "--foreign-withheld", "20", "--on", "2025-09-01")
    path = tmp_path / "prices.csv"
    path.write_text("date,isin,close,currency\n2025-12-31,US0378331005,200.00,EUR\n")
    assert "1 new" in money("depot", "prices", "import", str(path))
    assert "5 Acme, 1000.00 EUR" in money("depot", "positions")
    told = json.loads(money("depot", "what-if", "Depot", "Acme", "5", "200", "--on", "2026-01-02", "--json"))
    assert told["fifo"]["gain_minor"] == 1000_00 - 700_00
    money("depot", "place", "Depot", "de")
    report = money("tax", "AT", "2025")
    assert "E1kv 994" in report
    assert "450.00 EUR" in report
    assert "This is no tax advice." in report
    assert any(line.startswith("Each figure says against which text") for line in report.splitlines())
    assert ";450.00;EUR;" in money("tax", "AT", "2025", "--csv")
    assert "100.00 %  US" in money("depot", "allocation", "--by", "country")
    trail = money("depot", "sales", "Depot")
    assert "10 of 2024-05-02, cost 1010.00" in trail
    assert "average of 20: 120.5 EUR" in trail
    lacking = money("tax", "AT", "2025", "--language", "de")
    assert "braucht das Einkommen des Jahres (--income)" in lacking
    assert any(line.startswith("Bei jeder Angabe steht, nach welchem") for line in lacking.splitlines())
    assert "braucht das Einkommen" not in money("tax", "AT", "2025", "--language", "de", "--income", "30000")


def test_shares_move_change_their_cost_and_go_again_from_the_command_line(tmp_path: Path) -> None:
    """A transfer keeps the cost, an adjustment raises it, a deletion takes it back; a name of two is asked about."""

    def money(*words: str, expect: int = 0) -> str:
        return homie(tmp_path, "money", *words, expect=expect)

    money("open", "Old", "--kind", "depot")
    money("open", "New", "--kind", "depot")
    money("depot", "securities", "add", "World", "--isin", "IE00B4L5Y983", "--kind", "fund_equity")
    money("depot", "securities", "add", "World", "--isin", "AT0000743059")
    assert "could be" in money("depot", "buy", "Old", "World", "10", "1000", expect=1)
    money("depot", "buy", "Old", "IE00B4L5Y983", "10", "1000.00", "--on", "2025-01-10")
    assert "Moved." in money("depot", "transfer", "Old", "New", "IE00B4L5Y983", "10", "--on", "2025-02-10")
    more = ("--income", "40", "--withheld", "11", "--on", "2025-03-01", "--json")
    told = money("depot", "adjust", "New", "IE00B4L5Y983", "30", *more)
    (held,) = json.loads(money("depot", "positions", "--depot", "New", "--json"))["items"]
    assert (held["quantity"], held["fifo"]["cost_minor"], held["withheld_minor"]) == ("10", 1030_00, 11_00)
    sale = json.loads(
        money("depot", "sell", "New", "IE00B4L5Y983", "1", "90", "--withheld", "-3.58", "--on", "2025-03-02", "--json")
    )
    assert sale["withheld_minor"] == -3_58
    money("depot", "delete", sale["id"])
    assert "is changed" in money("depot", "securities", "change", "AT0000743059", "--name", "Acme")
    money("depot", "price", "Acme", "12.5", "--on", "2025-03-03")
    (price,) = json.loads(money("depot", "prices", "list", "Acme", "--json"))["items"]
    assert (price["price"], price["date"]) == ("12.5", "2025-03-03")
    assert "Deleted." in money("depot", "prices", "delete", price["id"])
    assert "Deleted." in money("depot", "securities", "delete", "Acme")
    assert "Deleted." in money("depot", "delete", json.loads(told)["id"])
    (held,) = json.loads(money("depot", "positions", "--depot", "New", "--json"))["items"]
    assert held["fifo"]["cost_minor"] == 1000_00
    money("depot", "split", "New", "IE00B4L5Y983", "2", "--on", "2025-04-03")
    days = ("--on", "2025-04-01", "--arrived", "2025-04-05")
    assert "20 arrived after a split" in money("depot", "transfer", "New", "Old", "IE00B4L5Y983", "10", *days)
    assert "New: 20 World on the way" in money("depot", "positions", "--on", "2025-04-04")


def test_prices_are_asked_for_from_the_command_line(tmp_path: Path) -> None:
    """What would be sent is shown first; a fetch says of each security what came, or why nothing did."""

    def money(*words: str, expect: int = 0) -> str:
        return homie(tmp_path, "money", *words, expect=expect)

    assert "Described at https://" in money("depot", "prices", "feeds")
    money("depot", "securities", "add", "Acme", "--isin", "AT0000743059")
    assert "No security has a source" in money("depot", "prices", "fetch")
    own = ("--date", "[*].d", "--price", "[*].p")
    assert "http" in money("depot", "prices", "source", "Acme", "--address", "http://127.0.0.1/{isin}", *own, expect=1)
    told = money("depot", "prices", "source", "Acme", "--address", "https://127.0.0.1/{isin}?to={to}", *own)
    assert "would be asked: https://127.0.0.1/AT0000743059?to=20" in told
    assert told in money("depot", "prices", "sources")
    told = money("depot", "prices", "fetch", "Acme", "--since", "2026-01-01")
    assert "Acme: This address leads into a private network." in told
    assert "Nothing." in money("depot", "prices", "list", "Acme")
    assert "asked for no more" in money("depot", "prices", "source", "Acme", "--remove")
    assert "has no source" in money("depot", "prices", "source", "Acme", expect=1)


def test_a_trade_in_another_currency_takes_the_rate_of_its_day(tmp_path: Path) -> None:
    """The ECB's rate and its day are said; a typed one counts; an old one is refused with what to do."""

    def money(*words: str, expect: int = 0) -> str:
        return homie(tmp_path, "money", *words, expect=expect)

    money("open", "Depot", "--kind", "depot")
    money("depot", "securities", "add", "Acme", "--currency", "USD")
    dollars = ("--currency", "USD")
    told = money("depot", "buy", "Depot", "Acme", "10", "1178.90", *dollars, "--on", "1999-01-04")
    assert "the ECB's rate of 1999-01-04" in told
    (held,) = json.loads(money("depot", "positions", "--json"))["items"]
    assert held["fifo"]["cost_minor"] == 1000_00
    assert "ECB" not in money(
        "depot", "dividend", "Depot", "Acme", "10", *dollars, "--on", "1999-02-04", "--fx-rate", "0.5"
    )
    money("open", "Francs", "--kind", "depot", "--currency", "CHF")
    old = money("depot", "buy", "Francs", "Acme", "1", "100", "--currency", "RUB", "--on", "2025-01-02", expect=1)
    assert "The newest rate of RUB is of 2022-03-01." in old
    money("depot", "buy", "Francs", "Acme", "1", "100.00", "--on", "1999-01-04")
    told = money("depot", "worth")
    assert "altogether on" in told
    assert "1 CHF =" in told


def test_the_households_own_country_is_meant(tmp_path: Path) -> None:
    """Taxes and the place of a depot need no country where the settings say it; one that is named counts."""

    def money(*words: str, expect: int = 0) -> str:
        return homie(tmp_path, "money", *words, expect=expect)

    money("settings", "--country", "DE")
    assert json.loads(money("tax", "2025", "--json"))["country"] == "DE"
    assert json.loads(money("tax", "AT", "2025", "--json"))["country"] == "AT"
    assert "rule checked against § 20 Abs 9 EStG, text of 26 May 2026" in money("tax", "DE", "2025")
    assert "Write a country and a year" in money("tax", "AT", expect=2)
    money("open", "Depot", "--kind", "depot")
    assert "Depot is in DE." in money("depot", "place", "Depot")
    money("settings", "--country", "XX")
    assert json.loads(money("tax", "2025", "--json"))["country"] == "ZZ"
    assert "not known" in money("depot", "place", "Depot", expect=1)


def test_money_of_two_currencies_is_told_in_one(tmp_path: Path) -> None:
    """Rates with their day, a transfer that is counted by one, what all accounts hold together, the own currency."""

    def money(*words: str, expect: int = 0) -> str:
        return homie(tmp_path, "money", *words, expect=expect)

    assert "1 EUR =         1.1789 USD  as of 1999-01-04" in money("rates", "usd", "--on", "1999-01-04")
    money("open", "Giro", "--opening", "1000.00", "--on", "1998-12-31")
    money("open", "Dollars", "--currency", "USD", "--opening", "0", "--on", "1998-12-31")
    money("add", "Giro", "-100", "--to", "Dollars", "--on", "1999-01-04")
    assert "117.89 USD  Dollars" in money("accounts")
    money("add", "Giro", "-100", "--to", "Dollars", "--arrives", "120.00", "--on", "1999-01-04")
    told = json.loads(money("worth", "--json"))
    assert (told["currency"], told["missing"], told["quotes"][0]["source"]) == ("EUR", [], "USD")
    assert "Currency USD, taxes of DE" in money("settings", "--currency", "usd", "--country", "DE")
    assert "USD" in money("worth")
    assert "in USD" in money("open", "Checking")
    money("open", "Purse", "--opening", "1.50", "--on", "2026-01-01")
    assert "1.50 USD  Purse" in money("accounts")
    assert "is no currency" in money("settings", "--currency", "XYZ", expect=1)


def test_names_budgets_and_papers_are_kept_from_the_command_line(tmp_path: Path) -> None:
    """Proposals are accepted and copied, payees merged, tags renamed, a plan entered; each says what it did."""

    def money(*words: str, expect: int = 0) -> str:
        return homie(tmp_path, "money", *words, expect=expect)

    path = tmp_path / "february.csv"
    path.write_bytes(FEBRUARY)
    money("open", "Giro")
    assert "Nothing to propose" in money("budget-proposals")
    assert "0 budgets copied." in money("budget-copy")
    assert "No payees." in money("payees", "list")
    assert "No tags." in money("tags", "list")
    assert "no payee called Else" in money("payees", "merge", "Nobody", "Else", expect=1)
    assert "No transaction has this tag." in money("tags", "rename", "gone", "x", expect=1)
    money("add", "Giro", "-9,90", "Gym", "--planned", "--on", "2026-12-01")
    assert "Gym" in money("list", "--planned")
    assert "Gym" not in money("list", "--tag", "none")
    booked = json.loads(money("list", "--planned", "--json"))["items"][0]["id"]
    assert "No files." in money("attachments", booked)
    assert "not inside one of your folders" in money("attach", booked, str(path), expect=1)


def test_a_budget_of_one_person_is_set_from_the_command_line(tmp_path: Path) -> None:
    """In the space of that name; a name that nobody there has is refused, and so is a space that one is not in."""
    setup = [sys.executable, "-m", "backend.cli", "users", "setup", "--name", "anna", "--password-stdin"]
    place = {**os.environ, "HOMIE_DATA_DIR": str(tmp_path / "data")}
    subprocess.run(setup, input="correct horse staple\n", env=place, text=True, check=True, timeout=120)

    def money(*words: str, expect: int = 0) -> str:
        return homie(tmp_path, "money", *words, expect=expect)

    of_anna = ("--person", "Anna", "--space", "home")
    money("budget", "food.restaurants", "50.00", "--from", "2026-02", "--space", "Home")
    told = money("budget", "food.restaurants", "20.00", "--from", "2026-02", *of_anna)
    assert told == "food.restaurants of Anna: 20.00 EUR\n"
    shown = money("budgets", "--month", "2026-02", "--space", "Home")
    assert "50.00 EUR left  Restaurants (0.00 spent)" in shown
    assert "20.00 EUR left  Restaurants of anna (0.00 spent)" in shown
    assert "No budgets." in money("budgets", "--month", "2026-02")
    refused = money("budget", "food.restaurants", "1", "--person", "ben", "--space", "Home", expect=1)
    assert "--person: Nobody of the shared space, or more than one, is called ben." in refused
    assert "There are: anna." in refused
    assert "no (single) space" in money("budgets", "--space", "Elsewhere", expect=1)
    money("budget", "food.restaurants", "none", "--from", "2026-02", *of_anna)
    assert "of anna" not in money("budgets", "--month", "2026-02", "--space", "Home")


def test_asking_an_ai_shows_first_and_is_refused_without_agreement(tmp_path: Path) -> None:
    """A hub without a provider: what would be sent is listed, nothing is sent, and asking all the same says why not."""
    assert "nothing to ask about" in homie(tmp_path, "money", "ask")
    homie(tmp_path, "money", "open", "Giro")
    homie(tmp_path, "money", "add", "Giro", "-12,50", "Qzxwert Vlogg")
    shown = homie(tmp_path, "money", "ask", "--dry-run")
    assert "Qzxwert Vlogg, 10-20, out" in shown
    told = json.loads(homie(tmp_path, "money", "ask", "--json"))
    assert (told["would_send"], told["payees"]) == (
        False, [{"text": "Qzxwert Vlogg", "amount": "10-20", "direction": "out"}],
    )  # fmt: skip
    refused = json.loads(homie(tmp_path, "money", "ask", "--yes", "--json", expect=1))
    assert refused["error"]["code"] == "ai_not_ready"


def test_an_inbox_and_a_bank_from_the_command_line(tmp_path: Path) -> None:
    """Nothing is connected yet, and nothing is asked on the internet; wrong words are told with what to do."""

    def money(*words: str, expect: int = 0) -> str:
        return homie(tmp_path, "money", *words, expect=expect)

    assert "No folder is a statement inbox" in money("inbox", "list")
    assert "0 booked, 0 wait for you" in money("inbox", "look")
    assert "No bank is connected" in money("bank", "list")
    assert json.loads(money("bank", "list", "--json")) == {"items": []}
    assert "homie money bank list" in money("bank", "fetch", expect=1)
    assert "is not connected" in money("bank", "disconnect", "nothing", expect=1)
    assert "is not connected" in money("bank", "clock", "nothing", "--on", expect=1)
    assert "No line waits" in money("bank", "waiting")
    assert json.loads(money("bank", "waiting", "--json")) == {"items": []}
    assert "does not exist" in money("bank", "decide", "nothing", "0", "--same", expect=1)
    assert "Nothing new comes again" in money("recurring", "notices", "--dismiss")
    (tmp_path / "key.pem").write_text("no key")
    assert "no private RSA key" in money("bank", "key", "my-app", str(tmp_path / "key.pem"), expect=1)
    assert "Enter the application id" in money("bank", "find", "AT", expect=1)
