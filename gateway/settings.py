"""What is the gateway told by its environment?"""

from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import SettingsConfigDict

from eventlog.settings import ServiceSettings


class GatewaySettings(ServiceSettings):
    """`GATEWAY_…`; the database is `access`, the gateway's own."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_prefix="GATEWAY_")

    reporting_url: SecretStr
    """Database reporting, as a role that may read live views and nothing else."""
    doors: dict[str, str]
    """Base addresses of the services' doors, for commands that are forwarded."""
    signing_key_file: Path
    """The Ed25519 key that tokens are signed with: a private JWK, or PEM."""
    public_url: str
    """The address that people and partners know; with https, session cookies are for https only."""
