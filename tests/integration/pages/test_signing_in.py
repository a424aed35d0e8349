"""How a person's visit begins and ends, and that it opens no other door."""

import httpx

from tests.builders import SALFORD
from tests.gateway import PUBLIC_URL, SECRETS, Gateway
from tests.integration.pages.conftest import PEOPLE
from tests.integration.pages.reading import text

HOME = f"/organisations/{SALFORD}"


async def test_signing_in_and_out(site: Gateway) -> None:
    transport = httpx.ASGITransport(site.app)
    async with httpx.AsyncClient(transport=transport, base_url=PUBLIC_URL, headers=PEOPLE) as browser:
        wrong = await browser.post("/sign-in", data={"client_id": "officer", "client_secret": "x" * 30})
        assert (wrong.status_code, browser.cookies) == (401, httpx.Cookies())
        right = await browser.post("/sign-in", data={"client_id": "officer", "client_secret": SECRETS["officer"]})
        cookie = right.headers["set-cookie"]
        assert (right.status_code, right.headers["location"]) == (303, "/visit")
        assert "HttpOnly" in cookie
        assert "SameSite=lax" in cookie
        assert SECRETS["officer"] not in cookie
        assert "for Devon County Council" in text((await browser.get("/visit")).text)
        assert (await browser.post("/visit", data={"organisation": "GB-LAE-XXX"})).status_code == 403
        assert (await browser.post("/visit", data={"organisation": SALFORD})).headers["location"] == HOME
        assert (await browser.get(f"{HOME}/files")).status_code == 200
        foreign = {"Sec-Fetch-Site": "cross-site"}
        assert (await browser.post("/sign-out", headers=foreign)).status_code == 403
        origin = {"Origin": "https://elsewhere.example"}
        assert (await browser.post("/sign-out", headers=origin)).status_code == 403
        await browser.post("/sign-out")
        assert (await browser.get(f"{HOME}/files")).status_code == 401


async def test_a_visit_opens_no_other_door_and_ends_with_the_key(site: Gateway, officer: httpx.AsyncClient) -> None:
    visit = officer.cookies["localpound_visit"]
    answer = await site.http.get("/accounts", headers={"Authorization": f"Bearer {visit}"})
    assert answer.status_code == 401
    token = await site.headers("officer", SALFORD)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(site.app), base_url=PUBLIC_URL) as program:
        assert (await program.get(f"{HOME}/files.csv", headers=token)).status_code == 200
        program.cookies.set("localpound_visit", token["Authorization"].partition(" ")[2])
        assert (await program.get(f"{HOME}/files.csv")).status_code == 401
