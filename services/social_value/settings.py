"""What the social value service is told by its environment."""

from pydantic_settings import SettingsConfigDict

from eventlog.settings import ServiceSettings


class SocialValueSettings(ServiceSettings):
    """`SOCIAL_VALUE_…`."""

    model_config = SettingsConfigDict(frozen=True, extra="ignore", env_prefix="SOCIAL_VALUE_")
