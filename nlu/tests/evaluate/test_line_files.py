import json

import pytest

from nlu.evaluate import line_files
from nlu.evaluate.rows import FAR, NEAR, UNSPLIT, BadEvaluationData


def lines(file, *rows):
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    file.write_text(text, encoding="utf-8")
    return file


def columns(file, *rows):
    file.write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
    return file


@pytest.fixture
def train(tmp_path):
    return lines(
        tmp_path / "train.jsonl",
        {"text": "明天下雨吗", "intent": "天气"},
        {"text": "今天多少度", "intent": "天气"},
        {"text": "放首歌", "intent": "music/play"},
    )


@pytest.fixture
def kb(tmp_path):
    return columns(
        tmp_path / "kb.tsv", ("id", "matter_name"), ("7", "身份证补领"), ("9", "户口迁移")
    )


# --- sentences -------------------------------------------------------------------------------


def test_sentences_are_learnt_under_names_of_our_own_and_told_by_their_intents(train, tmp_path):
    test = lines(tmp_path / "test.jsonl", {"text": "后天冷不冷", "intent": "天气", "kind": "short"})

    lesson, measured = line_files.read_sentences(train, test)

    assert [question.forms for question in lesson.data.questions] == [
        ("明天下雨吗", "今天多少度"),
        ("放首歌",),
    ]
    assert sorted(lesson.labels.values()) == ["music/play", "天气"]
    assert all(name.startswith("faq/q") for name in lesson.labels)
    [row] = measured.rows
    assert (row.labels, row.kind, len(row.typos)) == (("天气",), "short", 2)


def test_out_of_scope_may_be_asked_and_may_be_learnt(train, tmp_path):
    with train.open("a", encoding="utf-8") as more:
        more.write('{"text": "买股票", "intent": "out_of_scope"}\n')
    test = lines(
        tmp_path / "test.jsonl",
        {"text": "一加一", "intent": "out_of_scope"},
        {"text": "几点开门", "intent": "out_of_scope", "kind": "near"},
    )

    lesson, measured = line_files.read_sentences(train, test)

    assert [wish.forms for wish in lesson.data.wishes] == [("买股票",)]
    assert [row.kind for row in measured.out_of_scope] == [UNSPLIT, NEAR]
    assert measured.in_scope == []


def test_bad_lines_are_told_one_by_one_with_their_reasons(train, tmp_path):
    test = tmp_path / "test.jsonl"
    test.write_bytes(
        b'{"text": "a", "intent": "x"}\n'
        b"not json\n"
        b"[1, 2]\n"
        b'{"text": "b"}\n'
        b'{"text": 5, "intent": "x"}\n'
        b'{"text": "  ", "intent": "x"}\n'
        b'{"text": "\xff", "intent": "x"}\n'
    )

    with pytest.raises(BadEvaluationData) as refused:
        line_files.read_sentences(train, test)

    problems = refused.value.problems
    assert [problem.split("：")[0] for problem in problems] == [
        f"test.jsonl 第 {number} 行" for number in (2, 3, 4, 5, 6, 7)
    ]
    assert "不是有效的 JSON" in problems[0]
    assert [problem.split("：")[1] for problem in problems[1:]] == [
        "应当是一个 JSON 对象",
        "缺少 intent",
        "text 应当是文字",
        "text 是空的",
        "不是 UTF-8 编码",
    ]


def test_what_cannot_be_read_cannot_be_learnt_but_can_be_asked(tmp_path):
    train = lines(
        tmp_path / "train.jsonl",
        {"text": "😀", "intent": "a"},
        {"text": "你好", "intent": "a"},
        {"text": "再见", "intent": "b"},
    )
    test = lines(tmp_path / "test.jsonl", {"text": "😀", "intent": "a"})

    with pytest.raises(BadEvaluationData) as refused:
        line_files.read_sentences(train, test)

    assert refused.value.problems == ["train.jsonl 第 1 行：text 里没有可以学的文字"]


def test_one_intent_is_nothing_to_tell_apart(tmp_path):
    one = lines(tmp_path / "one.jsonl", {"text": "你好", "intent": "a"})

    with pytest.raises(BadEvaluationData, match="至少要有 2 个意图，只有 1 个"):
        line_files.read_sentences(one, one)


def test_missing_and_empty_files_are_told(tmp_path):
    empty = lines(tmp_path / "empty.jsonl")

    with pytest.raises(BadEvaluationData) as refused:
        line_files.read_sentences(tmp_path / "none.jsonl", empty)

    assert "none.jsonl：读不了（没有这个文件）" in refused.value.problems[0]
    assert refused.value.problems[1] == "empty.jsonl：是空的"


def test_an_intent_that_was_never_learnt_is_noted_and_counts_as_wrong(train, tmp_path):
    test = lines(
        tmp_path / "test.jsonl",
        {"text": "下雪没", "intent": "天气"},
        {"text": "订票", "intent": "车票"},
    )

    lesson, measured = line_files.read_sentences(train, test)

    assert len(measured.in_scope) == 2
    assert lesson.notes == ("test.jsonl 有 1 行的意图不在训练集里（车票），必然判错。",)


def test_a_sentence_under_two_intents_is_noted(tmp_path):
    both = lines(
        tmp_path / "both.jsonl",
        {"text": "你好", "intent": "a"},
        {"text": "你好！", "intent": "b"},
    )

    lesson, _ = line_files.read_sentences(both, both)

    assert lesson.notes == ("训练数据里有 1 句话同时属于几个意图，照样评测。",)


# --- stores of questions ---------------------------------------------------------------------


def test_a_store_is_read_with_its_queries_typos_and_strangers(kb, tmp_path):
    queries = columns(
        tmp_path / "queries.tsv",
        ("alias", "kb_id", "alias_typo1", "alias_typo2"),
        ("身份证丢了", "7", "身分证丢了", "身分正丢了"),
    )
    near = columns(tmp_path / "near.tsv", ("query",), ("护照补领",))
    far = columns(tmp_path / "far.tsv", ("query",), ("放首歌",))

    lesson, measured = line_files.read_questions(kb, queries, near, far)

    assert [question.forms for question in lesson.data.questions] == [
        ("身份证补领",),
        ("户口迁移",),
    ]
    assert sorted(lesson.labels.values()) == ["7", "9"]
    [row] = measured.in_scope
    assert (row.labels, row.typos) == (("7",), ("身分证丢了", "身分正丢了"))
    assert [(row.text, row.kind) for row in measured.out_of_scope] == [
        ("护照补领", NEAR),
        ("放首歌", FAR),
    ]


def test_typos_are_made_where_the_file_has_none(kb, tmp_path):
    queries = columns(tmp_path / "queries.tsv", ("query", "kb_id"), ("身份证丢了", "7"))

    _, measured = line_files.read_questions(kb, queries)

    assert len(measured.in_scope[0].typos) == 2


def test_bad_rows_of_a_store_are_told_one_by_one(tmp_path):
    kb = columns(
        tmp_path / "kb.tsv",
        ("id", "question"),
        ("1", "甲"),
        ("1", "乙"),
        ("", "丙"),
        ("4", "。"),
        ("5",),
    )
    queries = columns(tmp_path / "queries.tsv", ("query", "kb_id"), ("", "1"))

    with pytest.raises(BadEvaluationData) as refused:
        line_files.read_questions(kb, queries)

    assert refused.value.problems == [
        "kb.tsv 第 3 行：id “1” 和第 2 行重复",
        "kb.tsv 第 4 行：id 是空的",
        "kb.tsv 第 5 行：标准问题里没有可以学的文字",
        "kb.tsv 第 6 行：有 1 列，表头有 2 列",
        "queries.tsv 第 2 行：有空的问法",
    ]


def test_a_query_must_lead_to_a_question_of_the_store(kb, tmp_path):
    queries = columns(tmp_path / "queries.tsv", ("query", "kb_id"), ("身份证", "8"))

    with pytest.raises(BadEvaluationData, match="第 2 行：kb_id “8” 不在标准问题里"):
        line_files.read_questions(kb, queries)


def test_headers_are_checked(kb, tmp_path):
    wrong = columns(tmp_path / "wrong.tsv", ("text", "answer"), ("甲", "乙"))

    with pytest.raises(BadEvaluationData) as refused:
        line_files.read_questions(wrong, wrong, wrong)

    assert refused.value.problems == [
        "wrong.tsv 第 1 行：表头应当是 id 和一列标准问题",
        "wrong.tsv 第 1 行：表头应当是一列问法和 kb_id",
        "wrong.tsv 第 1 行：表头应当是 query",
    ]


def test_windows_line_ends_and_byte_order_marks_do_no_harm(kb, tmp_path):
    queries = tmp_path / "queries.tsv"
    queries.write_bytes("\ufeffquery\tkb_id\r\n身份证\t7\r\n".encode())

    _, measured = line_files.read_questions(kb, queries)

    assert [row.text for row in measured.rows] == ["身份证"]
