"""What a partition lacks, asked from the service that published it: its log feed over HTTP."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import httpx

from eventlog.errors import LossDetectedError
from eventlog.feed import PLATFORM
from eventlog.records import Record, from_feed


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How a process gets a token of its own; without a token address, it asks without one."""

    token_url: str = ""
    client_id: str = ""
    client_secret: str = ""


class FeedReader:
    """Fills gaps; `feeds` gives each service's base address."""

    def __init__(self, feeds: Mapping[str, str], access: Access | None = None) -> None:
        self._feeds = feeds
        self._access = access or Access()
        self._token: str | None = None

    async def fill(self, topic: str, partition: int, first: int, count: int) -> list[Record]:
        """Records by relay number. Raises LossDetectedError when the feed cannot give them."""
        base = self._feeds.get(topic.partition(".")[0])
        if base is None:
            raise LossDetectedError(f"no feed is given for {topic}")
        try:
            async with asyncio.timeout(60), httpx.AsyncClient(timeout=30, trust_env=False) as client:
                given = await self._ask(client, f"{base}/log/partitions/{partition}", first, count)
                records = [from_feed(topic, partition, one) for one in given]
        except (httpx.HTTPError, TimeoutError, KeyError, TypeError, ValueError) as error:
            raise LossDetectedError(f"the feed of {topic} does not answer: {error}") from error
        wanted = list(range(first, first + len(records)))
        if not records or [record.number for record in records] != wanted:
            raise LossDetectedError(f"the feed of {topic} lacks {first} of partition {partition} too")
        return records

    async def _ask(self, client: httpx.AsyncClient, url: str, first: int, count: int) -> list[dict[str, object]]:
        answer = await self._get(client, url, first, count)
        if answer.status_code == 401:
            self._token = None
            answer = await self._get(client, url, first, count)
        records: list[dict[str, object]] = answer.raise_for_status().json()["records"]
        return records

    async def _get(self, client: httpx.AsyncClient, url: str, first: int, count: int) -> httpx.Response:
        if self._token is None and self._access.token_url:
            self._token = await self._new_token(client)
        held = {"authorization": f"Bearer {self._token}"} if self._token else {}
        return await client.get(url, params={"first": first, "count": count}, headers=held)

    async def _new_token(self, client: httpx.AsyncClient) -> str:
        answer = await client.post(
            self._access.token_url,
            data={
                "grant_type": "client_credentials",
                "client_id": self._access.client_id,
                "client_secret": self._access.client_secret,
                "organisation": PLATFORM,
            },
        )
        return str(answer.raise_for_status().json()["access_token"])
