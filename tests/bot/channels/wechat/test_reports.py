"""What WeChat tells without wanting an answer, in both of its forms."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.channels.base import PushRefused
from bot.channels.bodies import parse
from bot.channels.wechat.parsing import read_fields
from core.messaging import InboundKind, ReportKind, Trigger
from tests.bot.channels.wechat.platform import CITIZEN, OPENID, ORIGINAL_ID

SAMPLES = Path(__file__).parents[5] / "shared/fixtures/wechat"
CONSENT_XML = """<SubscribeMsgPopupEvent>
<List><TemplateId>t-1</TemplateId><SubscribeStatusString>accept</SubscribeStatusString>
<PopupScene>2</PopupScene></List>
<List><TemplateId>t-2</TemplateId><SubscribeStatusString>reject</SubscribeStatusString></List>
</SubscribeMsgPopupEvent>"""


def read(inside: str, event: str):
    xml = (
        f"<xml><ToUserName>{ORIGINAL_ID}</ToUserName><FromUserName>{OPENID}</FromUserName>"
        f"<CreateTime>1772413200</CreateTime><MsgType>event</MsgType><Event>{event}</Event>"
        f"{inside}</xml>"
    )
    return read_fields(parse(xml.encode()), "town")


def test_a_report_names_the_citizen_and_the_moment():
    report = read("<EventKey>https://www.gov.cn/</EventKey>", "VIEW").report

    assert report.address == CITIZEN
    assert report.sent_at == datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
    assert (report.kind, report.payload["page"]) == (ReportKind.PAGE_OPENED, "https://www.gov.cn/")


def test_places_of_one_citizen_replace_each_other():
    places = [
        read(f"<Latitude>{n}</Latitude><Longitude>115.6</Longitude>", "LOCATION").report
        for n in ("37.1", "37.2")
    ]

    assert places[0].dedupe_key == places[1].dedupe_key
    assert places[1].payload["latitude"] == "37.2"


@pytest.mark.parametrize("status", ["success", "failed:user block", "failed: system failed"])
def test_the_end_of_a_template_message_is_told(status):
    report = read(f"<MsgID>200163836</MsgID><Status>{status}</Status>", "TEMPLATESENDJOBFINISH")

    assert report.report.kind is ReportKind.NOTICE_ENDED
    assert report.report.items == ({"notice_id": "200163836", "status": status},)


def test_several_consents_come_in_one_report():
    report = read(CONSENT_XML, "subscribe_msg_popup_event").report

    assert report.items == (
        {"template_id": "t-1", "answer": "accept", "scene": "2"},
        {"template_id": "t-2", "answer": "reject"},
    )


@pytest.mark.parametrize("listed", [[{"TemplateId": "t-1"}], {"TemplateId": "t-1"}])
def test_in_json_the_list_is_at_the_top_and_may_be_a_single_entry(listed):
    fields = {
        "ToUserName": ORIGINAL_ID,
        "FromUserName": OPENID,
        "CreateTime": "1772413200",
        "MsgType": "event",
        "Event": "subscribe_msg_change_event",
        "List": listed,
    }

    assert read_fields(fields, "town").report.items == ({"template_id": "t-1"},)


def test_who_has_revoked_is_named_beside_the_sender():
    report = read("<OpenID>oSomebody</OpenID><RevokeInfo>1,2</RevokeInfo>",
                  "user_authorization_revoke").report  # fmt: skip

    assert report.address.platform_id == "oSomebody"
    assert report.payload["scopes"] == "1,2"


@pytest.mark.parametrize("event", ["kf_create_session", "user_info_modified", "never_seen"])
def test_other_events_are_ignored(event):
    parsed = read("", event)

    assert (parsed.message, parsed.report) == (None, None)
    assert event in parsed.ignored


@pytest.mark.parametrize(
    ("inside", "event", "trigger"),
    [
        ("<EventKey>k</EventKey>", "CLICK", Trigger.MENU_CLICK),
        ("<EventKey>k</EventKey>", "scancode_waitmsg", Trigger.MENU_CLICK),
        ("<EventKey>k</EventKey>", "pic_weixin", Trigger.NOTHING),
        ("<EventKey>k</EventKey>", "location_select", Trigger.NOTHING),
        ("", "subscribe", Trigger.FOLLOW),
        ("<EventKey>qrscene_7</EventKey>", "subscribe", Trigger.SCAN),
        ("<EventKey>7</EventKey>", "SCAN", Trigger.SCAN),
    ],
)
def test_events_count_as_the_platform_counts_them(inside, event, trigger):
    assert read(inside, event).message.trigger is trigger


@pytest.mark.parametrize(("menu_id", "trigger"), [("", Trigger.MESSAGE), ("1", Trigger.MENU_CLICK)])
def test_a_text_that_was_tapped_counts_as_a_menu_click(menu_id, trigger):
    fields = {
        "ToUserName": ORIGINAL_ID,
        "FromUserName": OPENID,
        "CreateTime": "1772413200",
        "MsgType": "text",
        "Content": "你好",
        "MsgId": "1",
        "bizmsgmenuid": menu_id,
    }

    message = read_fields(fields, "town").message
    assert (message.kind, message.trigger) == (InboundKind.TEXT, trigger)


PUBLISHED = sorted(
    file
    for folder in ("skit-events", "official")
    for file in (SAMPLES / folder).glob("*")
    if not file.name.startswith("MpReply") and "request" not in file.name
    and file.name not in {"errors.json", "README.md"}
)  # fmt: skip


@pytest.mark.skipif(not PUBLISHED, reason="the published samples are not beside this checkout")
@pytest.mark.parametrize("file", PUBLISHED, ids=lambda file: file.name)
def test_every_published_push_is_understood_or_ignored_with_a_reason(file):
    try:
        parsed = read_fields(parse(file.read_bytes()), "town")
    except PushRefused as refusal:
        pytest.fail(f"{file.name}: {refusal}")

    assert parsed.account_id
    assert parsed.message or parsed.report or "needs no answer" in parsed.ignored
