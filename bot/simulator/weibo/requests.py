"""What a caller of /control/weibo may ask for."""

from typing import Literal

from pydantic import Field

from bot.simulator.control.requests import MAX_TEXT, Asked
from config.accounts import PushFormat


class OfCitizen(Asked):
    """`openid` is the uid."""

    openid: str = Field(pattern=r"^[1-9][0-9]{0,18}$")
    account: str | None = None
    wait: bool = True


class Say(OfCitizen):
    kind: Literal["text", "image", "voice", "location", "scan", "unknown"] = "text"
    text: str = Field("", max_length=MAX_TEXT)
    media_id: str = ""
    recognition: str | None = None  # Weibo tells none; taken so that both pages say the same
    voice_seconds: int = Field(3, ge=1, le=60)
    latitude: float = Field(37.0441, ge=-90, le=90)
    longitude: float = Field(115.6672, ge=-180, le=180)
    label: str = Field("", max_length=200)
    scene: str = Field("service_hall_1", max_length=64)


class Subscription(OfCitizen):
    keyword: str = Field("", max_length=20)


class Following(OfCitizen):
    scene: str = ""


class Click(OfCitizen):
    key: str = ""
    url: str = ""


class Mention(OfCitizen):
    """Name the account in a post, or in a comment below a post of somebody."""

    place: Literal["status", "comment"] = "status"
    text: str = Field(min_length=1, max_length=2000)
    status_id: str = ""
    commenting: Literal["all", "followers", "trusted"] = "all"


class Comment(OfCitizen):
    """Write below a post of the account without naming it."""

    text: str = Field(min_length=1, max_length=2000)


class Given(OfCitizen):
    body: str = Field(min_length=1, max_length=200_000)


class ChangeAccount(Asked):
    account: str | None = None
    push_format: PushFormat | None = None
    pushes_mentions: bool | None = None
    may_comment: bool | None = None
    token_is_expired: bool | None = None
