import pytest

from nlu.evaluate import project_sets
from nlu.evaluate.rows import FAR, BadEvaluationData

FAQ = """
topic: id_card
entries:
  - slug: lost
    question: 身份证丢了怎么补？
    variants: [证不见了, 补身份证, 证遗失, 丢了身份证咋办, 证掉了, 身份证补办, 证没了, 补办身份证]
    answer: 到派出所。
    scope: platform
    department: police
    review_by: 2027-01-01
"""
WISHES = ["greet", "out_of_scope"]


@pytest.fixture
def nlu_data(tmp_path):
    for name in ("faq", "nlu", "evaluation"):
        (tmp_path / name).mkdir()
    (tmp_path / "faq" / "id_card.yml").write_text(FAQ, encoding="utf-8")
    blocks = [
        f"- intent: {wish}\n  examples: |\n" + "".join(f"    - {wish} {n}\n" for n in range(15))
        for wish in WISHES
    ]
    (tmp_path / "nlu" / "wishes.yml").write_text("nlu:\n" + "".join(blocks), encoding="utf-8")
    return tmp_path


def write(nlu_data, name, text):
    (nlu_data / "evaluation" / f"{name}.yml").write_text(text, encoding="utf-8")


def test_the_sets_that_are_there_are_read_with_the_strangers_beside_each(nlu_data):
    write(nlu_data, "test", "- {text: 身份证没了咋整, intent: faq/lost, kind: dialect}")
    write(nlu_data, "development", "- {text: 你好身份证丢了, intents: [greet, faq/lost]}")
    write(nlu_data, "out_of_scope", "- {text: 买股票, intent: out_of_scope, kind: far}")
    write(nlu_data, "gold", "- {text: 补身份证, intent: faq/lost}")

    lesson, sets = project_sets.read(nlu_data)

    assert set(lesson.labels) == {"faq/lost", "greet", "out_of_scope"}
    assert [measured.name for measured in sets] == ["test", "development"]
    test, development = sets
    assert (test.in_scope[0].kind, len(test.in_scope[0].typos)) == ("dialect", 2)
    assert development.in_scope[0].labels == ("greet", "faq/lost")
    assert [row.kind for row in development.out_of_scope] == [FAR]
    assert test.gold[0].text == "补身份证"


def test_without_any_set_there_is_nothing_to_measure(nlu_data):
    with pytest.raises(BadEvaluationData, match=r"没有 test.yml 或 development.yml"):
        project_sets.read(nlu_data)


def test_bad_entries_are_told_one_by_one(nlu_data):
    write(
        nlu_data,
        "test",
        "- 一句话\n- {intent: greet}\n- {text: 你好}\n- {text: 你好, intent: faq/none}\n",
    )
    write(nlu_data, "out_of_scope", "- {text: 买股票, intent: out_of_scope}")
    write(nlu_data, "gold", "text: [")

    with pytest.raises(BadEvaluationData) as refused:
        project_sets.read(nlu_data)

    assert refused.value.problems[:5] == [
        "test.yml 第 1 条：不是一个条目",
        "test.yml 第 2 条：缺少 text，或者不是文字",
        "test.yml 第 3 条：缺少 intent 或 intents",
        "test.yml 第 4 条：意图“faq/none”不在训练数据里",
        "out_of_scope.yml 第 1 条：范围外的问题只能有这一个意图，kind 写 near 或 far",
    ]
    assert "gold.yml：不是有效的 YAML" in refused.value.problems[5]
