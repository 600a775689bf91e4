"""What a caller of /control may ask for."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.simulator.faults import FaultName
from config.accounts import AccountKind, PushFormat, PushMode

MAX_TEXT = 20_000
MAX_BURST_MESSAGES = 5000


class Asked(BaseModel):
    model_config = ConfigDict(extra="forbid")


class NewCitizens(Asked):
    account: str | None = None
    names: list[str] = Field(default_factory=list, max_length=1000)
    openids: list[str] = Field(default_factory=list, max_length=5000)
    count: int = Field(0, ge=0, le=5000)
    following: bool = True


class Say(Asked):
    openid: str = Field(min_length=1, max_length=64)
    account: str | None = None
    kind: Literal[
        "text",
        "image",
        "voice",
        "video",
        "location",
        "link",
        "unsupported",
        "scan",
        "report_location",
    ] = "text"
    text: str = Field("", max_length=MAX_TEXT)
    wait: bool = True
    menu_id: str = ""
    media_id: str = ""
    recognition: str | None = Field(None, max_length=MAX_TEXT)
    voice_seconds: int = Field(3, ge=1, le=60)
    latitude: float = Field(37.0441, ge=-90, le=90)
    longitude: float = Field(115.6672, ge=-180, le=180)
    label: str = Field("清河县政务服务中心", max_length=200)
    title: str = Field("", max_length=200)
    description: str = Field("", max_length=500)
    url: str = Field("", max_length=1024)
    scene: str = Field("1", max_length=64)


class Ask(Asked):
    text: str = Field(min_length=1, max_length=MAX_TEXT)
    openid: str = Field("", max_length=64)
    name: str = Field("", max_length=40)  # of a citizen who is new
    account: str | None = None
    timeout_seconds: float = Field(20.0, gt=0, le=120)


class Following(Asked):
    openid: str = Field(min_length=1, max_length=64)
    account: str | None = None
    scene: str = ""
    wait: bool = True


class Click(Asked):
    openid: str = Field(min_length=1, max_length=64)
    account: str | None = None
    key: str = ""
    url: str = ""
    wait: bool = True


class OnCitizen(Asked):
    openid: str = Field(min_length=1, max_length=64)


class Consent(OnCitizen):
    """With `tells` off the account is not told: the push that says so has got lost."""

    template_id: str = Field("", max_length=64)
    accepts: bool = True
    blocks: bool = False
    tells: bool = True


class Revoke(OnCitizen):
    scopes: str = Field("1", max_length=64)


class Tap(Asked):
    openid: str = Field(min_length=1, max_length=64)
    seq: int | None = None
    choice: int | str = 0
    wait: bool = True


class Burst(Asked):
    openids: list[str] = Field(default_factory=list, max_length=5000)
    citizens: int = Field(0, ge=0, le=5000)
    lines: list[str] = Field(min_length=1, max_length=1000)
    account: str | None = None
    gap_ms: float = Field(0.0, ge=0, le=60_000)
    wait_for_answers: bool = False
    timeout_seconds: float = Field(60.0, gt=0, le=600)


class SwitchFault(Asked):
    name: FaultName
    on: bool = True
    probability: float = Field(1.0, ge=0, le=1)
    count: int | None = Field(None, ge=1)
    seconds: float = Field(0.0, ge=0, le=300)
    path: str = ""


class Faults(Asked):
    """Switch these; `reset` switches all others off first."""

    faults: list[SwitchFault] = Field(default_factory=list)
    reset: bool = False


class ChangeAccount(Asked):
    account: str | None = None
    mode: PushMode | None = None
    push_format: PushFormat | None = None
    kind: AccountKind | None = None
    is_verified: bool | None = None
    is_test_account: bool | None = None
    ip_whitelist: list[str] | None = None


class OnAccount(Asked):
    account: str | None = None
