"""Every setting, with its type and default. Nothing else reads the environment."""

import os
from pathlib import Path

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from config.accounts import Right, WeChatAccount, WeiboAccount


class Addresses(BaseSettings):
    """Where programs listen and find each other: all that a command beside them must know.

    Read from the environment, e.g. `DESK_CONSOLE_PORT=8000`, then from `.env`.
    """

    model_config = SettingsConfigDict(
        env_prefix="DESK_",
        env_nested_delimiter="__",
        env_file=os.environ.get("DESK_ENV_FILE", ".env"),  # empty: tests want no file
        extra="ignore",
        frozen=True,
        populate_by_name=True,
    )

    host: str = "127.0.0.1"
    gateway_port: int = 8080
    worker_health_port: int = 8081
    console_port: int = 8000
    actions_port: int = 5055
    simulator_port: int = 8090
    gateway_url: str = ""  # where the simulator pushes to; empty: this machine


class Settings(Addresses):
    """Everything. Accounts are keyed by short name: `DESK_WECHAT__town__APP_ID=wx…`."""

    # Storage. Empty means: the private servers that `make run` starts.
    database_url: str = Field("", validation_alias="DATABASE_URL")
    redis_url: str = Field("", validation_alias="REDIS_URL")
    data_folder: Path = Path(".data")

    # Neighbours, and the outside.
    rasa_url: str = "http://127.0.0.1:5005"
    rasa_servers: list[str] = []  # all of them, where there are several: each takes new models
    rasa_token: SecretStr = SecretStr("")
    trainer_url: str = "http://127.0.0.1:5006"
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
    wechat_open_url: str = "https://open.weixin.qq.com"  # where citizens prove who they are
    wechat_mp_url: str = "https://mp.weixin.qq.com"  # where citizens say whether they want notices
    weibo: dict[str, WeiboAccount] = Field(default_factory=dict)
    weibo_api_url: str = "https://m.api.weibo.com"  # messages
    weibo_open_api_url: str = "https://api.weibo.com"  # posts and comments
    weibo_reads_a_day: int = Field(40, ge=0, le=90)  # of the 100 calls that a token has
    weibo_upload_url: str = "https://upload.api.weibo.com"  # pictures and voices
    weibo_text_limit_characters: int = 299  # the platform asks for fewer than 300
    webhook_body_limit_bytes: int = 64 * 1024
    webhook_freshness_seconds: int = 300
    passive_wait_seconds: float = 4.0  # WeChat cuts the connection after 5 seconds
    # An account that may only answer pushes lets the first two pass unanswered: longer than that.
    passive_hold_seconds: float = 6.0
    text_limit_bytes: int = 2048
    silence_alarm_hours: float = Field(7.0, ge=0)  # of office hours without a push; 0: never

    # What citizens send beside words.
    media_folder: str = ""  # empty: `media` in the data folder
    # Where platforms keep what they name by address; nothing is fetched from anywhere else.
    media_hosts: list[str] = ["mmbiz.qpic.cn"]

    # A service that turns recordings into words; without one the bot asks for text.
    speech_url: str = ""
    speech_token: SecretStr = SecretStr("")
    speech_timeout_seconds: float = 8.0

    # How long the bot may take before people are asked.
    turn_timeout_seconds: float = 6.0
    turn_patience_seconds: float = 12.0
    worker_concurrency: int = 8

    # The queue.
    handoff_target_seconds: int = 180  # GB/T 33358-2016: 3 minutes for other media

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

    log_json: bool = False
    log_level: str = "INFO"

    @property
    def media_place(self) -> Path:
        """Where citizens' media lie: the worker writes there, the console reads."""
        return Path(self.media_folder) if self.media_folder else self.data_folder / "media"

    @property
    def web_login_accounts(self) -> frozenset[str]:
        """The WeChat accounts whose platform tells our pages who has opened them."""
        return frozenset(
            name for name, account in self.wechat.items() if Right.WEB_LOGIN in account.rights
        )
