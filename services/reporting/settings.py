"""What is reporting told by its environment?"""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from eventlog.settings import ServiceSettings


class ReportingSettings(ServiceSettings):
    """`REPORTING_…`; feeds are the base addresses of the services whose facts are read."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_prefix="REPORTING_")

    feeds: dict[str, str]
    pool_size: int = Field(default=20, ge=2, le=100)
    """Six read models with two lanes each, and a rebuild beside them."""
