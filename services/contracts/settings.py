"""What the contracts service is told by its environment."""

from pydantic_settings import SettingsConfigDict

from eventlog.settings import ServiceSettings


class ContractsSettings(ServiceSettings):
    """`CONTRACTS_…`."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_prefix="CONTRACTS_")
