"""up, down, status, reset: the local stack on the command line."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Mapping
from typing import Annotated, Any, NoReturn

import httpx
import typer
from rich.table import Table

from localpound.screen import AsJson, err, out, print_document
from localpound.stack import children, processes
from localpound.stack.home import Home, find_home
from localpound.stack.supervisor import Stack, disk_used, process_rows

INCOMPLETE = 3


def register(app: typer.Typer) -> None:
    """Add the stack's commands."""
    for command in (up, down, status, reset):
        app.command()(command)


def fail(message: str, remedy: str) -> NoReturn:
    """Say what is wrong and where to look, and end."""
    err.print(message, style="bold red", markup=False)
    err.print(remedy)
    raise typer.Exit(1)


def up(
    demo: Annotated[bool, typer.Option(help="Load the sample data and show what they say.")] = False,
    detach: Annotated[bool, typer.Option(help="Return once all is ready; stop with `localpound down`.")] = False,
    only_servers: Annotated[bool, typer.Option(help="PostgreSQL and Kafka only.")] = False,
    timings: Annotated[bool, typer.Option(help="Say how long each step took.")] = False,
) -> None:
    """Start the platform on this machine and keep it running until Ctrl-C.

    Example: localpound up --demo
    """
    home = find_home()
    if detach:
        _detach(home, only_servers=only_servers)
        return
    stack = Stack(home, lambda line: out.print(f"[yellow]{line}[/]"))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stack.stopping.set())
    try:
        with out.status("Starting PostgreSQL, Kafka and the services …"):
            stack.up(only_servers=only_servers)
        home.update("done.json", up=os.getpid())
        if timings:
            out.print(stack.timings)
        _greet(home, demo=demo, only_servers=only_servers)
        stack.keep_up()
    except RuntimeError as error:
        fail(str(error), f"Logs: {home.logs}")
    finally:
        with out.status("Stopping …"):
            stack.down()
            home.update("done.json", up=None)


def _greet(home: Home, *, demo: bool, only_servers: bool) -> None:
    if only_servers:
        out.print("PostgreSQL and Kafka are ready. Stop with Ctrl-C.")
        return
    if demo:
        subprocess.run([sys.executable, "-m", "localpound", "demo"], check=False)
    out.print(f"The pages are at [bold]{processes.url(home, 'gateway')}[/]. Stop with Ctrl-C.")


def _detach(home: Home, *, only_servers: bool) -> None:
    home.made()
    home.update("done.json", up=None)
    log = home.logs / "up.log"
    command = [sys.executable, "-m", "localpound", "up", *(["--only-servers"] if only_servers else [])]
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
    while home.read("done.json").get("up") != process.pid:
        if process.poll() is not None:
            fail("The stack did not start.", f"See {log}")
        time.sleep(0.2)
    out.print(f"Up. The pages are at {processes.url(home, 'gateway')}")


def down() -> None:
    """Stop everything of this stack, whoever started it."""
    home = find_home()
    left = children.found(home)
    Stack(home, out.print).down()
    out.print(f"Stopped {len(left)} processes." if left else "Nothing was running.")


def status(as_json: AsJson = False) -> None:
    """Say of each process whether it runs, and how far behind it is; exit 3 when something is not right."""
    home = find_home()
    rows = [
        {**row, **(_told(home, str(row["process"])) if row["state"] == "running" else {})} for row in process_rows(home)
    ]
    report: dict[str, Any] = {"home": str(home.root), "processes": rows, "disk_bytes": disk_used(home.data)}
    if as_json:
        print_document(report)
    else:
        _show(report)
    if any(row["state"] != "running" for row in rows):
        raise typer.Exit(INCOMPLETE)


def _told(home: Home, process: str) -> dict[str, Any]:
    """What a process says of itself."""
    if process not in processes.PROCESSES:
        return {}
    try:
        answer = httpx.get(f"{processes.url(home, process)}/status", timeout=5, trust_env=False)
        told = answer.raise_for_status().json()
    except (httpx.HTTPError, ValueError):
        return {"state": "not answering"}
    log, projections = told.get("log") or {}, told.get("projections") or {}
    read_models = {name: part for name, part in projections.items() if isinstance(part, dict)}
    return {
        "backlog": log.get("backlog"),
        "events": sum((log.get("sizes") or {}).values()),
        "lag": total_lag(read_models.values()),
        "parked": sum(part.get("parked") or 0 for part in read_models.values()),
        "detail": told,
    }


def total_lag(read_models: Iterable[Mapping[str, Any]]) -> int | None:
    """Records that the read models lack together; None when one of them does not know."""
    lags = [part.get("lag") for part in read_models]
    return None if None in lags else sum(sum(lag.values()) for lag in lags if lag)


def _show(report: dict[str, Any]) -> None:
    table = Table(box=None, header_style="bold")
    for name in ("process", "state", "pid", "up (s)", "memory (MB)", "events", "backlog", "lag", "parked"):
        table.add_column(name, justify="left" if name in {"process", "state"} else "right")
    for row in report["processes"]:
        memory = row.get("memory_bytes")
        cells = [row.get(key) for key in ("process", "state", "pid", "up_seconds")]
        lag = "unknown" if row.get("lag", 0) is None else row.get("lag")
        cells += [memory // 2**20 if memory else None, row.get("events"), row.get("backlog"), lag, row.get("parked")]
        table.add_row(*("" if cell is None else str(cell) for cell in cells))
    out.print(table)
    out.print(f"{report['home']}: {report['disk_bytes'] / 2**20:,.0f} MB on disk")


def reset(yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False) -> None:
    """Stop the stack and delete all that it recorded, but not its backups. There is no way back without one."""
    home = find_home()
    if not yes:
        typer.confirm(f"Delete everything under {home.root}?", abort=True)
    Stack(home, out.print).down()
    shutil.rmtree(home.root, ignore_errors=True)
    out.print("Everything of this stack is deleted.")
