"""What is said of a verification, on a terminal and as JSON."""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from localpound.screen import numbers, table
from localpound.verify.findings import Finding, Gravity, verdict
from localpound.verify.run import UNDETECTABLE, Verification

VERDICTS = {
    Gravity.INTACT: "Intact: every leaf, tree and stream version is as recorded.",
    Gravity.CONTRADICTS: "CONTRADICTED: bytes, order or numbers are not as recorded.",
    Gravity.UNREAD: "Nothing contradicts what is recorded, but not everything could be read or is there yet.",
}
SHOWN = 30


@dataclass(frozen=True, slots=True)
class ReadModelResult:
    """A read model's tables, by digest: as they stood, and as they come out of the events."""

    name: str
    digests: Mapping[str, str]
    rebuilt_digests: Mapping[str, str]
    findings: tuple[Finding, ...]


def all_findings(sources: Sequence[Verification], models: Sequence[ReadModelResult]) -> list[Finding]:
    """Everything that was found, in the order in which it was looked at."""
    parts = [*(source.findings for source in sources), *(model.findings for model in models)]
    return [finding for findings in parts for finding in findings]


def document(sources: Sequence[Verification], models: Sequence[ReadModelResult]) -> dict[str, object]:
    """The whole as one JSON document."""
    outcome = verdict(all_findings(sources, models))
    return {
        "verdict": outcome.name.lower(),
        "exit_code": int(outcome),
        "sources": [
            {
                "source": source.source,
                "logs": [
                    {
                        "log": log.log,
                        "events": log.events,
                        "streams": log.streams,
                        "root": _base64(log.root),
                        "recorded_root": _base64(log.recorded_root),
                    }
                    for log in source.logs
                ],
                "findings": [_finding(finding) for finding in source.findings],
            }
            for source in sources
        ],
        "read_models": [
            {
                "name": model.name,
                "digests": dict(model.digests),
                "rebuilt_digests": dict(model.rebuilt_digests),
                "findings": [_finding(finding) for finding in model.findings],
            }
            for model in models
        ],
        "cannot_detect": UNDETECTABLE,
    }


def _base64(root: bytes | None) -> str | None:
    return None if root is None else b64encode(root).decode()


def _finding(finding: Finding) -> dict[str, str]:
    return {"gravity": finding.gravity.name.lower(), "where": finding.where, "what": finding.what}


def show(console: Console, sources: Sequence[Verification], models: Sequence[ReadModelResult]) -> None:
    """Tables of what was recomputed, then what was found, then what that means."""
    for source in sources:
        if source.logs:
            console.print(_log_table(source))
        elif not source.findings:
            console.print(f"{source.source}: no log yet.\n")
    if models:
        console.print(_model_table(models))
    findings = all_findings(sources, models)
    for finding in findings[:SHOWN]:
        colour = "red" if finding.gravity is Gravity.CONTRADICTS else "yellow"
        console.print(f"[{colour}]{finding.where}[/{colour}]: {finding.what}", soft_wrap=True)
    if len(findings) > SHOWN:
        console.print(f"… and {len(findings) - SHOWN:,} more; --json lists them all.")
    outcome = verdict(findings)
    style = {Gravity.INTACT: "bold green", Gravity.CONTRADICTS: "bold red", Gravity.UNREAD: "bold yellow"}
    console.print(f"\n[{style[outcome]}]{VERDICTS[outcome]}[/]")
    console.print(UNDETECTABLE)


def _log_table(source: Verification) -> Table:
    made = numbers(table(f"Recomputed from {source.source}", "log", "root"), "events", "streams")
    for log in source.logs:
        state = "as recorded" if log.recorded_root == log.root else "[red]NOT as recorded[/red]"
        if log.recorded_root is None:
            state = "none recorded to compare"
        made.add_row(log.log, f"{_base64(log.root)}\n[dim]{state}[/dim]", f"{log.events:,}", f"{log.streams:,}")
    return made


def _model_table(models: Sequence[ReadModelResult]) -> Table:
    made = table("Read models, built anew beside the live ones", "read model", "table", "digest", "rebuilt")
    for model in models:
        for name, digest in sorted(model.digests.items()):
            same = model.rebuilt_digests.get(name) == digest
            made.add_row(model.name, name, f"{digest[:16]}…", "the same" if same else "[red]another[/red]")
    return made
