"""Makes the topics and access lists that schemas/topics.yaml declares: `python -m deploy.create_topics`.

Reads KAFKA_SERVERS and, where the broker asks for passwords, KAFKA_ADMIN_USERNAME and
KAFKA_ADMIN_PASSWORD (SCRAM-SHA-512), KAFKA_PROTOCOL. What is there already stays as it is.
"""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import (
    AclBinding,
    AclOperation,
    AclPermissionType,
    AdminClient,
    NewTopic,
    ResourcePatternType,
    ResourceType,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

DECLARED = Path(__file__).parents[1] / "schemas" / "topics.yaml"
SETTINGS = {"retention.ms": "-1", "retention.bytes": "-1", "cleanup.policy": "delete", "compression.type": "producer"}


USERS = ("contracts", "spend", "social_value", "reporting", "gateway", "integration")


def create_users(servers: str, username: str, password: str, protocol: str, users: Mapping[str, str]) -> None:
    """The processes' users (name → password), for SCRAM-SHA-512. Raises KafkaException."""
    admin = _admin(servers, username, password, protocol)
    wanted = [
        UserScramCredentialUpsertion(user, ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), secret.encode())
        for user, secret in users.items()
    ]
    for future in admin.alter_user_scram_credentials(wanted).values():
        future.result(30)


def _admin(servers: str, username: str, password: str, protocol: str) -> AdminClient:
    security = {
        "security.protocol": protocol, "sasl.mechanism": "SCRAM-SHA-512",
        "sasl.username": username, "sasl.password": password,
    }  # fmt: skip
    return AdminClient({"bootstrap.servers": servers, "log_level": 0, **(security if username else {})})


def create(servers: str, username: str = "", password: str = "", protocol: str = "SASL_PLAINTEXT") -> None:
    """Topics, and access lists where the broker has users. Raises KafkaException."""
    declared = yaml.safe_load(DECLARED.read_text())
    admin = _admin(servers, username, password, protocol)
    topics = [NewTopic(name, declared["partitions"], 1, config=SETTINGS) for name in declared["topics"]]
    for future in admin.create_topics(topics).values():
        try:
            future.result(30)
        except KafkaException as error:
            if error.args[0].code() != KafkaError.TOPIC_ALREADY_EXISTS:
                raise
    if username:
        for future in admin.create_acls(access_lists(declared)).values():
            future.result(30)


def access_lists(declared: dict[str, Any]) -> list[AclBinding]:
    """Who may do what: a producer writes and, as a rule, reads back its own topic, a consumer reads."""
    found = [
        _allow(producer, ResourceType.BROKER, "kafka-cluster", AclOperation.IDEMPOTENT_WRITE)
        for producer in {topic["producer"] for topic in declared["topics"].values()}
    ]
    read, write = (AclOperation.READ, AclOperation.DESCRIBE), AclOperation.WRITE
    for name, topic in declared["topics"].items():
        own = (write, *read) if topic.get("reads_back", True) else (write, AclOperation.DESCRIBE)
        found += [_allow(topic["producer"], ResourceType.TOPIC, name, operation) for operation in own]
        for consumer in topic["consumers"]:
            found += [_allow(consumer, ResourceType.TOPIC, name, operation) for operation in read]
    for consumer, prefix in declared["groups"].items():
        found.append(_allow(consumer, ResourceType.GROUP, prefix, AclOperation.READ, ResourcePatternType.PREFIXED))
    return found


def _allow(
    user: str,
    kind: ResourceType,
    name: str,
    operation: AclOperation,
    pattern: ResourcePatternType = ResourcePatternType.LITERAL,
) -> AclBinding:
    return AclBinding(kind, name, pattern, f"User:{user}", "*", operation, AclPermissionType.ALLOW)


if __name__ == "__main__":
    create(
        os.environ["KAFKA_SERVERS"],
        os.environ.get("KAFKA_ADMIN_USERNAME", ""),
        os.environ.get("KAFKA_ADMIN_PASSWORD", ""),
        os.environ.get("KAFKA_PROTOCOL", "SASL_PLAINTEXT"),
    )
