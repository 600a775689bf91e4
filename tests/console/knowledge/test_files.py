"""Files are looked at line by line before anything of them is taken in."""

import io
import zipfile

import pytest

from core.adapters.knowledge_files import LARGEST_BYTES, as_csv, as_faq_folder, read_file
from core.bootstrap import Core
from core.knowledge import queries
from core.knowledge.states import ChangeState
from core.operators.permissions import Role
from tests.builders import a_draft, an_entry
from tests.console.browsing import Visitor, words_of

pytestmark = pytest.mark.usefixtures("two_entries")


def send(desk: Visitor, name: str, data: bytes):
    return desk.post("/knowledge/files", {"file": (io.BytesIO(data), name)})


@pytest.fixture
def csv(core: Core) -> bytes:
    """A file with a new entry, a changed, an unchanged and a bad one."""
    with core.unit_of_work() as uow:
        fund, loss = queries.get(uow.session, "fund"), queries.get(uow.session, "loss")
        drafts = [
            a_draft(uow, loss),
            a_draft(uow, fund, answer="=文件里的新答案"),
            a_draft(uow, loss, slug="brand_new", question="怎么开户籍证明？"),
            a_draft(uow, loss, slug="no_owner", department_code="nobody"),
            a_draft(uow, loss, slug="silent", answer=""),
        ]
    return as_csv(drafts)


def form_of(desk: Visitor, size: int):
    """Return a form with a file of this size, as bytes: large ones would go through the disk."""
    token = desk._token
    body = (
        f'--x\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
        '--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n'
        "Content-Type: text/csv\r\n\r\n" + "x" * size + "\r\n--x--\r\n"
    )
    return {"data": body.encode(), "content_type": "multipart/form-data; boundary=x"}


def own(core: Core, editor):
    with core.unit_of_work() as uow:
        return {each.slug: each for each in queries.open_changes(uow.session, author_id=editor.id)}


def test_a_file_is_compared_before_anything_is_taken_in(core, desk, editor, csv):
    answer = send(desk, "知识.csv", csv)

    read = words_of(desk.get(answer.location))
    assert "1 新增 1 修改 1 无变化 2 不能导入" in read
    assert "第 5 行 不能导入 no_owner 没有这个责任单位：“nobody”。" in read
    assert "第 6 行 不能导入 silent 缺少“答案”。" in read
    assert "改动：答案" in read
    assert own(core, editor) == {}


def test_what_is_good_is_taken_in_as_drafts(core, desk, editor, csv):
    page = send(desk, "知识.csv", csv).location

    answer = desk.post(page, {"then": "draft"})

    made = own(core, editor)
    assert set(made) == {"fund", "brand_new"}
    assert made["fund"].content.answer == "=文件里的新答案"
    assert (made["brand_new"].base_version, made["brand_new"].note) == (0, "知识.csv")
    assert "已生成 2 份修改" in words_of(desk.get(answer.location))
    assert desk.get(page).status_code == 404


def test_what_is_good_can_be_sent_to_review_at_once(core, desk, editor, csv):
    desk.post(send(desk, "a.csv", csv).location, {"then": "submit"})

    assert {each.state for each in own(core, editor).values()} == {ChangeState.IN_REVIEW}


def test_a_file_that_was_overtaken_is_taken_in_not_even_partly(core, desk, editor, csv):
    page = send(desk, "a.csv", csv).location
    with core.unit_of_work() as uow:
        fund = queries.get(uow.session, "fund")
        an_entry(uow, slug="fund", answer="别人改了", department=fund.department)

    answer = desk.post(page, {"then": "submit"})

    assert "没有导入：条目已有新的版本" in words_of(desk.get(answer.location))
    assert own(core, editor) == {}


def test_nobody_takes_in_the_file_of_somebody_else(core, desk, csv, sign_in_as):
    page = send(desk, "a.csv", csv).location
    other = sign_in_as(Role.EDITOR)

    assert other.get(page).status_code == 404


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("a.yml", b"a: [", "不是有效的 YAML"),
        ("a.xlsx", b"PK nonsense", "不是有效的 XLSX"),
        ("a.exe", b"MZ", "不支持“exe”文件"),
        ("a.csv", b"", "文件是空的"),
        ("a.csv", "标识,答案\n".encode(), "缺少这些列"),
        ("<b>.csv", b"\x81", "无法识别文件编码"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(desk, name, data, told):
    desk.get("/knowledge/files")

    answer = send(desk, name, data)

    assert answer.status_code == 422
    assert told in words_of(answer)
    assert "<b>" not in answer.text


def test_no_file_at_all_is_told(desk):
    assert "请先选择文件" in words_of(desk.post("/knowledge/files"))


def test_a_file_may_be_larger_than_a_form_but_not_without_limit(desk):
    desk.get("/knowledge/files")

    large = desk.client.post("/knowledge/files", **form_of(desk, LARGEST_BYTES - 10))
    huge = desk.client.post("/knowledge/files", **form_of(desk, LARGEST_BYTES + 1024 * 1024))

    assert (large.status_code, huge.status_code) == (422, 413)


@pytest.mark.parametrize("kind", ["csv", "xlsx", "rasa"])
def test_what_is_given_out_can_be_taken_in_again(core, desk, kind):
    answer = desk.get(f"/knowledge/files/export/{kind}")
    name = answer.headers["Content-Disposition"].partition('"')[2].rstrip('"')

    page = desk.get(send(desk, name, answer.data).location)

    assert "0 新增 0 修改 2 无变化 0 不能导入" in words_of(page)
    assert "没有可以导入的内容" in words_of(page)


def test_the_reviewable_form_is_given_out_topic_by_topic(core, desk):
    answer = desk.get("/knowledge/files/export/faq?topic=id_card")

    with zipfile.ZipFile(io.BytesIO(answer.data)) as folder:
        [name] = folder.namelist()
        lines = read_file(name, folder.read(name), {})
    assert (name, [line.slug for line in lines]) == ("id_card.yml", ["loss", "fund"])
    assert desk.get("/knowledge/files/export/pdf").status_code == 404


def test_a_faq_file_is_taken_in_as_well(core, desk):
    with core.unit_of_work() as uow:
        loss = queries.get(uow.session, "loss")
        [text] = as_faq_folder([a_draft(uow, loss, answer="文件里的答案")]).values()

    read = words_of(desk.get(send(desk, "id_card.yml", text.encode()).location))

    assert "0 新增 1 修改" in read
