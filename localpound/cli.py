"""The command `localpound`: every part adds its own commands."""

import pkgutil
from importlib import import_module

import typer

from localpound import commands
from localpound.stack import commands as stack

app = typer.Typer(
    name="localpound",
    help="One record of where a council's money goes. Every command takes --help.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)


def _assemble() -> None:
    stack.register(app)
    for found in sorted(pkgutil.iter_modules(commands.__path__), key=lambda module: module.name):
        module = import_module(f"localpound.commands.{found.name}")
        part = getattr(module, "app", None)
        if isinstance(part, typer.Typer):
            app.add_typer(part)


def main() -> None:
    """Run the command line."""
    _assemble()
    app()
