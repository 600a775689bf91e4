"""Everything Weibo pushes and everything the desk says there, through the real doors."""

import json
from pathlib import Path

import pytest

from tests.weibo import WeiboCitizen, weibo_control, weibo_told

pytestmark = [pytest.mark.journey, pytest.mark.rasa, pytest.mark.timeout(300)]

OPERATOR = "tianhui"
FIXTURES = Path(__file__).parents[3] / "shared" / "fixtures" / "weibo"


@pytest.fixture(autouse=True)
def usual_account(desk):
    """Each journey begins with an account as Weibo gives it to offices, and a new day's calls."""
    weibo_control(desk, "budget")
    yield
    weibo_control(desk, "accounts", push_format="json", pushes_mentions=True)
    weibo_control(desk, "faults", reset=True)


# What a citizen does, and words of the answer; None where nobody answers.
EVERY_PUSH = [
    ("say", {"text": "身份证丢了怎么补办"}, "居民身份证法"),
    ("say", {"kind": "image"}, "图片"),
    ("say", {"kind": "voice"}, "语音"),
    ("say", {"kind": "location", "label": "人民路"}, "位置"),
    ("follow", {}, "欢迎"),
    ("follow", {"scene": "hall_1"}, "欢迎"),
    ("subscribe", {"keyword": "DY"}, "欢迎"),
    ("unsubscribe", {}, None),
    ("unfollow", {}, None),
    ("say", {"kind": "scan", "scene": "hall_1"}, "转人工"),
    ("click", {"key": "HUMAN"}, "人工"),
    ("click", {"url": "https://www.gov.cn/"}, None),
    ("mention", {"text": "人民路的路灯坏了"}, "私信"),
    ("mention", {"text": "人民路的路灯坏了", "place": "comment"}, "私信"),
    ("say", {"kind": "unknown", "text": "全息影像"}, None),
]


@pytest.mark.parametrize("push_format", ["json", "xml"])
@pytest.mark.parametrize(
    ("gesture", "facts", "words"),
    EVERY_PUSH,
    ids=[f"{g}-{n}" for n, (g, *_) in enumerate(EVERY_PUSH)],
)
def test_everything_a_citizen_can_do_is_answered_or_silently_taken(
    desk, gesture, facts, words, push_format
):
    weibo_control(desk, "accounts", push_format=push_format)
    citizen = WeiboCitizen(desk)

    push = citizen.does(gesture, **facts)

    # In WeChat's form an unsubscription is what leaving is called.
    assert push["outcome"] in ({"reply"} if words else {"silent"}), push
    assert [each["outcome"] for each in push["deliveries"]] == ["answered"]
    if words:
        assert words in citizen.hears(words)


def test_a_push_that_comes_twice_is_answered_once(desk):
    citizen = WeiboCitizen(desk)
    weibo_control(desk, "faults", faults=[{"name": "duplicate_push", "count": 1}])

    citizen.does("say", text="居住证怎么办")

    citizen.hears("居住证")
    assert len(citizen.heard()) == 1


def test_a_long_answer_comes_in_parts_that_weibo_takes(desk):
    citizen = WeiboCitizen(desk)

    citizen.does("say", text="怎么申请政府信息公开")

    assert "政府信息公开条例" in citizen.hears("政府信息公开条例")
    assert all(len(text) < 300 for text in citizen.heard())


def test_an_operators_reply_goes_through_the_api(desk, sit_down):
    citizen = WeiboCitizen(desk)
    citizen.does("say", text="转人工")
    seat = sit_down(OPERATOR, "会话")
    line = seat.page.locator(".line.is-waiting").filter(has_text=citizen.alias)
    line.get_by_role("button", name="接入").click()

    seat.replies("我是坐席，请讲。")

    citizen.hears("我是坐席，请讲。")
    assert citizen.ways()[-1] == "api"


def test_who_leaves_closes_the_window_for_messages(desk):
    citizen = WeiboCitizen(desk)
    citizen.does("say", text="你好")
    citizen.does("unfollow")

    assert weibo_told(desk, "quota", openid=citizen.uid) == {"windows": []}


def test_a_public_mention_is_answered_once_in_varied_words_without_personal_questions(desk):
    citizens = [WeiboCitizen(desk) for _ in range(6)]
    for citizen in citizens:
        citizen.does("mention", text="人民路的路灯坏了")

    answers = [citizen.heard() for citizen in citizens]

    assert all(len(heard) == 1 for heard in answers)
    assert len({heard[0] for heard in answers}) > 1
    for (text,) in answers:
        assert "私信" in text
        assert not any(word in text for word in ("手机", "电话", "身份证", "姓名"))


@pytest.mark.parametrize(
    "name",
    sorted(p.name for p in FIXTURES.glob("push_*.json")) if FIXTURES.exists() else ["(absent)"],
)
def test_every_published_push_is_taken_as_it_is(desk, name):
    if not FIXTURES.exists():
        pytest.skip("the published payloads are not beside this working copy")
    citizen = WeiboCitizen(desk)
    account = weibo_told(desk, "accounts")["accounts"][0]
    said = json.loads((FIXTURES / name).read_text(encoding="utf-8"))
    said |= {"receiver_id": int(account["uid"]), "sender_id": int(citizen.uid)}

    push = citizen.does("given", body=json.dumps(said, ensure_ascii=False))

    is_answered = not any(word in name for word in ("unfollow", "unsubscribe", "view"))
    assert push["outcome"] == ("reply" if is_answered else "silent"), push


@pytest.mark.parametrize("receiver", [1902538057, "", None, []])
def test_a_published_push_to_another_account_is_refused(desk, receiver):
    citizen = WeiboCitizen(desk)
    said = {
        "type": "text",
        "receiver_id": receiver,
        "sender_id": int(citizen.uid),
        "created_at": "Mon Jul 16 18:09:20 +0800 2012",
        "text": "你好",
        "data": {},
    }

    push = citizen.does("given", body=json.dumps(said))

    assert push["outcome"] == "malfunction"
    assert citizen.heard() == []


def test_the_webhook_proves_itself_to_the_platform(desk):
    assert weibo_control(desk, "verify") == {"is_verified": True}
