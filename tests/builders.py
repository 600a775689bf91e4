"""Build things for tests, through services: say what matters, leave the rest to defaults."""

import dataclasses
from datetime import date
from itertools import count
from typing import Any

from core.cases.models import Case
from core.cases.services import submit_case
from core.cases.states import CaseKind, CaseSource
from core.conversations import queries as conversations
from core.conversations.models import Conversation, Message
from core.conversations.services import receive
from core.departments.models import Department
from core.departments.services import add_department
from core.knowledge.models import Change, FaqEntry
from core.knowledge.services import EntryDraft, ReferenceDraft, draft_change, import_entry
from core.knowledge.states import EntryScope
from core.messaging import ChannelAddress, ChannelName, InboundKind, InboundMessage
from core.operators.models import Operator
from core.operators.permissions import Role
from core.operators.services import add_operator
from core.unit_of_work import UnitOfWork

PASSWORD = "correct horse battery"

_serial = count(1)


def an_address(**given: Any) -> ChannelAddress:
    defaults: dict[str, Any] = {
        "channel": ChannelName.WECHAT,
        "account": "demo",
        "platform_id": f"oCitizen{next(_serial):020d}",
    }
    return ChannelAddress(**defaults | given)


def an_inbound(uow: UnitOfWork, **given: Any) -> InboundMessage:
    defaults: dict[str, Any] = {
        "address": given.get("address") or an_address(),
        "dedupe_key": f"push-{next(_serial)}",
        "kind": InboundKind.TEXT,
        "sent_at": uow.now,
        "text": "身份证丢了怎么补办",
    }
    return InboundMessage(**defaults | given)


def a_message(uow: UnitOfWork, **given: Any) -> Message:
    """Return a message just received from a citizen."""
    passive_until = given.pop("passive_until", None)
    receipt = receive(uow, an_inbound(uow, **given), passive_until=passive_until)
    return conversations.get_message(uow.session, receipt.message_id)


def a_conversation(uow: UnitOfWork, **given: Any) -> Conversation:
    """Return a conversation that a citizen has begun with one message."""
    return conversations.get(uow.session, a_message(uow, **given).conversation_id)


def a_department(uow: UnitOfWork, **given: Any) -> Department:
    serial = next(_serial)
    defaults: dict[str, Any] = {
        "code": f"department_{serial}",
        "name": f"第{serial}局",
        "contact_name": "联系人",
        "phone": "0000-1234567",
    }
    return add_department(uow, **defaults | given)


def an_operator(uow: UnitOfWork, *roles: Role, **given: Any) -> Operator:
    serial = next(_serial)
    department = given.pop("department", None) or a_department(uow)
    defaults: dict[str, Any] = {
        "login": f"operator{serial}",
        "display_name": f"坐席{serial}",
        "department_code": department.code,
        "roles": roles or (Role.OPERATOR,),
        "password": PASSWORD,
    }
    return add_operator(uow, **defaults | given)


def a_case(uow: UnitOfWork, **given: Any) -> Case:
    """Return a case just submitted."""
    defaults: dict[str, Any] = {
        "kind": CaseKind.INQUIRY,
        "content": "人民路路灯坏了三天，晚上看不清路。",
        "source": CaseSource.WECHAT,
    }
    return submit_case(uow, **defaults | given)


def a_draft(uow: UnitOfWork, entry: FaqEntry | None = None, **given: Any) -> EntryDraft:
    """Return what the entry says, or what a new one would, with what is given changed."""
    if entry is not None:
        return dataclasses.replace(entry.content, **given)
    serial = next(_serial)
    department = given.pop("department", None) or a_department(uow)
    defaults: dict[str, Any] = {
        "slug": f"entry_{serial}",
        "topic": "id_card",
        "topic_title": "身份证",
        "question": f"身份证丢了怎么补领？（{serial}）",
        "variants": [f"身份证丢了 {serial}"],
        "answer": "请到户籍所在地的公安机关申请补领。",
        "scope": EntryScope.NATIONAL,
        "department_code": department.code,
        "review_by": date(2027, 6, 30),
        "references": [
            ReferenceDraft(
                document="中华人民共和国居民身份证法",
                article="第十一条",
                effective_on=date(2004, 1, 1),
            )
        ],
    }
    return EntryDraft(**defaults | given)


def an_entry(uow: UnitOfWork, **given: Any) -> FaqEntry:
    return import_entry(uow, a_draft(uow, **given))


def a_change(uow: UnitOfWork, entry: FaqEntry, author: Operator, **given: Any) -> Change:
    """Return a draft of the entry's new content, with what is given changed."""
    note = given.pop("note", "")
    return draft_change(uow, a_draft(uow, entry, **given), author_id=author.id, note=note)
