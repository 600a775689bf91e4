import numpy as np
import pytest

from nlu.ranker import Form, QuestionRanker

FORMS = [
    *(
        Form(text, "faq/id_card_lost", "id_card")
        for text in ("身份证丢了怎么补办", "身份证遗失补领", "身份证不见了", "丢了身份证咋办")
    ),
    *(
        Form(text, "faq/id_card_fee", "id_card")
        for text in ("办身份证要多少钱", "身份证工本费", "补身份证收费吗", "办身份证花钱不")
    ),
    *(
        Form(text, "faq/pension_age", "social")
        for text in ("几岁退休", "退休年龄是多少", "多大能领养老金", "退休要到几岁")
    ),
    *(Form(text, "greet") for text in ("你好", "您好", "在吗", "早上好")),
    *(Form(text, "request_human") for text in ("转人工", "找人工", "我要人工客服", "叫个真人来")),
]


@pytest.fixture(scope="module", params=[True, False], ids=["dense", "n-grams only"])
def ranker(request):
    return QuestionRanker.learn(FORMS, use_dense=request.param)


def best(ranker, text):
    return ranker.rank(text, 5).items[0]


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("我的身份证弄丢了", "faq/id_card_lost"),
        ("生份证丢了", "faq/id_card_lost"),
        ("身份證遺失", "faq/id_card_lost"),
        ("办个身份证多少钱", "faq/id_card_fee"),
        ("您好啊", "greet"),
        ("我要找人工", "request_human"),
    ],
)
def test_a_new_wording_finds_its_question(ranker, text, label):
    assert best(ranker, text).label == label


def test_a_known_form_is_certain_whatever_its_punctuation(ranker):
    assert best(ranker, "身份证遗失，补领！").confidence > 0.99


def test_a_ranking_is_as_long_as_wanted_and_sorted(ranker):
    items = ranker.rank("身份证", 3).items

    assert len(items) == 3
    assert len({item.label for item in items}) == 3
    assert all(0 <= item.confidence <= 1 for item in items)


def test_nothing_to_read_has_no_ranking(ranker):
    assert ranker.rank("😀。。。", 5).items == ()


def test_what_is_refused_is_told_from_what_the_desk_knows():
    refused = ("今天天气怎么样", "明天下雨吗", "讲个笑话", "推荐一部电影", "唱首歌", "几点下雨")
    ranker = QuestionRanker.learn([*FORMS, *(Form(text, "out_of_scope") for text in refused)])

    known = [ranker.rank(text, 5).in_scope for text in ("身份证弄丢了", "多大岁数退休", "在不在")]
    strange = [ranker.rank(text, 5).in_scope for text in ("后天下雨不", "来个笑话", "讲个笑话")]

    assert min(known) > max(strange)


def test_a_store_with_one_form_of_each_question_can_be_sure():
    questions = ("身份证遗失补领", "居住证办理", "社保卡挂失", "低保申请条件", "公积金贷款额度")
    ranker = QuestionRanker.learn([Form(text, f"faq/{text}") for text in questions])

    close = ranker.rank("我的社保卡要挂失", 3)
    far = ranker.rank("附近哪家面馆好吃", 3)

    assert close.items[0].label == "faq/社保卡挂失"
    assert close.items[0].confidence > 0.6 > far.items[0].confidence
    assert close.in_scope > far.in_scope


def test_wishes_alone_can_be_learnt():
    ranker = QuestionRanker.learn([form for form in FORMS if "/" not in form.label])

    ranking = ranker.rank("帮我找人工", 5)

    assert ranking.items[0].label == "request_human"
    assert (ranking.questions, ranking.among_offered) == ([], 0.0)


def test_a_kept_model_says_the_same(ranker, tmp_path):
    ranker.save(tmp_path)

    kept = QuestionRanker.load(tmp_path)

    for text in ("身份证没了", "退休", "你好", "量子力学"):
        before, after = ranker.rank(text, 5), kept.rank(text, 5)
        assert [item.label for item in before.items] == [item.label for item in after.items]
        assert before.among_offered == pytest.approx(after.among_offered, abs=1e-5)
        assert before.in_scope == pytest.approx(after.in_scope, abs=1e-5)


def test_a_kept_model_holds_no_code(ranker, tmp_path):
    ranker.save(tmp_path)

    assert sorted(file.name for file in tmp_path.iterdir()) == ["ranker.json", "ranker.npz"]
    with np.load(tmp_path / "ranker.npz", allow_pickle=False) as arrays:
        assert all(arrays[name].dtype != object for name in arrays.files)


def test_the_nearest_known_forms_tell_why(ranker):
    nearest = ranker.rank("身份证弄丢了", 3, nearest=2).nearest

    assert len(nearest) == 2
    assert nearest[0].likeness > nearest[1].likeness
    assert {form.label for form in nearest} <= set(ranker.labels)


def test_a_known_form_is_nearest_to_itself(ranker):
    [form, *_] = FORMS

    [nearest] = ranker.rank(form.text, 1, nearest=1).nearest

    assert (nearest.text, nearest.label) == (form.text, form.label)
    assert nearest.likeness == pytest.approx(1, abs=0.01)


def test_nothing_is_near_to_what_cannot_be_read(ranker):
    assert ranker.rank("😀", 3, nearest=3).nearest == ()
