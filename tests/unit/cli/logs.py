"""Small logs as the kernel writes them, for whoever recomputes them apart from it."""

from uuid import UUID

from eventlog.envelope import Cause, instant, seal
from eventlog.tlog.tree import Tree, leaf_hash
from localpound.verify.log_check import Head
from tests.builders import NOON, SALFORD, actor, payment_matched, payment_recorded

COMMAND = UUID("0198f6c2-0000-7000-8000-000000000001")


def envelopes(payments: int, *, first: int = 0) -> list[bytes]:
    """Two events a payment: recorded, then matched."""
    facts = [
        (f"payment/P{number}", version, fact)
        for number in range(first, first + payments)
        for version, fact in enumerate(
            (payment_recorded(payment_id=f"P{number}"), payment_matched(payment_id=f"P{number}")), start=1
        )
    ]
    return [
        seal(
            fact,
            service="spend",
            organisation=SALFORD,
            stream=stream,
            version=version,
            ordinal=2 * first + ordinal,
            actor=actor(),
            cause=Cause(command_id=COMMAND, correlation_id=COMMAND),
            happened_at=instant(NOON),
            recorded_at=instant(NOON),
        )
        for ordinal, (stream, version, fact) in enumerate(facts)
    ]


def head_of(values: list[bytes]) -> Head:
    """The head as the kernel's own tree has it."""
    tree = Tree().grown(map(leaf_hash, values))
    return Head(SALFORD, "spend", tree.size, tree.root())
