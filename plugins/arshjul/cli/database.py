"""``arshjul db``: the embedded PostgreSQL and its schema."""

from __future__ import annotations

import typer

from arshjul.cli.application import AsJson, app, say, show
from arshjul.settings import load_settings
from arshjul.warehouse import server
from arshjul.warehouse.engine import database_url, ensure_database
from arshjul.warehouse.migrations import migrate

database = typer.Typer(help="The embedded PostgreSQL and its schema.", no_args_is_help=True)
app.add_typer(database, name="db")


@database.command()
def up() -> None:
    """Start the embedded PostgreSQL (nothing to do when another server is named)."""
    ensure_database(load_settings())
    say("Databasen är igång.")


@database.command()
def down() -> None:
    """Stop the embedded PostgreSQL."""
    settings = load_settings()
    stopped = settings.database_url is None and server.down(settings.server_root)
    say("Databasen är stoppad." if stopped else "Databasen var inte igång.")


@database.command()
def url(json: AsJson = False) -> None:
    """Print the database's URL."""
    told = database_url(load_settings())
    show({"url": told}, json, told)


@database.command("migrate")
def migrate_database(json: AsJson = False) -> None:
    """Bring the schema up to date."""
    settings = load_settings()
    ensure_database(settings)
    done = migrate(settings)
    show({"kort": done}, json, "\n".join(done) if done else "Schemat är redan aktuellt.")
