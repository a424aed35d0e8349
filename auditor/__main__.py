"""Recompute a council's figures from its exported log, without trusting or using anything that wrote it.

    localpound export FOLDER -o GB-LAE-SLF
    python -m auditor FOLDER GB-LAE-SLF --paid-from 2021-04-01 --paid-to 2022-03-31

It needs this folder, Python 3.11 and nothing else. It reads the log of the spend service as C2SP tlog-tiles, recomputes
the Merkle tree over every event (RFC 6962, 2.1) and compares it with the checkpoint; checks that every stream's versions
follow each other; and folds the events of each payment into what is known of it, now or on an earlier day. Of the
payments of a period it tells the population, how much of it is contract spend and on which answer, file by file what
was stated and what is found, what persons decided against the rules, whether each published file is what the log held
when it was approved, and a monetary-unit sample.

It cannot tell that a log was cut short and given a new checkpoint: keep the sizes and roots that you have seen, and give
a total from outside. Money is whole pence. Exit codes: 0 all agrees; 1 the files cannot be read; 2 something contradicts: the tree, a stream,
a file's control total, a published file, or the total given from outside.
"""

import argparse
import json
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from auditor.ledger import by_file, figures, population, read, sample
from auditor.log import Unreadable


def reperform(options: argparse.Namespace) -> dict[str, Any]:
    """Everything that was asked for. Raises Unreadable."""
    ledger = read(options.folder, options.organisation, options.known_at)
    payments = population(ledger, options.paid_from, options.paid_to)
    answer: dict[str, Any] = {
        "organisation": options.organisation, "events": ledger.events, "known_at": options.known_at,
        "paid_from": options.paid_from, "paid_to": options.paid_to, **figures(payments), "decided": ledger.decided,
    }  # fmt: skip
    answer["published"] = ledger.published.editions
    faults = [*ledger.faults, *ledger.published.faults, *(by_file(ledger) if options.known_at is None else [])]
    if options.control_total is not None and options.control_total != answer["population"]["pence"]:
        difference = options.control_total - answer["population"]["pence"]
        faults.append(f"the total from outside is {options.control_total} pence, {difference} more than the population")
    if options.sample:
        answer["sample"] = sample(payments, options.sample, options.seed)
    return {**answer, "faults": faults}


def _day(text: str) -> str:
    return date.fromisoformat(text).isoformat()


def _instant(text: str) -> str:
    """As the log writes instants, so that they can be compared as text."""
    return datetime.fromisoformat(text).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def main() -> int:
    """Recompute, print, and say by the exit code whether all agrees."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path, help="what `localpound export FOLDER` wrote")
    parser.add_argument("organisation", help="as GB-LAE-SLF")
    parser.add_argument("--paid-from", type=_day, help="the first day of payment, as 2021-04-01")
    parser.add_argument("--paid-to", type=_day, help="the last day of payment")
    parser.add_argument("--known-at", type=_instant, help="as was known then: 2022-03-31T23:59:59+01:00")
    parser.add_argument("--control-total", type=int, metavar="PENCE", help="the ledger's total of the period")
    parser.add_argument("--sample", type=int, metavar="N", help="draw a monetary-unit sample of about so many")
    parser.add_argument("--seed", type=int, default=1, help="of the sample's start")
    try:
        answer = reperform(parser.parse_args())
    except Unreadable as error:
        sys.stderr.write(f"{error}\n")
        return 1
    json.dump(answer, sys.stdout, indent=2)
    sys.stdout.write("\n")
    return 2 if answer["faults"] else 0


if __name__ == "__main__":
    sys.exit(main())
