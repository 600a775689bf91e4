"""Every setting, with its type and default. Nothing else reads the environment."""

import os
from datetime import date, timedelta
from enum import StrEnum
from ipaddress import IPv4Address
from pathlib import Path

from pydantic import BaseModel, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

# An office needs days, not hours, to get the signature under a new authorisation.
TOKEN_WARNING_AHEAD = timedelta(days=7)


class PushMode(StrEnum):
    """How WeChat encrypts its pushes, as chosen on its settings page."""

    PLAIN = "plain"
    COMPATIBLE = "compatible"
    SAFE = "safe"


class PushFormat(StrEnum):
    """The form of pushes and of the answers to them, as chosen on the platform."""

    XML = "xml"
    JSON = "json"


class WeChatAccount(BaseModel):
    """One WeChat official account. Its key in the settings is part of its webhook address."""

    name: str = "微信公众号"
    app_id: str
    app_secret: SecretStr
    original_id: str  # the gh_… id that pushes are addressed to
    token: SecretStr
    mode: PushMode = PushMode.SAFE
    encoding_aes_key: SecretStr = SecretStr("")
    previous_encoding_aes_key: SecretStr = SecretStr("")

    @field_validator("token")
    @classmethod
    def token_is_given(cls, token: SecretStr) -> SecretStr:
        return _forgeable_when_empty(token, "token")

    @model_validator(mode="after")
    def encryption_has_a_key(self) -> "WeChatAccount":
        if self.mode is not PushMode.PLAIN and len(self.encoding_aes_key.get_secret_value()) != 43:
            raise ValueError("compatible and safe mode need an encoding_aes_key of 43 characters")
        return self


class MentionAnswer(StrEnum):
    """How Weibo lets us answer a citizen who names the account in public."""

    MESSAGE = "message"  # the one private message that the platform grants for each mention
    COMMENT = "comment"  # a public comment below the post, which the app needs the right for


class TokenWarning(StrEnum):
    """What the office should know about an access token that only people can renew."""

    MISSING = "missing"
    ENDED = "ended"
    ENDS_SOON = "ends_soon"


class WeiboAccount(BaseModel):
    """One Weibo account with 粉丝服务. Its key in the settings is part of its webhook address."""

    name: str = "官方微博"
    uid: str = Field(pattern=r"^[1-9][0-9]{0,19}$", coerce_numbers_to_str=True)
    app_key: str = Field("", coerce_numbers_to_str=True)
    app_secret: SecretStr
    # The platform gives it only after it has verified the webhook, and says no end date.
    access_token: SecretStr = SecretStr("")
    token_expires_on: date | None = None
    push_format: PushFormat = PushFormat.JSON
    mention_answer: MentionAnswer = MentionAnswer.MESSAGE
    real_ip: IPv4Address | None = None  # our public address, which a comment must name

    @field_validator("app_secret")
    @classmethod
    def app_secret_is_given(cls, app_secret: SecretStr) -> SecretStr:
        return _forgeable_when_empty(app_secret, "app_secret")

    @field_validator("token_expires_on", "real_ip", mode="before")
    @classmethod
    def empty_is_not_given(cls, value: object) -> object:
        return None if value == "" else value

    @model_validator(mode="after")
    def comments_name_our_address(self) -> "WeiboAccount":
        if self.mention_answer is MentionAnswer.COMMENT and self.real_ip is None:
            raise ValueError("answering by comment needs real_ip: the platform asks for it")
        return self

    def token_warning(self, today: date) -> TokenWarning | None:
        """Return what is wrong with the token or soon will be; None also when nobody knows."""
        if not self.access_token.get_secret_value():
            return TokenWarning.MISSING
        if self.token_expires_on is None or today < self.token_expires_on - TOKEN_WARNING_AHEAD:
            return None
        return TokenWarning.ENDS_SOON if today < self.token_expires_on else TokenWarning.ENDED


def _forgeable_when_empty(secret: SecretStr, name: str) -> SecretStr:
    # With an empty secret anybody can forge a valid signature.
    if not secret.get_secret_value():
        raise ValueError(f"the {name} must not be empty")
    return secret


class Settings(BaseSettings):
    """Read from the environment, e.g. `DESK_CONSOLE_PORT=8000`, then from `.env`.

    Accounts are keyed by short name: `DESK_WECHAT__town__APP_ID=wx…`.
    """

    model_config = SettingsConfigDict(
        env_prefix="DESK_",
        env_nested_delimiter="__",
        env_file=os.environ.get("DESK_ENV_FILE", ".env"),  # empty: tests want no file
        extra="ignore",
        frozen=True,
        populate_by_name=True,
    )

    # Storage. Empty means: the private servers that `make run` starts.
    database_url: str = Field("", validation_alias="DATABASE_URL")
    redis_url: str = Field("", validation_alias="REDIS_URL")
    data_folder: Path = Path(".data")

    # Where programs listen and find each other.
    host: str = "127.0.0.1"
    gateway_port: int = 8080
    worker_health_port: int = 8081
    console_port: int = 8000
    actions_port: int = 5055
    simulator_port: int = 8090
    gateway_url: str = ""  # where the simulator pushes to; empty: this machine
    rasa_url: str = "http://127.0.0.1:5005"
    rasa_token: SecretStr = SecretStr("")
    public_url: str = "http://127.0.0.1:8000"  # where citizens reach the H5 pages

    # Secrets of our own.
    secret_key: SecretStr = Field(min_length=16)  # signs console sessions
    data_key: SecretStr = Field(min_length=16)  # encrypts phone numbers at rest

    # What all accounts of the demo sign in with; only an empty database is given a demo.
    demo_password: SecretStr = SecretStr("")

    # The office.
    office_name: str = "清河县人民政府"
    office_hours: str = "08:30-12:00,14:30-18:00"  # on working days, office time

    # Channels.
    wechat: dict[str, WeChatAccount] = Field(default_factory=dict)
    wechat_api_url: str = "https://api.weixin.qq.com"
    weibo: dict[str, WeiboAccount] = Field(default_factory=dict)
    weibo_api_url: str = "https://m.api.weibo.com"  # messages
    weibo_open_api_url: str = "https://api.weibo.com"  # posts and comments
    weibo_text_limit_characters: int = 299  # the platform asks for fewer than 300
    webhook_body_limit_bytes: int = 64 * 1024
    webhook_freshness_seconds: int = 300
    passive_wait_seconds: float = 4.0  # WeChat cuts the connection after 5 seconds
    text_limit_bytes: int = 2048

    # How long the bot may take before people are asked.
    turn_timeout_seconds: float = 6.0
    turn_patience_seconds: float = 12.0
    worker_concurrency: int = 8

    # The queue.
    handoff_target_seconds: int = 180  # GB/T 33358-2016: 3 minutes for other media
    operator_capacity: int = 10

    # Sign-in.
    sign_in_attempts: int = 5
    sign_in_lock_minutes: int = 15
    sign_ins_per_minute: int = 30  # from one address: an office may share one
    session_hours: int = 10
    session_idle_minutes: int = 120
    secure_cookies: bool = True

    # The console.
    console_threads: int = 128  # every open page holds one for its live events
    trusted_proxies: int = 0  # how many of them stand before the programs
    image_hosts: list[str] = ["mmbiz.qpic.cn"]  # where platforms keep citizens' pictures

    log_json: bool = False
    log_level: str = "INFO"
