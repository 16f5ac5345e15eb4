"""Calls: errors in one shape, repeats only where harmless, one refresh for all who wait."""

from __future__ import annotations

import asyncio
from typing import Any

import httpx
import pytest

from frontend.api.errors import ApiError, LoggedOut, Offline
from frontend.api.generated import HomieApi
from tests.frontend.wire import FakeHub, page, refusal, tokens

pytestmark = pytest.mark.anyio
JOBS = "/api/v1/jobs"
PLANS = "/api/v1/file_organizer/plans"
REFRESH = "/api/v1/accounts/refresh"
ME = "/api/v1/accounts/me"


async def _error(hub: FakeHub, answer: Any) -> ApiError:
    hub.on("GET", JOBS, answer)
    with pytest.raises(ApiError) as caught:
        await hub.api().jobs.list_jobs()
    return caught.value


async def test_an_error_carries_what_the_hub_said() -> None:
    """Code, words, fields, remedies and request id arrive as they were sent."""
    field = {"name": "body.name", "problem": "Is taken.", "remedy": "Choose another."}
    error = await _error(FakeHub(), refusal(422, "invalid_input", fields=[field]))
    assert (error.code, error.status, error.request_id) == ("invalid_input", 422, "r1")
    assert error.fields == {"body.name": "Is taken."}
    assert (error.remedy, error.field("name"), error.field("other")) == ("Choose another.", "Is taken.", None)


async def test_a_missing_password_is_known_as_such() -> None:
    """The hub's wish for the password again can be told from other refusals."""
    assert (await _error(FakeHub(), refusal(403, "sudo_required"))).needs_sudo
    assert not (await _error(FakeHub(), refusal(403, "not_allowed"))).needs_sudo


async def test_a_foreign_answer_is_an_error_without_its_text() -> None:
    """A page that is not the hub's becomes words of ours, never its own text."""
    error = await _error(FakeHub(), httpx.Response(418, text="<h1>teapot</h1>"))
    assert error.code == "unexpected_answer"
    assert "teapot" not in error.message


async def test_html_in_a_good_answer_is_an_error() -> None:
    """A captive portal that answers 200 with a page is no data."""
    error = await _error(FakeHub(), lambda _: httpx.Response(200, text="<h1>Welcome to the hotel</h1>"))
    assert error.code == "unexpected_answer"


@pytest.mark.parametrize("fault", [httpx.ConnectError("no"), httpx.ReadTimeout("slow"), httpx.RemoteProtocolError("x")])
async def test_no_answer_is_offline(fault: Exception) -> None:
    """Whatever the network does, the app sees one kind of error, after trying again."""
    hub = FakeHub()
    assert isinstance(await _error(hub, fault), Offline)
    assert len(hub.asked) == 3
    assert len(hub.slept) == 2


async def test_a_proxy_without_hub_is_offline() -> None:
    """502 without the hub's shape means that nobody is behind the front."""
    assert isinstance(await _error(FakeHub(), lambda _: httpx.Response(502, text="Bad gateway")), Offline)


async def test_a_read_is_asked_again() -> None:
    """A reading that broke is asked again and succeeds."""
    hub = FakeHub()
    hub.on("GET", JOBS, [httpx.ReadError("cut"), page()])
    assert (await hub.api().jobs.list_jobs())["items"] == []


async def test_a_write_without_key_is_sent_once() -> None:
    """What may have been done is never sent again by itself."""
    hub = FakeHub()
    hub.on("POST", f"{JOBS}/j1/cancel", httpx.ReadError("cut"))
    with pytest.raises(Offline):
        await hub.api().jobs.cancel_job("j1")
    assert len(hub.asked) == 1


async def test_a_write_that_never_left_is_sent_again() -> None:
    """A connection that did not come up carried nothing: another try is harmless."""
    hub = FakeHub()
    hub.on("POST", f"{JOBS}/j1/cancel", [httpx.ConnectError("no"), {"id": "j1"}])
    assert (await hub.api().jobs.cancel_job("j1"))["id"] == "j1"


async def test_a_keyed_write_repeats_with_its_key() -> None:
    """All tries of one call carry one key; two calls carry two."""
    hub = FakeHub()
    hub.on("POST", PLANS, [httpx.ReadError("cut"), {"id": "p1"}, {"id": "p2"}])
    api = hub.api()
    await api.file_organizer.create_plan({"path": "/x"})
    await api.file_organizer.create_plan({"path": "/x"})
    first, again, other = [one.headers["Idempotency-Key"] for one in hub.calls("POST", PLANS)]
    assert first == again != other


async def test_a_keyed_write_in_progress_is_waited_for() -> None:
    """While the first try still runs at the hub, the repeat waits as long as the hub says."""
    hub = FakeHub()
    hub.on("POST", PLANS, [refusal(409, "idempotency_in_progress", retry_after=1), {"id": "p1"}])
    assert (await hub.api().file_organizer.create_plan({"path": "/x"}))["id"] == "p1"
    assert hub.slept == [1.0]


async def test_a_module_that_starts_is_waited_for() -> None:
    """503 with a short Retry-After was not done: also a write is sent again then."""
    hub = FakeHub()
    hub.on("POST", f"{JOBS}/j1/cancel", [refusal(503, "module_starting", retry_after=2), {"id": "j1"}])
    await hub.api().jobs.cancel_job("j1")
    assert hub.slept == [2.0]


async def test_who_is_quick_waits_a_moment() -> None:
    """A person who sorts faster than the hub takes requests is not told so: nothing was done, it is sent again."""
    hub = FakeHub()
    hub.on("POST", f"{JOBS}/j1/cancel", [refusal(429, "rate_limited", retry_after=1), {"id": "j1"}])
    await hub.api().jobs.cancel_job("j1")
    assert hub.slept == [1.0]


@pytest.mark.parametrize(
    "answer",
    [
        refusal(503, "unavailable", retry_after=600),
        refusal(429, "rate_limited", retry_after=60),
        refusal(429, "login_delayed", retry_after=1),
    ],
)
async def test_what_takes_long_is_told(answer: httpx.Response) -> None:
    """A long wait, or a limit of wrong passwords, is told to the person instead of being sat out."""
    hub = FakeHub()
    error = await _error(hub, answer)
    assert (len(hub.asked), hub.slept) == (1, [])
    assert error.retry_after in (600.0, 60.0, 1.0)


async def test_the_hub_sees_the_person() -> None:
    """Address, browser, language, space and token are passed on; empty ones are left out."""
    hub = FakeHub()
    hub.on("GET", ME, {})
    await hub.api().accounts.show_me(space="s9")
    sent = hub.asked[0].headers
    assert sent["X-Forwarded-For"] == "192.0.2.7"
    assert (sent["User-Agent"], sent["Accept-Language"], sent["X-Homie-Space"]) == ("Tester/1", "de", "s9")
    assert sent["Authorization"] == "Bearer hma_1"


async def test_public_calls_carry_no_token() -> None:
    """Logging in works without tokens, and sends none."""
    hub = FakeHub()
    hub.on("GET", "/api/v1/accounts/setup", {"state": "open"})
    await HomieApi(hub.transport()).accounts.show_setup()
    assert "Authorization" not in hub.asked[0].headers


async def test_a_call_without_device_asks_nobody() -> None:
    """Without log-in nothing is sent."""
    hub = FakeHub()
    with pytest.raises(LoggedOut):
        await HomieApi(hub.transport()).jobs.list_jobs()
    assert hub.asked == []


async def test_queries_leave_out_what_was_not_given() -> None:
    """None is not sent; booleans are written as the hub reads them."""
    hub = FakeHub()
    hub.on("GET", JOBS, page())
    await hub.api().jobs.list_jobs(live=True, limit=5)
    assert dict(hub.asked[0].url.params) == {"live": "true", "limit": "5"}


def _refusing_old(request: httpx.Request) -> Any:
    return {"n": 1} if request.headers["Authorization"] == "Bearer hma_2" else refusal(401, "not_authenticated")


async def test_many_calls_refresh_once() -> None:
    """Twenty calls that find their token ended ask for one new one, and all succeed."""
    hub = FakeHub()
    hub.on("GET", ME, _refusing_old)
    hub.on("POST", REFRESH, tokens(2))
    api = hub.api()
    answers = await asyncio.gather(*(api.accounts.show_me() for _ in range(20)))
    assert answers == [{"n": 1}] * 20
    assert hub.bodies("POST", REFRESH) == [{"refresh_token": "hmr_1"}]


async def test_a_refused_refresh_logs_out_once() -> None:
    """When the device has ended, every waiting call says so, and the session hears it once."""
    hub = FakeHub()
    hub.on("GET", ME, lambda _: refusal(401, "not_authenticated"))
    hub.on("POST", REFRESH, lambda _: refusal(401, "token_reused"))
    made = hub.signed_in()
    heard: list[str] = []
    made.on_logged_out = lambda why: heard.append(why.code)
    api = HomieApi(made._transport)
    ends = await asyncio.gather(*(api.accounts.show_me() for _ in range(5)), return_exceptions=True)
    assert all(isinstance(one, LoggedOut) for one in ends)
    assert heard == ["token_reused"]
    assert len(hub.calls("POST", REFRESH)) == 1


async def test_no_network_while_refreshing_logs_nobody_out() -> None:
    """A refresh that nobody answers is offline, not the end of the device."""
    hub = FakeHub()
    hub.on("GET", ME, _refusing_old)
    hub.on("POST", REFRESH, [*[httpx.ReadError("cut")] * 3, tokens(2)])
    api = hub.api()
    with pytest.raises(Offline):
        await api.accounts.show_me()
    assert await api.accounts.show_me() == {"n": 1}


async def test_an_answer_for_the_person_before_is_dropped() -> None:
    """What arrives after a log-out never reaches the screen of whoever comes next."""
    hub = FakeHub()
    gate = asyncio.Event()

    async def slow() -> Any:
        await gate.wait()
        return {"secret": 1}

    hub.on("GET", ME, lambda _: slow())
    made = hub.signed_in()
    call = asyncio.create_task(HomieApi(made._transport).accounts.show_me())
    await asyncio.sleep(0)
    await made.end()
    gate.set()
    with pytest.raises(LoggedOut):
        await call


async def test_a_file_streams() -> None:
    """A download comes in chunks; a refused one is an error in the one shape."""
    hub = FakeHub()
    path = "/api/v1/owners/o1/exports/x1"
    hub.on("GET", path, httpx.Response(200, content=b"zip"))
    assert b"".join([one async for one in hub.api().owners.download_export("o1", "x1")]) == b"zip"
    hub.on("GET", path, refusal(404, "not_found"))
    with pytest.raises(ApiError, match="not_found"):
        _ = [one async for one in hub.api().owners.download_export("o1", "x1")]
