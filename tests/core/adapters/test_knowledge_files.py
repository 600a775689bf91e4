"""Entries go out to files and come back as they were; what is malformed is told line by line."""

import csv
import io
import zipfile
from pathlib import Path

import pytest
import yaml
from openpyxl import Workbook, load_workbook

from config.notices import load_import_problems
from core.adapters.knowledge_files import (
    FileRefused,
    as_csv,
    as_faq_folder,
    as_rasa,
    as_xlsx,
    read_file,
)
from core.adapters.knowledge_files.tables import COLUMNS
from launch.seeding import faq
from tests.core.adapters.entries import an_entry_draft

FAQ = Path(__file__).parents[3] / "nlu_data" / "faq"


@pytest.fixture(scope="module")
def corpus():
    return faq.drafts()


@pytest.fixture(scope="module")
def live(corpus):
    return {entry.slug: entry for entry in corpus}


def refused(name, data):
    with pytest.raises(FileRefused) as told:
        read_file(name, data, {})
    problem = told.value.problem
    assert load_import_problems()[problem.code].format_map(problem.facts)
    return problem.code


def problems(name, data, live=()):
    """Return what is wrong with each line; every problem can be worded."""
    found = []
    for line in read_file(name, data, dict(live)):
        assert (line.draft is None) == bool(line.problems)
        for problem in line.problems:
            assert load_import_problems()[problem.code].format_map(problem.facts)
        found.append([problem.code for problem in line.problems])
    return found


def as_tabs(entries):
    rows = csv.reader(io.StringIO(as_csv(entries).decode("utf-8-sig"), newline=""))
    text = io.StringIO(newline="")
    csv.writer(text, delimiter="\t").writerows(rows)
    return text.getvalue().encode()


def test_the_corpus_written_out_is_what_it_was_but_for_its_looks(corpus):
    folder = as_faq_folder(corpus)

    assert set(folder) == {file.name for file in FAQ.glob("*.yml")}
    for name, text in folder.items():
        before = yaml.safe_load((FAQ / name).read_text(encoding="utf-8"))
        for entry in before["entries"]:
            entry["answer"] = entry["answer"].strip()
        assert yaml.safe_load(text) == before


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("a.csv", as_csv),
        ("a.xlsx", as_xlsx),
        ("a.yaml", lambda entries: as_rasa(entries).encode()),
        ("gb.csv", lambda entries: as_csv(entries).decode("utf-8-sig").encode("gb18030")),
        ("tabs.tsv", as_tabs),
    ],
)
def test_every_form_comes_back_as_it_went(corpus, live, name, write):
    lines = read_file(name, write(corpus), live)

    assert [line.problems for line in lines if line.problems] == []
    assert [line.draft.as_json() for line in lines] == [entry.as_json() for entry in corpus]


def test_every_field_survives_every_form():
    entry = an_entry_draft(
        steps=["一", "二"],
        link="https://www.gov.cn/a?b=c",
        phone="010-12345",
        is_people_only=True,
    )

    [name] = folder = as_faq_folder([entry])
    for file, data in (
        (name, folder[name].encode()),
        ("a.csv", as_csv([entry])),
        ("a.xlsx", as_xlsx([entry])),
    ):
        [line] = read_file(file, data, {})
        assert line.draft.as_json() == entry.as_json()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t"])
def test_a_formula_does_not_run_and_comes_back_as_it_was(start):
    entry = an_entry_draft(question=f"{start}HYPERLINK(1)问", answer=f"{start}cmd|' /C calc'!A0")

    [row] = list(csv.DictReader(io.StringIO(as_csv([entry]).decode("utf-8-sig"))))
    sheet = load_workbook(io.BytesIO(as_xlsx([entry]))).worksheets[0]
    cells = [cell for cell in sheet[2] if cell.value]
    [line] = read_file("a.csv", as_csv([entry]), {})

    assert row["答案"].startswith("'")
    assert all(cell.data_type == "s" for cell in cells)
    assert line.draft.answer == entry.answer.strip()


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.yml", b"", "empty_file"),
        ("a.docx", b"PK", "kind_unknown"),
        ("noending", b"x", "kind_unknown"),
        ("a.yml", b"\xff\xfe\x00", "not_utf8"),
        ("a.yml", b"a: [", "not_yaml"),
        ("a.yml", b"!!python/object/apply:os.system ['true']", "not_yaml"),
        ("a.yml", b"- just\n- a list", "no_entries"),
        ("a.yml", b"entries: 3", "no_entries"),
        ("a.yml", b"nlu: text", "no_intents"),
        ("a.yml", b"a: &a [x]\nb: [*a, *a]", "yaml_aliases"),
        ("a.yml", b"[" * 5000, "not_yaml"),
        ("a.csv", b"\x81", "encoding_unknown"),
        ("a.csv", b'"never closed', "not_csv"),
        ("a.csv", b"\n", "columns_missing"),
        ("a.csv", "标识,答案\n".encode(), "columns_missing"),
        ("a.csv", ",".join(COLUMNS.values()).encode(), "no_rows"),
        ("a.xlsx", b"not a zip", "not_xlsx"),
        ("a.xlsx", b"PK\x03\x04 broken", "not_xlsx"),
        ("big.csv", b"x" * (1536 * 1024 + 1), "file_too_large"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_reason(name, data, code):
    assert refused(name, data) == code


def test_a_zip_bomb_is_not_unpacked():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("xl/worksheets/sheet1.xml", b"0" * (61 * 1024 * 1024))

    assert refused("a.xlsx", packed.getvalue()) == "unpacks_too_large"


def test_a_zip_that_is_no_workbook_is_refused():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as other:
        other.writestr("hello.txt", "hello")

    assert refused("a.xlsx", packed.getvalue()) == "not_xlsx"


def as_yaml(**changed):
    [text] = as_faq_folder([an_entry_draft()]).values()
    content = yaml.safe_load(text)
    entry = content["entries"][0]
    entry.update(changed)
    content["entries"] = [{name: value for name, value in entry.items() if value != "gone"}]
    return yaml.safe_dump(content, allow_unicode=True).encode()


@pytest.mark.parametrize(
    ("changed", "codes"),
    [
        ({}, []),
        ({"slug": "Not A Slug"}, ["slug_invalid"]),
        ({"slug": "gone"}, ["slug_invalid"]),
        ({"question": "gone"}, ["missing"]),
        ({"answer": "gone"}, ["missing"]),
        ({"variants": []}, ["missing"]),
        ({"variants": "一句话"}, ["not_a_list"]),
        ({"variants": ["好", {"x": "y"}]}, ["not_a_list"]),
        ({"variants": ["好" * 201]}, ["line_too_long"]),
        ({"variants": [f"问{n}" for n in range(301)]}, ["too_many_lines"]),
        ({"answer": ["不是", "文字"]}, ["not_a_text"]),
        ({"question": "长" * 201}, ["too_long"]),
        ({"scope": "moon"}, ["scope_unknown"]),
        ({"review_by": "明年"}, ["not_a_day"]),
        ({"review_by": "gone"}, ["missing"]),
        ({"department": "gone"}, ["missing"]),
        ({"references": []}, ["missing"]),
        ({"references": ["某法"]}, ["not_a_list"]),
        ({"references": [{"article": "第一条"}]}, ["missing"]),
        ({"references": [{"document": "某法", "effective_on": "x"}]}, ["not_a_day"]),
        ({"scope": "local"}, ["missing"]),
        ({"people_only": "也许"}, ["not_yes_or_no"]),
        ({"link": "javascript:alert(1)"}, ["not_a_link"]),
        ({"surprise": 1}, ["unknown_field"]),
        ({"slug": "Ä", "scope": "x", "review_by": "y"}, ["slug_invalid", "scope_unknown",
                                                          "not_a_day"]),
    ],
)  # fmt: skip
def test_an_entry_is_refused_with_all_that_is_wrong_with_it(changed, codes):
    [found] = problems("a.yml", as_yaml(**changed))

    assert sorted(set(found)) == sorted(set(codes))


def test_good_entries_beside_bad_ones_are_kept_and_repetitions_refused():
    content = yaml.safe_load(as_yaml())
    content["entries"] += ["no entry", *yaml.safe_load(as_yaml())["entries"]]

    found = problems("a.yml", yaml.safe_dump(content, allow_unicode=True).encode())

    assert found == [[], ["not_an_entry"], ["repeated"]]


def test_a_table_is_read_by_its_heads_in_any_order_and_without_the_optional_ones():
    rows = list(csv.reader(io.StringIO(as_csv([an_entry_draft()]).decode("utf-8-sig"))))
    keep = [place for place, head in enumerate(rows[0]) if head not in {"费用", "网址"}][::-1]
    text = io.StringIO(newline="")
    csv.writer(text).writerows([[row[place] for place in keep] for row in rows])

    [line] = read_file("a.csv", text.getvalue().encode(), {})

    assert line.draft.as_json() == an_entry_draft().as_json()


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("只由人工答复", "也许", "not_yes_or_no"),
        ("依据", "一|二|三|四|五|六|七", "reference_parts"),
        ("依据", "某法||第一条|昨天", "not_a_day"),
        ("复核日期", "2027/13/1", "not_a_day"),
        ("适用范围", "全世界", "scope_unknown"),
        ("标准问法", "", "missing"),
    ],
)
def test_a_row_is_refused_with_its_number(column, value, code):
    rows = list(csv.reader(io.StringIO(as_csv([an_entry_draft()]).decode("utf-8-sig"))))
    rows[1][rows[0].index(column)] = value
    text = io.StringIO(newline="")
    csv.writer(text).writerows([*rows, [""] * 3, ["另一行"]])

    first, second = read_file("a.csv", text.getvalue().encode(), {})

    assert first.place == "第 2 行"
    assert code in [problem.code for problem in first.problems]
    assert second.place == "第 4 行"
    assert second.problems


def test_numbers_and_days_of_a_workbook_are_read_as_they_are_shown():
    book = Workbook()
    sheet = book.active
    sheet.append(list(COLUMNS.values()))
    entry = an_entry_draft()
    by_name = dict(zip(COLUMNS, next(csv.reader(io.StringIO(
        as_csv([entry]).decode("utf-8-sig").partition("\r\n")[2]))), strict=True))  # fmt: skip
    sheet.append([
        12345.0 if name == "phone" else entry.review_by if name == "review_by" else by_name[name]
        for name in COLUMNS
    ])  # fmt: skip
    file = io.BytesIO()
    book.save(file)

    [line] = read_file("a.xlsx", file.getvalue(), {})

    assert (line.draft.phone, line.draft.review_by) == ("12345", entry.review_by)


def test_rasas_form_changes_question_forms_only():
    entry = an_entry_draft()
    text = """
nlu:
  - intent: faq/loss
    examples: |
      - 身份证丢了怎么补领
      - 证丢了
      - "[北京](city)的证丢了"
  - intent: greet
    examples: "- 你好"
  - intent: faq/nowhere
    examples: "- 不知道"
  - intent: faq/loss2
    examples: 没有横线
  - 3
"""
    other = an_entry_draft(slug="loss2")

    first, *rest = read_file("a.yml", text.encode(), {"loss": entry, "loss2": other})

    assert list(first.draft.variants) == ["证丢了", '"北京的证丢了"']
    assert first.draft.answer == entry.answer
    assert [[problem.code for problem in line.problems] for line in rest] == [
        ["not_a_faq_intent"], ["intent_without_answer"], ["not_an_example"], ["not_a_faq_intent"],
    ]  # fmt: skip
