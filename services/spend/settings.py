"""What the spend service is told by its environment."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from eventlog.settings import ServiceSettings


class SpendSettings(ServiceSettings):
    """Settings with the prefix SPEND_."""

    model_config = SettingsConfigDict(env_prefix="SPEND_", frozen=True, extra="ignore")

    feeds: dict[str, str] = Field(default_factory=dict)
    """Base addresses of the services whose logs fill gaps, as {"contracts": "http://…"}."""
