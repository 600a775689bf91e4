"""The accounts on the platforms, and what each platform lets which kind of account do."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum
from ipaddress import IPv4Address

from pydantic import BaseModel, Field, SecretStr, field_validator, model_validator

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


class AccountKind(StrEnum):
    """What the platform registered the account as."""

    SERVICE = "service"  # 服务号
    SUBSCRIPTION = "subscription"  # 订阅号


class Right(StrEnum):
    """What WeChat lets some official accounts do and others not."""

    CUSTOMER_SERVICE = "customer_service"  # 客服消息, typing, msgmenu
    TEMPLATE_MESSAGE = "template_message"  # 模板消息
    SUBSCRIPTION_NOTICE = "subscription_notice"  # 订阅通知
    ONE_TIME_SUBSCRIPTION = "one_time_subscription"  # 一次性订阅消息
    CITIZEN_GROUPS = "citizen_groups"  # 用户标签
    CUSTOM_MENU = "custom_menu"  # 自定义菜单
    WEB_LOGIN = "web_login"  # 网页授权
    SCENE_QR = "scene_qr"  # 带参数二维码
    MEDIA = "media"  # 素材


_UNVERIFIED_SERVICE = frozenset({Right.CUSTOM_MENU})
_VERIFIED_SUBSCRIPTION = frozenset({
    Right.CUSTOMER_SERVICE, Right.ONE_TIME_SUBSCRIPTION, Right.CITIZEN_GROUPS, Right.CUSTOM_MENU,
    Right.MEDIA,
})  # fmt: skip

# 接口权限说明 of the platform: kind, whether verified, what it may do. Everybody receives pushes
# and answers them passively.
RIGHTS: dict[tuple[AccountKind, bool], frozenset[Right]] = {
    (AccountKind.SUBSCRIPTION, False): frozenset(),
    (AccountKind.SUBSCRIPTION, True): _VERIFIED_SUBSCRIPTION,
    (AccountKind.SERVICE, False): _UNVERIFIED_SERVICE,
    (AccountKind.SERVICE, True): frozenset(Right),
}


# 接口调用频次限制 of the platform, a day: for a new account, verified or not.
DAILY_CALLS = {
    "message/custom/send": 500_000,
    "media/upload": 100_000,
    "media/get": 200_000,
    "menu/create": 1_000,
    "stable_token": 500_000,
}


# 接口访问频次权限 of Weibo: of one token a day, over all open interfaces. Messages to those
# who have written are not among them.
WEIBO_CALLS_A_DAY = 100
WEIBO_UNCOUNTED = "messages/"


def calls_against_limit(calls: Mapping[str, int]) -> int:
    """Return how many of a Weibo account's calls count against the day's limit."""
    return sum(count for kind, count in calls.items() if not kind.startswith(WEIBO_UNCOUNTED))


class NoticeTemplate(BaseModel):
    """A template of the platform's, and which fact of a notice stands in which of its fields.

    Facts are number, title, what, at, department and due_on.
    """

    id: str
    fields: dict[str, str]
    is_long_term: bool = False  # 长期订阅: one consent is good for every notice


class WeChatAccount(BaseModel):
    """One WeChat official account. Its key in the settings is part of its webhook address."""

    name: str = "微信公众号"
    kind: AccountKind = AccountKind.SERVICE
    is_verified: bool = True
    app_id: str
    app_secret: SecretStr
    original_id: str  # the gh_… id that pushes are addressed to
    token: SecretStr
    mode: PushMode = PushMode.SAFE
    encoding_aes_key: SecretStr = SecretStr("")
    previous_encoding_aes_key: SecretStr = SecretStr("")
    # The name of the file by which WeChat sees that the domain of our pages is ours.
    domain_file: str = Field("", pattern=r"^(MP_verify_\w{8,40}\.txt)?$")
    # By the notice's name in `notices.yml`; `default` is for those not named. None: not used.
    subscription_templates: dict[str, NoticeTemplate] = Field(default_factory=dict)
    message_templates: dict[str, NoticeTemplate] = Field(default_factory=dict)
    one_time_template: str = ""

    @property
    def rights(self) -> frozenset[Right]:
        return RIGHTS[self.kind, self.is_verified]

    @field_validator("subscription_templates", "message_templates", mode="before")
    @classmethod
    def empty_is_none(cls, templates: object) -> object:
        if isinstance(templates, str):
            return json.loads(templates) if templates else {}
        return templates

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
    # Weibo tells by push who named the account only where it has granted that.
    mention_push: bool = False
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
