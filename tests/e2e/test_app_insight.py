"""What looks ahead and back, in a real browser: recurring payments, forecast, goals, news, comparisons."""

from __future__ import annotations

import base64
import datetime as dt
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from playwright.sync_api import Browser

from backend.financial_manager.recurring.cadence import add_months
from tests.e2e.files_world import PASSWORD, Household, at_home
from tests.e2e.flutter import DESKTOP, PHONE, SMALLEST, App
from tests.e2e.lived_in import arrive, enter
from tests.e2e.take_screenshots import Look
from tests.e2e.test_app_accessibility import faults_that_stay
from tests.hub import Hub

M = "/financial_manager"
PICTURES = os.environ.get("HOMIE_PICTURES", "")
"""A folder into which each step is drawn, for eyes."""


def lines() -> list[tuple[dt.date, str, str]]:
    """Return eight months of a household's bank up to yesterday, Netflix dearer since last month."""
    today = dt.date.today()
    found = []
    for number in range(8, -1, -1):
        month = add_months(today.replace(day=1), -number)
        found += [
            (month.replace(day=2), "Hausverwaltung Huber", "-940,00"),
            (month.replace(day=9), "NETFLIX.COM", "-12,99" if number > 1 else "-14,99"),
            (month.replace(day=14), "Wien Energie", f"-{70 + number * 5 % 13},20"),
            (month.replace(day=15), "Muster GmbH", "2850,00"),
            (month.replace(day=(number * 11) % 27 + 1), "BILLA DANKT", f"-{60 + number * 17 % 41},35"),
        ]
    found.append((add_months(today, -1), "Dorfwirt Hofer", "-310,00"))
    return [one for one in found if one[0] < today]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Household]:
    """Anna, whose bank's statement of eight months is booked."""
    place = tmp_path_factory.mktemp("insight")
    with Hub(place / "data", app=True) as hub:
        household = Household(hub, place / "home", hub.set_up("anna", PASSWORD))
        giro = household.want("POST", f"{M}/accounts", {"name": "Giro"})["id"]
        rows = "".join(f"{day:%d.%m.%Y};{who};{amount};EUR\n" for day, who, amount in sorted(lines()))
        data = f"Buchungstag;Auftraggeber;Betrag;Waehrung\n{rows}".encode()
        body = {"account_id": giro, "name": "Giro.csv", "content": base64.b64encode(data).decode()}
        household.want("POST", f"{M}/imports", body)
        yield household
        household.leave()


def recurring(house: Household, word: str) -> dict[str, Any]:
    items = house.want("GET", f"{M}/recurring")["items"]
    found: dict[str, Any] = next(one for one in items if word in one["name"])
    return found


SIZES = pytest.mark.parametrize(("name", "size"), [("phone", PHONE), ("desktop", DESKTOP)], ids=["phone", "desktop"])


def draw(app: App, name: str) -> None:
    if PICTURES:
        app.shot(Path(PICTURES) / f"{name}.png")


@SIZES
def test_rent_is_found_confirmed_and_forecast(
    browser: Browser, house: Household, name: str, size: dict[str, int]
) -> None:
    """From the list to one of them with its reasons; confirmed by a touch; the forecast says the lowest point."""
    rent = recurring(house, "Huber")
    house.want("PUT", f"{M}/recurring/{rent['id']}/state", {"state": "found"})
    app = at_home(browser, house.hub, f"{M}/recurring", size)
    app.sees("go out each month")
    app.sees(re.compile("found by Homie"))
    draw(app, f"recurring-{name}")
    app.press(re.compile("Huber"))
    app.until_route(rf"{M}/recurring/.+")
    app.sees(re.compile("bookings, one each month"))
    draw(app, f"recurring-detail-{name}")
    app.press("Confirm", exact=True)
    house.until(lambda: recurring(house, "Huber")["state"] == "confirmed")
    app.sees("As found")
    app.go(f"{M}/recurring/{recurring(house, 'NETFLIX')['id']}")
    app.sees(re.compile(r"went from €12\.99 to €14\.99 in "))
    app.go(f"{M}/forecast")
    app.sees(re.compile("is the lowest point, on"))
    app.sees("What this rests on")
    draw(app, f"forecast-{name}")
    app.choose("12 months")
    app.sees(re.compile("is the lowest point, on"))
    app.close()


@SIZES
def test_a_goal_is_begun_and_filled(browser: Browser, house: Household, name: str, size: dict[str, int]) -> None:
    """Name, amount, day; put aside by a touch; what is needed each month is said."""
    app = at_home(browser, house.hub, f"{M}/goals/new", size)
    app.type_into("What do you save for?", f"Bicycle {name}")
    app.type_into("How much", "1200")
    until = add_months(dt.date.today(), 12)
    app.type_into("Until (empty: no hurry)", until.strftime("%d/%m/%Y"))
    draw(app, f"goal-new-{name}")
    app.press("Save", exact=True)
    app.until_route(rf"{M}/goals/(?!new).+")
    app.sees(re.compile("each month to be there on"))
    app.press("Put aside", exact=True)
    app.type_into("Amount", "300")
    app.press("Put aside", exact=True, last=True)
    house.until(lambda: any(one["saved_minor"] == 300_00 for one in house.want("GET", f"{M}/goals")["items"]
                            if one["name"] == f"Bicycle {name}"))  # fmt: skip
    app.sees(re.compile("€300.00 of €1,200.00"))
    draw(app, f"goal-{name}")
    app.close()


@SIZES
def test_what_changed_leads_to_what_it_speaks_of(
    browser: Browser, house: Household, name: str, size: dict[str, int]
) -> None:
    """The reports tell of a month; the new payee leads to its booking; payees and years can be compared."""
    app = at_home(browser, house.hub, f"{M}/reports", size)
    app.sees(re.compile("What changed in"))
    draw(app, f"news-{name}")
    app.go(f"{M}/compare")
    app.sees(re.compile("Huber"))
    draw(app, f"compare-{name}")
    app.choose("By year")
    app.sees(re.compile("below it the years before"))
    draw(app, f"years-{name}")
    app.go(f"{M}/transactions?year={dt.date.today().year}&words=Dorfwirt")
    app.sees("Dorfwirt Hofer")
    app.misses("NETFLIX.COM")
    app.close()


@pytest.mark.parametrize(
    ("size", "look"),
    [(PHONE, Look("", "dark", "en")), (SMALLEST, Look("", "light", "de", 1.6))],
    ids=["phone", "smallest-german-large"],
)
def test_each_screen_can_be_heard_touched_and_seen_whole(
    browser: Browser, house: Household, size: dict[str, int], look: Look
) -> None:
    """Names for all that acts, 48 pixels to touch, nothing beside the window; also in German with large letters."""
    prefer(house, look)
    rent, goals = recurring(house, "Huber")["id"], house.want("GET", f"{M}/goals")["items"]
    places = ["recurring", "recurring/new", f"recurring/{rent}", f"recurring/{rent}/edit", "forecast", "goals/new"]
    places += ["goals", *(f"goals/{one['id']}" for one in goals[:1]), "reports", "compare"]
    app = enter(browser, cast("Any", house), size)
    found = []
    for place in places:
        arrive(app, f"{M}/{place}")
        found += faults_that_stay(app, place)
        draw(app, f"audit-{look.language}-{place.replace('/', '-')}")
    app.close()
    prefer(house, Look("", "dark", "en"))
    assert found == [], "\n" + "\n".join(found)


def prefer(house: Household, look: Look) -> None:
    """Let the app look and speak so."""
    changes = {"theme": look.theme, "language": look.language, "text_size": look.text_size}
    house.want("PATCH", "/accounts/preferences", {"changes": changes})
