"""Questions: answered from the live store, offered to choose from, or owned up to."""

from datetime import date

import pytest

from actions.answer_details import ActionAnswerDetails
from actions.answer_question import ActionAnswerQuestion
from actions.fallback import ActionFallback
from actions.suggest_questions import ActionSuggestQuestions
from core.conversations import queries as conversations
from core.conversations.services import note_miss
from core.conversations.states import ConversationState, HandoffReason
from core.knowledge.services import ReferenceDraft, withdraw_entry
from core.knowledge.states import EntryScope
from tests.builders import a_message, an_entry

LAW = ReferenceDraft(
    document="中华人民共和国居民身份证法", article="第十一条", effective_on=date(2004, 1, 1)
)
FEE_ARTICLE = ReferenceDraft(
    document="中华人民共和国居民身份证法", article="第二十一条", effective_on=date(2004, 1, 1)
)


@pytest.fixture
def message(uow):
    message = a_message(uow)
    uow.session.commit()
    return message


def an_answer(uow, **given):
    entry = an_entry(uow, **given)
    uow.session.commit()
    return entry


def state_of(session, message):
    session.expire_all()
    return conversations.get(session, message.conversation_id)


# --- a sure answer --------------------------------------------------------------------------


def test_the_answer_comes_with_its_parts_source_and_label(uow, run, message):
    an_answer(
        uow,
        slug="id_card_lost",
        answer="请到派出所申请补领。",
        steps=["提出申请", "领取新证"],
        materials=["户口簿"],
        time_limit="60日内",
        fee="工本费",
        place="派出所户籍窗口",
        references=[LAW, FEE_ARTICLE],
    )

    [said] = run(ActionAnswerQuestion(), message, intent="faq", slugs=("id_card_lost",)).messages

    assert said["text"] == (
        "请到派出所申请补领。\n\n"
        "办理步骤：\n1. 提出申请\n2. 领取新证\n\n"
        "所需材料：\n1. 户口簿\n\n"
        "办理时限：60日内\n\n"
        "费用：工本费\n\n"
        "办理地点：派出所户籍窗口\n\n"
        "依据：\n《中华人民共和国居民身份证法》第十一条、第二十一条，自2004年1月1日起施行\n\n"
        "（以上由智能助手自动答复，仅供参考）"
    )


def test_what_an_answer_rests_on_is_kept_for_staff(uow, run, message):
    entry = an_answer(uow, slug="id_card_lost", references=[LAW])

    done = run(ActionAnswerQuestion(), message, intent="faq", slugs=("id_card_lost",))

    assert done.messages[0]["reason"] == {
        "kind": "faq",
        "slug": "id_card_lost",
        "question": entry.question,
        "version": 1,
        "confidence": 0.9,
        "documents": [{"document": LAW.document, "article": LAW.article}],
    }
    assert done.slots == {"last_question": "id_card_lost"}


@pytest.mark.parametrize(
    ("scope", "offered"),
    [
        (EntryScope.NATIONAL, ["转人工"]),
        (EntryScope.LOCAL, ["转人工", "我要反映问题"]),
    ],
)
def test_a_person_is_always_offered_and_a_case_where_local_facts_are_missing(
    uow, run, message, scope, offered
):
    an_answer(uow, slug="x", scope=scope, local_gap="本地标准")

    assert run(ActionAnswerQuestion(), message, slugs=("x",)).said == offered


def test_an_answer_ends_a_row_of_misses(uow, session, run, message):
    an_answer(uow, slug="x")
    note_miss(uow, message.conversation_id)
    uow.session.commit()

    run(ActionAnswerQuestion(), message, slugs=("x",))

    assert state_of(session, message).misses == 0


def test_an_edited_answer_is_out_at_once(uow, run, message):
    an_answer(uow, slug="x", answer="旧答案。")
    an_answer(uow, slug="x", answer="新答案。")

    [said] = run(ActionAnswerQuestion(), message, slugs=("x",)).messages

    assert said["text"].startswith("新答案。")


# --- several questions, and the same once more ----------------------------------------------


def test_each_of_several_questions_gets_its_answer_under_its_own_heading(uow, run, message):
    an_answer(uow, slug="lost", question="身份证丢失怎么办？", answer="请到派出所申请补领。")
    an_answer(uow, slug="fee", question="补领要交多少钱？", answer="工本费四十元。")

    done = run(ActionAnswerQuestion(), message, slugs=("lost", "x"), also_asked=("fee",))

    assert [said["text"].splitlines()[:2] for said in done.messages] == [
        ["【问题1】身份证丢失怎么办？", "请到派出所申请补领。"],
        ["【问题2】补领要交多少钱？", "工本费四十元。"],
    ]
    assert [bool(said["buttons"]) for said in done.messages] == [False, True]
    assert done.slots == {"last_question": "fee"}


def test_a_question_without_an_answer_does_not_keep_back_the_other(uow, run, message):
    an_answer(uow, slug="fee", answer="工本费四十元。")
    an_answer(uow, slug="lost")
    withdraw_entry(uow, "lost", reason="更新", actor="system")
    uow.session.commit()

    done = run(ActionAnswerQuestion(), message, slugs=("lost",), also_asked=("fee",))

    refused, answered = done.messages
    assert refused["response"] == "utter_error_entry_not_published"
    assert "工本费四十元。" in answered["text"]
    assert done.slots == {"last_question": "fee"}


def test_a_question_for_people_is_left_to_them_after_the_other_is_answered(
    uow, session, run, message
):
    an_answer(uow, slug="fee", answer="工本费四十元。")
    an_answer(uow, slug="dispute", is_people_only=True)

    done = run(ActionAnswerQuestion(), message, slugs=("dispute",), also_asked=("fee",))

    assert "工本费四十元。" in done.messages[0]["text"]
    assert state_of(session, message).state is ConversationState.WAITING


def test_nothing_counts_as_answered_when_no_answer_can_be_given(uow, session, run, message):
    note_miss(uow, message.conversation_id)
    uow.session.commit()

    done = run(ActionAnswerQuestion(), message, slugs=("lost",), also_asked=("fee",))

    assert done.responses == ["utter_error_entry_not_found"] * 2
    assert done.slots == {}
    assert state_of(session, message).misses == 1


def test_the_same_question_once_more_gets_its_answer_and_a_way_out(uow, run, message):
    an_answer(uow, slug="lost", answer="请到派出所申请补领。")

    [said] = run(
        ActionAnswerQuestion(), message, slugs=("lost",), slots={"last_question": "lost"}
    ).messages

    assert said["text"].startswith("这个问题前面答复过")
    assert "请到派出所申请补领。" in said["text"]


# --- an answer that must not be given -------------------------------------------------------


def test_a_withdrawn_answer_is_not_given(uow, run, message):
    an_answer(uow, slug="x")
    withdraw_entry(uow, "x", reason="更新", actor="system")
    uow.session.commit()

    done = run(ActionAnswerQuestion(), message, slugs=("x",))

    assert done.responses == ["utter_error_entry_not_published"]
    assert done.said == ["转人工"]


def test_a_repealed_source_is_refused_and_its_successor_named(uow, run, message):
    old = ReferenceDraft(
        document="信访条例",
        article="第一条",
        effective_on=date(2005, 5, 1),
        repealed_on=date(2022, 5, 1),
        successor="信访工作条例",
    )
    an_answer(uow, slug="x", references=[old])

    refused, successor = run(ActionAnswerQuestion(), message, slugs=("x",)).messages

    assert refused["response"] == "utter_error_answer_repealed"
    assert refused["document"] == "信访条例"
    assert (successor["response"], successor["successor"]) == ("utter_successor", "信访工作条例")


def test_what_only_people_may_answer_is_understood_and_handed_to_them(uow, session, run, message):
    entry = an_answer(uow, slug="x", is_people_only=True)
    note_miss(uow, message.conversation_id)
    uow.session.commit()

    first, *rest = run(ActionAnswerQuestion(), message, slugs=("x",)).messages

    assert entry.question in first["text"]
    assert entry.answer not in first["text"]
    assert first["reason"]["kind"] == "people_only"
    assert rest[0]["reason"] == {"kind": "handoff", "reason": "human_only"}
    conversation = state_of(session, message)
    assert (conversation.state, conversation.misses) == (ConversationState.WAITING, 0)


def test_a_part_of_what_only_people_may_answer_is_not_given_either(uow, session, run, message):
    an_answer(uow, slug="x", materials=["户口簿"], is_people_only=True)

    done = run(ActionAnswerDetails(), message, text="要什么材料", slots={"last_question": "x"})

    assert "户口簿" not in str(done.messages)
    assert state_of(session, message).state is ConversationState.WAITING


def test_a_question_the_store_does_not_know_is_refused(run, message):
    done = run(ActionAnswerQuestion(), message, slugs=("nowhere",))

    assert done.responses == ["utter_error_entry_not_found"]


# --- questions to choose from ---------------------------------------------------------------


def test_up_to_three_questions_are_offered_likeliest_first(uow, run, message):
    for slug in "abcd":
        an_answer(uow, slug=slug, question=f"问题{slug}？")

    done = run(ActionSuggestQuestions(), message, slugs=tuple("cabd"))

    assert done.responses == ["utter_suggestions"]
    assert done.said == ["问题c？", "问题a？", "问题b？", "转人工"]


def test_only_published_questions_are_offered(uow, run, message):
    an_answer(uow, slug="a", question="问题a？")
    an_answer(uow, slug="b", question="问题b？")
    withdraw_entry(uow, "a", reason="更新", actor="system")
    uow.session.commit()

    assert run(ActionSuggestQuestions(), message, slugs=("a", "b")).said == ["问题b？", "转人工"]


def test_nothing_left_to_offer_is_a_miss(run, message):
    assert run(ActionSuggestQuestions(), message, slugs=("a",)).responses == ["utter_miss"]


# --- questions about the answer -------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("要带什么材料", "所需材料：\n1. 户口簿"),
        ("多久能办好", "办理时限：60日内"),
        ("收费吗", "费用：工本费"),
        ("在哪办", "办理地点：派出所"),
        ("具体流程呢", "办理步骤：\n1. 申请"),
        ("有什么法律依据", "依据：\n《中华人民共和国居民身份证法》第十一条"),
    ],
)
def test_a_part_of_the_last_answer_is_given_again(uow, run, message, text, part):
    an_answer(
        uow,
        slug="x",
        steps=["申请"],
        materials=["户口簿"],
        time_limit="60日内",
        fee="工本费",
        place="派出所",
        references=[LAW],
    )

    done = run(ActionAnswerDetails(), message, text=text, slots={"last_question": "x"})

    assert part in done.messages[0]["text"]
    assert "智能助手自动答复" in done.messages[0]["text"]


def test_a_part_the_answer_does_not_have_goes_to_a_person(uow, run, message):
    an_answer(uow, slug="x", fee=None)

    done = run(ActionAnswerDetails(), message, text="收费吗", slots={"last_question": "x"})

    assert done.responses == ["utter_detail_unknown"]


def test_without_an_answer_before_it_the_matter_is_asked_for(run, message):
    assert run(ActionAnswerDetails(), message, text="收费吗").responses == ["utter_no_answer_yet"]


# --- misses ---------------------------------------------------------------------------------


def test_the_first_miss_offers_a_person_the_second_calls_one(session, run, message):
    first = run(ActionFallback(), message, intent="nlu_fallback")
    second = run(ActionFallback(), message, intent="nlu_fallback")

    assert first.responses == ["utter_miss"]
    assert second.responses == ["utter_hand_off_misses", "utter_hand_off"]
    conversation = state_of(session, message)
    assert conversation.state is ConversationState.WAITING
    assert conversation.handoff_reason is HandoffReason.TWO_MISSES


def test_an_answer_that_did_not_help_is_a_miss_too(run, message):
    done = run(ActionFallback(), message, intent="complain_about_answer")

    assert done.responses == ["utter_answer_unhelpful"]
