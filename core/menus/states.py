"""What becomes of a menu, and what its buttons can do."""

from enum import StrEnum

from core.menus.errors import IllegalMenuStep


class MenuState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"  # waits for a second person
    PUBLISHING = "publishing"  # the platform is being told
    FAILED = "failed"  # the platform refused it
    PUBLISHED = "published"
    REPLACED = "replaced"  # by a later one
    WITHDRAWING = "withdrawing"
    WITHDRAWN = "withdrawn"
    DISCARDED = "discarded"


class MenuStep(StrEnum):
    SUBMIT = "submit"
    SEND_BACK = "send_back"
    DISCARD = "discard"
    PUBLISH = "publish"
    TAKE = "take"  # the platform says yes
    REFUSE = "refuse"
    REPLACE = "replace"
    WITHDRAW = "withdraw"
    LAPSE = "lapse"  # the platform drops it together with the menu for everybody


_S, _T = MenuState, MenuStep

TRANSITIONS: dict[tuple[MenuState, MenuStep], MenuState] = {
    (_S.DRAFT, _T.SUBMIT): _S.SUBMITTED,
    (_S.DRAFT, _T.DISCARD): _S.DISCARDED,
    (_S.SUBMITTED, _T.SEND_BACK): _S.DRAFT,
    (_S.SUBMITTED, _T.PUBLISH): _S.PUBLISHING,
    (_S.PUBLISHING, _T.TAKE): _S.PUBLISHED,
    (_S.PUBLISHING, _T.REFUSE): _S.FAILED,
    (_S.FAILED, _T.SEND_BACK): _S.DRAFT,
    (_S.FAILED, _T.PUBLISH): _S.PUBLISHING,
    (_S.PUBLISHED, _T.REPLACE): _S.REPLACED,
    (_S.PUBLISHED, _T.WITHDRAW): _S.WITHDRAWING,
    (_S.PUBLISHED, _T.LAPSE): _S.WITHDRAWN,
    (_S.WITHDRAWING, _T.TAKE): _S.WITHDRAWN,
    (_S.WITHDRAWING, _T.REFUSE): _S.PUBLISHED,
    (_S.WITHDRAWING, _T.REPLACE): _S.REPLACED,
    (_S.WITHDRAWING, _T.LAPSE): _S.WITHDRAWN,
}

# Somebody is still working on these: one at a time for each place.
OPEN = frozenset({_S.DRAFT, _S.SUBMITTED, _S.PUBLISHING, _S.FAILED})
# Citizens see these, one at a time for each place.
ONLINE = frozenset({_S.PUBLISHED, _S.WITHDRAWING})
# The platform has yet to be told.
UNSETTLED = frozenset({_S.PUBLISHING, _S.WITHDRAWING})


def next_state(state: MenuState, step: MenuStep) -> MenuState:
    """Return where the step leads to, or raise IllegalMenuStep."""
    try:
        return TRANSITIONS[state, step]
    except KeyError:
        raise IllegalMenuStep(state=state.value, step=step.value) from None


class ButtonKind(StrEnum):
    SUB_MENU = "sub_menu"
    WISH = "wish"  # something the desk can do for the citizen
    ENTRY = "entry"  # an entry of the FAQ
    PHRASE = "phrase"  # words said in the citizen's name
    PAGE = "page"  # a page of our own
    LINK = "link"  # a page elsewhere
    MINI_PROGRAM = "mini_program"
    SCAN = "scan"  # opens what a QR code leads to
    GROUP = "group"  # puts the citizen into a group


class Wish(StrEnum):
    """What the desk can do; what it says in the citizen's name is in `config/menu_words.yml`."""

    ASK = "ask"
    HOT = "hot"
    CASE = "case"
    STATUS = "status"
    URGE = "urge"
    HUMAN = "human"


class OwnPage(StrEnum):
    """A page for citizens on our own site."""

    HOME = "home"
    LOOK_UP = "look_up"
    MINE = "mine"
    MESSAGE = "message"
    CHAT = "chat"


OWN_PATHS = {
    OwnPage.HOME: "/c/",
    OwnPage.LOOK_UP: "/c/case",
    OwnPage.MINE: "/c/mine",
    OwnPage.MESSAGE: "/c/message",
    OwnPage.CHAT: "/c/chat",
}
# These are told the account, so that they can ask its platform who is there.
ASKS_WHO = frozenset({OwnPage.MINE, OwnPage.MESSAGE})


class LookOutcome(StrEnum):
    """How what the platform shows compares with what was published here."""

    SAME = "same"
    DIFFERENT = "different"
    FAILED = "failed"
