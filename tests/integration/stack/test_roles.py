"""Each role tries what is not its own, in PostgreSQL and on Kafka."""

import asyncpg
import pytest
from confluent_kafka import Consumer, KafkaException, Producer, TopicPartition
from confluent_kafka.admin import AdminClient, NewTopic

from deploy.roles import READER, RUNTIME
from localpound.stack.testing import Servers

LOGS = {database: role for database, role in RUNTIME.items() if database != "reporting"}
FORBIDDEN = (
    "UPDATE eventlog.event SET envelope = '{}'",
    "DELETE FROM eventlog.event",
    "TRUNCATE eventlog.event",
    "UPDATE eventlog.run SET first_index = 0",
    "DELETE FROM eventlog.run",
    "TRUNCATE eventlog.run",
    "DELETE FROM eventlog.tree",
    "ALTER TABLE eventlog.event DISABLE TRIGGER ALL",
    "DROP TABLE eventlog.event",
    "CREATE TABLE eventlog.mine (x int)",
    "SET session_replication_role = replica",
    "COPY eventlog.event TO PROGRAM 'cat'",
)


@pytest.mark.parametrize("database", LOGS)
@pytest.mark.parametrize("statement", FORBIDDEN)
async def test_no_runtime_role_can_change_what_was_recorded(running: Servers, database: str, statement: str) -> None:
    conn = await asyncpg.connect(running.url(LOGS[database], database))
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await conn.execute(statement)
    finally:
        await conn.close()


@pytest.mark.parametrize("role", [*RUNTIME.values(), READER])
async def test_no_role_reaches_another_services_database(running: Servers, role: str) -> None:
    own = {database for database, runtime in RUNTIME.items() if runtime == role}
    if role == READER:
        own = {"reporting"}
    for database in {*RUNTIME, "postgres"} - own:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await asyncpg.connect(running.url(role, database))


async def test_a_wrong_password_opens_nothing(running: Servers) -> None:
    url = running.url("spend", "spend").replace(running.home.secret("postgres-spend"), "wrong")
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(url)


async def test_the_gateways_reader_changes_nothing(running: Servers) -> None:
    conn = await asyncpg.connect(running.url(READER, "reporting"))
    for statement in ("DELETE FROM projection.position", "CREATE SCHEMA mine", "SELECT value FROM projection.parked"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await conn.execute(statement)
    await conn.close()


def security(running: Servers, user: str, password: str | None = None) -> dict[str, str]:
    return {
        "bootstrap.servers": running.kafka_servers,
        "security.protocol": "SASL_PLAINTEXT",
        "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": user,
        "sasl.password": password or running.kafka_password(user),
        "log_level": "0",
    }


TOPICS = ("contracts.events", "spend.events", "social_value.events", "access.events")
WRITES = {
    "contracts": {"contracts.events"},
    "spend": {"spend.events"},
    "social_value": {"social_value.events"},
    "gateway": {"access.events"},
    "reporting": set(),
}
READS = {**WRITES, "spend": {"spend.events", "contracts.events"}, "reporting": set(TOPICS)}


@pytest.mark.parametrize("user", WRITES)
def test_a_user_writes_only_its_own_topic(running: Servers, user: str) -> None:
    producer = Producer({**security(running, user), "message.timeout.ms": 8_000})
    failed: set[str] = set()
    sent: set[str] = set()
    for topic in TOPICS:
        if topic not in WRITES[user]:
            producer.produce(
                topic, b"forged", on_delivery=lambda error, message: (failed if error else sent).add(message.topic())
            )
    producer.flush(15)
    assert sent == set()
    assert failed == set(TOPICS) - WRITES[user]


@pytest.mark.parametrize("user", READS)
def test_a_user_reads_only_what_it_subscribes_to(running: Servers, user: str) -> None:
    for topic in TOPICS:
        consumer = Consumer({**security(running, user), "group.id": f"{user}.test", "enable.auto.commit": False})
        if topic in READS[user]:
            assert consumer.get_watermark_offsets(TopicPartition(topic, 0), timeout=10) is not None
        else:
            with pytest.raises(KafkaException):
                consumer.get_watermark_offsets(TopicPartition(topic, 0), timeout=10)
        consumer.close()


def test_no_user_but_the_stacks_own_makes_topics(running: Servers) -> None:
    admin = AdminClient(security(running, "spend"))
    with pytest.raises(KafkaException, match="AUTHORIZATION"):
        admin.create_topics([NewTopic("mine", 1, 1)])["mine"].result(15)


def test_a_wrong_password_is_refused_by_the_broker(running: Servers) -> None:
    admin = AdminClient(security(running, "spend", "wrong"))
    with pytest.raises(KafkaException):
        admin.list_topics(timeout=5)
