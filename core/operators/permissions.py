"""Which role may do what, as a table (see the matrix of roles in the domain rules, D)."""

from enum import StrEnum


class Role(StrEnum):
    OPERATOR = "operator"  # 坐席
    DISPATCHER = "dispatcher"  # 分办员
    HANDLER = "handler"  # 承办人
    UNIT_HEAD = "unit_head"  # 承办单位负责人（审核人）
    SUPERVISOR = "supervisor"  # 督办员
    LEADER = "leader"  # 领导
    EDITOR = "editor"  # 知识编辑
    KNOWLEDGE_REVIEWER = "knowledge_reviewer"  # 知识审核
    SYSTEM_ADMIN = "system_admin"  # 系统管理员
    SECURITY_ADMIN = "security_admin"  # 安全管理员
    AUDITOR = "auditor"  # 审计员


class Permission(StrEnum):
    VIEW_CONVERSATIONS = "view_conversations"
    CONVERSE = "converse"
    OPEN_CASE = "open_case"
    VIEW_ALL_CASES = "view_all_cases"
    VIEW_OWN_UNIT_CASES = "view_own_unit_cases"
    READ_CONTACT = "read_contact"
    ACCEPT_CASE = "accept_case"
    DISPATCH_CASE = "dispatch_case"
    SIGN_FOR_CASE = "sign_for_case"
    RETURN_CASE = "return_case"
    DRAFT_REPLY = "draft_reply"
    REVIEW_REPLY = "review_reply"
    URGE_CASE = "urge_case"
    CLOSE_CASE = "close_case"
    VIEW_KNOWLEDGE = "view_knowledge"
    EDIT_KNOWLEDGE = "edit_knowledge"
    REVIEW_KNOWLEDGE = "review_knowledge"
    VIEW_MODELS = "view_models"
    RELEASE_MODEL = "release_model"
    EDIT_MENU = "edit_menu"
    PUBLISH_MENU = "publish_menu"
    VIEW_ORGANISATION = "view_organisation"
    VIEW_CHANNELS = "view_channels"
    MANAGE_CHANNELS = "manage_channels"
    VIEW_ERASURES = "view_erasures"
    CHECK_ERASURES = "check_erasures"
    CARRY_OUT_ERASURES = "carry_out_erasures"
    VIEW_EVENT_LOG = "view_event_log"


_R, _P = Role, Permission

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    _R.OPERATOR: frozenset({
        _P.VIEW_CONVERSATIONS, _P.CONVERSE, _P.OPEN_CASE, _P.VIEW_ALL_CASES, _P.READ_CONTACT,
        _P.VIEW_KNOWLEDGE, _P.VIEW_ORGANISATION,
    }),
    _R.DISPATCHER: frozenset({
        _P.OPEN_CASE, _P.VIEW_ALL_CASES, _P.READ_CONTACT, _P.ACCEPT_CASE, _P.DISPATCH_CASE,
        _P.URGE_CASE, _P.VIEW_KNOWLEDGE, _P.VIEW_ORGANISATION,
    }),
    _R.HANDLER: frozenset({
        _P.VIEW_OWN_UNIT_CASES, _P.READ_CONTACT, _P.SIGN_FOR_CASE, _P.DRAFT_REPLY,
        _P.VIEW_KNOWLEDGE,
    }),
    _R.UNIT_HEAD: frozenset({
        _P.VIEW_OWN_UNIT_CASES, _P.READ_CONTACT, _P.SIGN_FOR_CASE, _P.RETURN_CASE,
        _P.DRAFT_REPLY, _P.REVIEW_REPLY, _P.VIEW_KNOWLEDGE,
    }),
    _R.SUPERVISOR: frozenset({
        _P.VIEW_CONVERSATIONS, _P.VIEW_ALL_CASES, _P.READ_CONTACT, _P.DISPATCH_CASE,
        _P.URGE_CASE, _P.CLOSE_CASE, _P.VIEW_KNOWLEDGE, _P.VIEW_ORGANISATION, _P.VIEW_EVENT_LOG,
        _P.VIEW_CHANNELS,
    }),
    _R.LEADER: frozenset({_P.VIEW_ALL_CASES, _P.VIEW_KNOWLEDGE, _P.VIEW_ORGANISATION}),
    _R.EDITOR: frozenset({_P.VIEW_KNOWLEDGE, _P.EDIT_KNOWLEDGE, _P.EDIT_MENU, _P.VIEW_MODELS}),
    _R.KNOWLEDGE_REVIEWER: frozenset({
        _P.VIEW_KNOWLEDGE, _P.EDIT_KNOWLEDGE, _P.REVIEW_KNOWLEDGE, _P.EDIT_MENU, _P.PUBLISH_MENU,
        _P.VIEW_MODELS, _P.RELEASE_MODEL,
    }),
    _R.SYSTEM_ADMIN: frozenset({
        _P.VIEW_ORGANISATION, _P.VIEW_CHANNELS, _P.MANAGE_CHANNELS, _P.VIEW_MODELS,
        _P.RELEASE_MODEL, _P.VIEW_ERASURES, _P.CARRY_OUT_ERASURES,
    }),
    _R.SECURITY_ADMIN: frozenset({
        _P.VIEW_ORGANISATION, _P.VIEW_CHANNELS, _P.VIEW_ERASURES, _P.CHECK_ERASURES,
    }),
    _R.AUDITOR: frozenset({
        _P.VIEW_EVENT_LOG, _P.VIEW_ORGANISATION, _P.VIEW_CHANNELS, _P.VIEW_ERASURES,
    }),
}  # fmt: skip

# Three administrators separated (三员分立): nobody holds two of these.
SEPARATED = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR)


def permissions_of(roles: set[Role]) -> frozenset[Permission]:
    return frozenset().union(*(PERMISSIONS[role] for role in roles))
