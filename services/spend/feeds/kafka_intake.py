"""How do payments come in over Kafka? As through `POST /payments`: the same credential, key, model and decider.

A record of `spend.intake` has as key the organisation, as value the body that the door takes, and two headers,
`authorization` (`Bearer …`, the gateway's token) and `idempotency-key`. What is refused goes to the ledger of rejects
and to `spend.intake.rejects`. A record counts as read once it is recorded or refused: what is delivered again is known
by its key.
"""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import asyncpg
import httpx
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.errors import KafkaError

from doors.idempotency import FORM
from doors.problems import BadRequest
from eventlog.credentials import Credential, NotAllowed, unauthenticated
from eventlog.errors import EventLogError, OversizeFactError, Refused
from eventlog.kafka import Kafka
from eventlog.log import get_logger
from eventlog.sending import make_producer
from eventlog.store import EventLog
from services.spend.feeds import ledger

TOPIC, REJECTS, GROUP = "spend.intake", "spend.intake.rejects", "spend.intake"
BATCH = 100
AGAIN = 2.0  # seconds after which it is tried again when the broker, the database or the keys are away
BEARER = re.compile(r"Bearer ([!-~]{1,8192})")

logger = get_logger()
Verify = Callable[[str], Awaitable[Credential]]
Error = dict[str, str | int]


@dataclass(slots=True)
class Intake:
    """Reads the topic, record by record in the order of each partition."""

    log: EventLog
    kafka: Kafka
    verify: Verify
    taken: int = 0
    refused: int = 0
    _producer: AIOKafkaProducer | None = field(default=None, init=False)

    async def run(self) -> None:
        """Read for ever; whatever is away is waited for."""
        while True:
            try:
                await self._consume()
            except (
                KafkaError, asyncpg.PostgresError, asyncpg.InterfaceError, OSError, httpx.HTTPError, EventLogError,
            ) as error:  # fmt: skip
                logger.warning("intake_waits", reason=type(error).__name__)
                await asyncio.sleep(AGAIN)

    async def status(self) -> Mapping[str, Any]:
        """What came in since the process began."""
        return {"taken": self.taken, "refused": self.refused}

    async def _consume(self) -> None:
        consumer = AIOKafkaConsumer(
            TOPIC, **self.kafka.client(), group_id=GROUP, enable_auto_commit=False, auto_offset_reset="earliest"
        )
        producer = self._producer = make_producer(self.kafka)
        try:
            await producer.start()
            await consumer.start()
            while True:
                batches = await consumer.getmany(timeout_ms=1_000, max_records=BATCH)
                for partition, records in batches.items():
                    await self._read(consumer, partition, records)
        finally:
            await consumer.stop()
            await producer.stop()

    async def _read(self, consumer: AIOKafkaConsumer, partition: TopicPartition, records: list[ConsumerRecord]) -> None:
        for record in records:
            await self.take(record)
        await consumer.commit({partition: records[-1].offset + 1})

    async def take(self, record: ConsumerRecord) -> None:
        """Record what one record says, or refuse it. Raises what is away."""
        credential: Credential | None = None
        headers = {name.lower(): value.decode("latin-1") for name, value in record.headers}
        try:
            credential = await self._who(record, headers)
            key = headers.get("idempotency-key", "")
            if not FORM.fullmatch(key):
                raise BadRequest(
                    400, "idempotency-key", "One header idempotency-key of 1 to 200 visible ASCII characters is needed.",
                    field="idempotency-key",
                )  # fmt: skip
            await ledger.receive(self.log, credential, key, record.value or b"")
            self.taken += 1
        except (BadRequest, Refused, NotAllowed, OversizeFactError) as error:
            await self._refuse(record, credential, headers.get("idempotency-key"), error_of(error))
            self.refused += 1

    async def _who(self, record: ConsumerRecord, headers: Mapping[str, str]) -> Credential:
        """Whom the record's token stands for. Raises NotAllowed, also where its key names another organisation."""
        found = BEARER.fullmatch(headers.get("authorization", ""))
        if found is None:
            raise unauthenticated()
        credential = await self.verify(found[1])
        if (record.key or b"").decode("utf-8", "replace") != credential.organisation:
            raise NotAllowed(403, "wrong-organisation", "The record's key is not the organisation of its token.")
        return credential

    async def _refuse(
        self, record: ConsumerRecord, credential: Credential | None, key: str | None, error: Error
    ) -> None:
        whose = None if credential is None else credential.organisation
        await self.log.pool.execute(
            "INSERT INTO spend.intake_reject"
            " (partition, record_offset, digest, organisation, idempotency_key, error)"
            " VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING",
            record.partition, record.offset, sha256(record.value or b"").digest(), whose, _shown(key),
            json.dumps(error),
        )  # fmt: skip
        told = {
            "partition": record.partition, "offset": record.offset, "organisation": whose,
            "idempotency_key": _shown(key), "error": error,
        }  # fmt: skip
        assert self._producer is not None
        await self._producer.send_and_wait(REJECTS, json.dumps(told, sort_keys=True).encode(), key=record.key)


def _shown(key: str | None) -> str | None:
    return key if key is not None and FORM.fullmatch(key) else None


def error_of(error: BadRequest | Refused | NotAllowed | OversizeFactError) -> Error:
    """The error as the door words it."""
    match error:
        case OversizeFactError():
            return {"code": "too-large", "message": "A payment says more than an event can hold."}
        case NotAllowed():
            return {"code": error.code, "message": str(error)}
    more = {name: getattr(error, name, None) for name in ("line", "field", "remedy")}
    return {"code": error.code, "message": str(error), **{name: value for name, value in more.items() if value}}


async def rejects(log: EventLog, organisation: str | None, after: int, limit: int) -> list[dict[str, Any]]:
    """What was refused, oldest first: an organisation's, or everybody's with what nobody is known to have sent."""
    rows = await log.pool.fetch(
        "SELECT reject_id, partition, record_offset, organisation, idempotency_key, error, refused_at"
        " FROM spend.intake_reject WHERE ($1::text IS NULL OR organisation = $1) AND reject_id > $2"
        " ORDER BY reject_id LIMIT $3",
        organisation,
        after,
        limit,
    )
    return [
        {
            "reject_id": row["reject_id"],
            "partition": row["partition"],
            "offset": row["record_offset"],
            "organisation": row["organisation"],
            "idempotency_key": row["idempotency_key"],
            "refused_at": row["refused_at"].isoformat(),
            "error": json.loads(row["error"]),
        }
        for row in rows
    ]
