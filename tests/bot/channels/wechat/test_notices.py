"""Which notices an account may send, and what it asks the platform."""

import pytest

from bot.channels.base import DeliveryFailed, Remedy
from bot.channels.wechat.api_errors import refused
from config.accounts import AccountKind, NoticeTemplate, PushMode
from core.conversations.states import DeliveryWay
from core.messaging import CaseNotice
from tests.bot.channels.wechat.platform import CITIZEN, OPENID, FakeApi, a_channel, an_account

TEMPLATES = {
    "subscription_templates": {"default": {"id": "s", "fields": {"thing1": "title"}}},
    "message_templates": {"case_replied": {"id": "m", "fields": {"thing1": "title"}}},
    "one_time_template": "o",
}
NOTICE = CaseNotice.of(
    "case_replied", "https://desk/c/case", number="WZ1", title="路灯" * 20, what="已有答复"
)


def channel_of(api=None, kind=AccountKind.SERVICE, *, is_verified=True, **given):
    account = an_account(PushMode.PLAIN, kind=kind, is_verified=is_verified, **(given or TEMPLATES))
    return a_channel(account=account, api=api)


def ways(channel, kind="case_replied"):
    return [(offer.way, offer.template_id) for offer in channel.notice_offers(kind)]


def test_a_verified_service_account_has_every_way_it_has_a_template_for():
    assert ways(channel_of()) == [
        (DeliveryWay.SUBSCRIPTION_NOTICE, "s"),
        (DeliveryWay.TEMPLATE_MESSAGE, "m"),
        (DeliveryWay.ONE_TIME_NOTICE, "o"),
    ]
    assert ways(channel_of(), "case_accepted") == [
        (DeliveryWay.SUBSCRIPTION_NOTICE, "s"),
        (DeliveryWay.ONE_TIME_NOTICE, "o"),
    ]


def test_a_verified_subscription_account_has_the_one_time_form_alone():
    assert ways(channel_of(kind=AccountKind.SUBSCRIPTION)) == [(DeliveryWay.ONE_TIME_NOTICE, "o")]


@pytest.mark.parametrize("kind", list(AccountKind))
def test_an_unverified_account_has_none(kind):
    assert ways(channel_of(kind=kind, is_verified=False)) == []


def test_without_templates_in_the_settings_there_is_no_way():
    assert ways(channel_of(one_time_template="")) == []


def test_templates_can_be_given_as_text():
    account = an_account(message_templates='{"default": {"id": "m", "fields": {"a": "title"}}}')

    assert account.message_templates == {"default": NoticeTemplate(id="m", fields={"a": "title"})}
    assert an_account(message_templates="").message_templates == {}


def test_each_form_is_asked_for_in_its_own_way():
    api = FakeApi()
    channel = channel_of(api)

    ids = [channel.notify(CITIZEN, NOTICE, offer, scene="7")
           for offer in channel.notice_offers("case_replied")]  # fmt: skip

    asked = dict(api.calls)
    short = ("路灯" * 20)[:19] + "…"
    assert asked["message/subscribe/bizsend"] == {
        "touser": OPENID, "template_id": "s", "page": NOTICE.url,
        "data": {"thing1": {"value": short}},
    }  # fmt: skip
    assert asked["message/template/send"]["url"] == NOTICE.url
    assert asked["message/template/subscribe"]["scene"] == "7"
    assert len(asked["message/template/subscribe"]["title"]) <= 15
    assert ids == ["template:s", "200163836", "template:o"]


def test_a_refused_notice_says_what_to_do_about_it():
    channel = channel_of(FakeApi(refused(43101, "user refuse to accept the msg")))

    with pytest.raises(DeliveryFailed) as failed:
        channel.notify(CITIZEN, NOTICE, channel.notice_offers("case_replied")[0])

    assert failed.value.remedy is Remedy.NO_CONSENT
