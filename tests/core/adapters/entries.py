"""An entry to write to files, with what is given changed."""

from datetime import date
from typing import Any

from core.knowledge.contents import EntryDraft, ReferenceDraft
from core.knowledge.states import EntryScope


def an_entry_draft(**given: Any) -> EntryDraft:
    defaults: dict[str, Any] = {
        "slug": "loss",
        "topic": "id_card",
        "topic_title": "身份证",
        "question": "身份证丢了怎么补领？",
        "variants": ["身份证丢了", "证件没了"],
        "answer": "请到派出所补领。\n带上户口簿。",
        "scope": EntryScope.NATIONAL,
        "department_code": "police",
        "review_by": date(2027, 6, 30),
        "references": [
            ReferenceDraft(
                document="居民身份证法",
                document_no="主席令第51号",
                article="第十一条",
                effective_on=date(2004, 1, 1),
                successor="新法",
            )
        ],
    }
    return EntryDraft(**defaults | given)
