"""How the broker is reached, and what only its administration can tell: topic ids and end offsets."""

import asyncio
import ssl
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from confluent_kafka import TopicCollection, TopicPartition
from confluent_kafka.admin import AdminClient, OffsetSpec
from faststream.security import BaseSecurity, SASLScram512

MECHANISM = "SCRAM-SHA-512"
MASK = 0xFFFFFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Kafka:
    """A broker's address and who we are there; without a user name, PLAINTEXT."""

    servers: str
    username: str = ""
    password: str = ""
    protocol: str = "SASL_PLAINTEXT"

    @property
    def secured(self) -> bool:
        """Whether we give a name and a password."""
        return self.protocol != "PLAINTEXT" and self.username != ""

    def client(self) -> dict[str, Any]:
        """Arguments of an aiokafka producer or consumer."""
        if not self.secured:
            return {"bootstrap_servers": self.servers}
        return {
            "bootstrap_servers": self.servers,
            "security_protocol": self.protocol,
            "sasl_mechanism": MECHANISM,
            "sasl_plain_username": self.username,
            "sasl_plain_password": self.password,
            "ssl_context": self._ssl(),
        }

    def broker_security(self) -> BaseSecurity | None:
        """The same, as FastStream wants it."""
        if not self.secured:
            return None
        return SASLScram512(
            self.username,
            self.password,
            ssl_context=self._ssl(),
            use_ssl=self.protocol == "SASL_SSL",
        )

    def administration(self) -> dict[str, Any]:
        """The same, as librdkafka wants it."""
        common = {"bootstrap.servers": self.servers, "socket.timeout.ms": 5_000, "log_level": 0}
        if not self.secured:
            return common
        return {
            **common,
            "security.protocol": self.protocol,
            "sasl.mechanism": MECHANISM,
            "sasl.username": self.username,
            "sasl.password": self.password,
        }

    def _ssl(self) -> ssl.SSLContext | None:
        return ssl.create_default_context() if self.protocol == "SASL_SSL" else None


@dataclass(frozen=True, slots=True)
class Topic:
    """What the broker says of a topic; the id changes when the topic is made again."""

    name: str
    topic_id: str
    ends: dict[int, int]
    """The offset that each partition's next record will have."""


class Topics:
    """Asks the broker about topics, in a thread: aiokafka's protocol is too old to carry topic ids."""

    def __init__(self, kafka: Kafka) -> None:
        self._kafka = kafka
        self._client: AdminClient | None = None

    async def describe(self, names: Iterable[str]) -> dict[str, Topic]:
        """The topics that exist. Raises KafkaException when the broker does not answer."""
        return await asyncio.to_thread(self._describe, list(names))

    def _describe(self, names: list[str]) -> dict[str, Topic]:
        if self._client is None:
            self._client = AdminClient(self._kafka.administration())
        found = {}
        asked = self._client.describe_topics(TopicCollection(names), request_timeout=5)
        for name, future in asked.items():
            topic = future.result()
            places = [TopicPartition(name, part.id) for part in topic.partitions]
            ends = self._client.list_offsets(dict.fromkeys(places, OffsetSpec.latest()), request_timeout=5)
            found[name] = Topic(
                name,
                str(topic.topic_id),
                {place.partition: end.result().offset for place, end in ends.items()},
            )
        return found


@lru_cache(maxsize=65_536)
def partition_of(stream: str, partitions: int) -> int:
    """Where Kafka's default partitioner puts a key: murmur2, as in every other client."""
    return (murmur2(stream.encode()) & 0x7FFFFFFF) % partitions


def murmur2(key: bytes) -> int:
    """Kafka's murmur2 of a key, as an unsigned 32-bit number."""
    length = len(key)
    tail = length & 3
    hashed = 0x9747B28C ^ length
    for word in memoryview(key[: length - tail]).cast("I"):
        mixed = word * 0x5BD1E995 & MASK
        mixed = (mixed ^ mixed >> 24) * 0x5BD1E995 & MASK
        hashed = hashed * 0x5BD1E995 & MASK ^ mixed
    if tail:
        rest = int.from_bytes(key[length - tail :], "little")
        hashed = (hashed ^ rest) * 0x5BD1E995 & MASK
    hashed = (hashed ^ hashed >> 13) * 0x5BD1E995 & MASK
    return hashed ^ hashed >> 15
