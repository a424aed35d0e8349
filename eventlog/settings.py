"""What every service is told by its environment; checked at start, nothing has a hidden default."""

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class ServiceSettings(BaseSettings):
    """A service's settings; a subclass names its prefix, as `SPEND_`."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore")

    database_url: SecretStr
    kafka_servers: str
    kafka_username: str = ""
    kafka_password: SecretStr = SecretStr("")
    kafka_protocol: str = Field(default="SASL_PLAINTEXT", pattern="^(SASL_PLAINTEXT|SASL_SSL|PLAINTEXT)$")
    http_host: str
    http_port: int = Field(ge=1, le=65_535)
    token_keys_url: str
    token_url: str = ""
    client_id: str = ""
    client_secret: SecretStr = SecretStr("")
    role: str = Field(default="all", pattern="^(all|doors|sequencer|relay|consumers)$")
    """Which of the process's tasks run here, when one process is too few."""
    log_level: str = "INFO"
    pool_size: int = Field(default=10, ge=2, le=100)

    @field_validator("database_url")
    @classmethod
    def _postgresql(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value().startswith("postgresql://"):
            raise ValueError("a PostgreSQL address begins with postgresql://")
        return value
