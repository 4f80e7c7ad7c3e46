from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.bootstrap import House
from bot.gateway.desk import COOKIE, TOKEN
from bot.gateway.desk_routes import STAFF
from bot.gateway.server import build
from tests.gateway.desk import PASSWORD, Colleague, account, browser, code, log_in, token_of

FOREIGN = "https://ond.example"


@pytest.fixture
async def kari(client: Any, house: House) -> AsyncIterator[Colleague]:
    colleague = await log_in(client, house, "kari", "helpline")
    yield colleague
    await colleague.client.close()


def _path(route: Any) -> str:
    return str(route.path).replace("{", "").replace("}", "")


WRITING = [route for route in STAFF if route.method != "GET"]


@pytest.mark.parametrize("route", STAFF, ids=lambda route: f"{route.method} {route.path}")
async def test_nothing_is_open_without_a_session(client: Any, route: Any) -> None:
    origin = str(client.make_url("/")).rstrip("/")
    for headers in ({"Origin": origin}, {"Origin": origin, "Cookie": f"{COOKIE}=feil", TOKEN: "feil"}):
        response = await client.request(route.method, _path(route), json={}, headers=headers, allow_redirects=False)
        assert response.status in (401, 403)
        assert (await response.json())["error"]["code"] in ("not_logged_in", "form_token_wrong")


@pytest.mark.parametrize("route", WRITING, ids=lambda route: f"{route.method} {route.path}")
async def test_no_change_from_another_site_or_without_the_token(kari: Colleague, route: Any) -> None:
    for headers, wanted in (
        ({"Origin": FOREIGN, TOKEN: kari.token}, "origin_refused"),
        ({TOKEN: kari.token}, "origin_refused"),
        ({"Origin": "null", TOKEN: kari.token}, "origin_refused"),
        ({"Origin": kari.origin}, "form_token_wrong"),
        ({"Origin": kari.origin, TOKEN: "0" * 64}, "form_token_wrong"),
        ({"Origin": kari.origin, TOKEN: kari.token, "Sec-Fetch-Site": "cross-site"}, "origin_refused"),
    ):
        response = await kari.client.request(route.method, _path(route), json={}, headers=headers)
        assert (response.status, (await response.json())["error"]["code"]) == (403, wanted)
    assert (await kari.get("hendelser")).status == 403
    assert "Logg ut" in await (await kari.client.get("/konsoll")).text()


async def test_log_in_from_another_site_is_refused(client: Any, house: House) -> None:
    await account(house, "kari", "helpline")
    form = {"name": "kari", "password": PASSWORD}
    for headers in ({"Origin": FOREIGN}, {}):
        response = await client.post("/konsoll/inn", data=form, headers=headers, allow_redirects=False)
        assert response.status == 403
        assert "Set-Cookie" not in response.headers


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client: Any, house: House) -> None:
    await account(house, "kari", "helpline")
    origin, form = str(client.make_url("/")).rstrip("/"), {"name": "kari", "password": PASSWORD}
    for proxied, secure in ((None, False), ("https", True)):
        headers = {"Origin": origin, **({"X-Forwarded-Proto": proxied} if proxied else {})}
        response = await client.post("/konsoll/inn", data=form, headers=headers, allow_redirects=False)
        cookie = response.headers["Set-Cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        assert "Path=/konsoll" in cookie
        assert "Max-Age" not in cookie
        assert ("Secure" in cookie) == secure


async def test_a_session_that_lacks_its_code_sees_the_code_page_and_nothing_else(client: Any, house: House) -> None:
    await account(house, "kari", "helpline")
    own = browser(client)
    origin = str(own.make_url("/")).rstrip("/")
    page = await own.post("/konsoll/inn", data={"name": "kari", "password": PASSWORD}, headers={"Origin": origin})
    text = await page.text()
    assert 'autocomplete="one-time-code"' in text
    assert "Logg ut" not in text
    response = await own.post("/konsoll/puls", json={}, headers={"Origin": origin, TOKEN: token_of(text)})
    assert response.status == 401
    before = own.session.cookie_jar.filter_cookies(own.make_url("/konsoll"))[COOKIE].value
    form = {"token": token_of(text), "code": await code(house, "kari")}
    assert (await own.post("/konsoll/kode", data=form, headers={"Origin": origin})).status == 200
    after = own.session.cookie_jar.filter_cookies(own.make_url("/konsoll"))[COOKIE].value
    assert before != after
    await own.close()


async def test_a_wrong_password_an_unknown_name_and_a_locked_account_are_told_apart_by_nobody(
    client: Any, house: House
) -> None:
    await account(house, "kari", "helpline")
    origin, said = str(client.make_url("/")).rstrip("/"), set()
    for name, password in [("ingen", PASSWORD), *[("kari", "noe helt annet")] * 6, ("kari", PASSWORD)]:
        form = {"name": name, "password": password}
        response = await client.post("/konsoll/inn", data=form, headers={"Origin": origin})
        said.add((response.status, (await response.text()).replace(f'value="{name}"', "")))
    assert len(said) == 1


async def test_one_address_gets_only_so_many_attempts(house: House) -> None:
    async with TestClient(TestServer(build(house))) as client:
        origin, form = str(client.make_url("/")).rstrip("/"), {"name": "finnes-ikke", "password": "x" * 500}
        seen = [(await client.post("/konsoll/inn", data=form, headers={"Origin": origin})).status for _ in range(70)]
        assert set(seen) == {403, 429}
        assert seen.index(429) >= 60


async def test_a_role_that_is_taken_away_ends_the_session_at_once(kari: Colleague, house: House) -> None:
    assert (await kari.post("puls", {"active": True})).status == 200
    await house.staff.set_roles("kari", ["editor"])
    assert (await kari.post("puls", {"active": True})).status == 401
    assert 'name="password"' in await (await kari.client.get("/konsoll")).text()


async def test_logging_out_ends_the_session(kari: Colleague) -> None:
    cookie = kari.client.session.cookie_jar.filter_cookies(kari.client.make_url("/konsoll"))[COOKIE].value
    form = {"token": kari.token}
    page = await kari.client.post("/konsoll/ut", data=form, headers={"Origin": kari.origin})
    assert 'name="password"' in await page.text()
    headers = {"Origin": kari.origin, TOKEN: kari.token, "Cookie": f"{COOKIE}={cookie}"}
    assert (await kari.client.post("/konsoll/puls", json={}, headers=headers)).status == 401


async def test_the_log_is_for_leaders_and_tells_who_and_what(client: Any, house: House, kari: Colleague) -> None:
    leader = await log_in(client, house, "leder", "leader")
    page = await leader.client.get("/konsoll/hendelser", headers={"Accept": "text/html"})
    text = await page.text()
    assert page.status == 200
    assert "logget inn" in text
    assert PASSWORD not in text
    refused = await kari.client.get("/konsoll/hendelser", headers={"Accept": "text/html"})
    assert refused.status == 403
    assert "Rollen din gir ikke tilgang" in await refused.text()
    await leader.client.close()


async def test_the_console_is_kept_by_no_browser_and_runs_no_foreign_script(kari: Colleague) -> None:
    for path in ("/konsoll", "/konsoll/fil/style.css", "/konsoll/fil/shell.js"):
        response = await kari.client.get(path)
        assert response.status == 200
        assert response.headers["Cache-Control"] == "no-store"
        policy = response.headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert "http" not in (await response.text()).replace("http://www.w3.org", "")


@pytest.mark.parametrize("name", ["base.html", "..%2f..%2fserver.py", "finnes.js"])
async def test_only_scripts_and_styles_are_served(client: Any, name: str) -> None:
    assert (await client.get(f"/konsoll/fil/{name}")).status == 404


async def test_an_editor_is_sent_to_the_look_up(client: Any, house: House) -> None:
    editor = await log_in(client, house, "redaktor", "editor")
    response = await editor.client.get("/konsoll", allow_redirects=False)
    assert (response.status, response.headers["Location"]) == (303, "/konsoll/oppslag")
    await editor.client.close()
