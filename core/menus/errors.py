"""Why a menu or a group of citizens cannot be changed or published."""

from core.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError


class MenuNotFound(NotFoundError):
    code = "menu_not_found"


class GroupNotFound(NotFoundError):
    code = "group_not_found"


class IllegalMenuStep(ConflictError):
    """The menu is in another state by now."""

    code = "illegal_menu_step"


class StaleMenu(ConflictError):
    """Somebody saved the draft after this person had opened it."""

    code = "stale_menu"


class MenuAlreadyOpen(ConflictError):
    """There is a draft for this place; two would overwrite each other."""

    code = "menu_already_open"


class MenuInvalid(InvalidInputError):
    """The platform would refuse the menu, or citizens would be led nowhere."""

    code = "menu_invalid"


class MenuReasonMissing(InvalidInputError):
    code = "menu_reason_missing"


class PublisherIsEditor(NotAllowedError):
    """Nobody publishes a draft of their own."""

    code = "publisher_is_editor"


class MenusNotOffered(NotAllowedError):
    """The platform does not let this account set menus."""

    code = "menus_not_offered"


class GroupMenusNotOffered(NotAllowedError):
    """The platform does not let this account show a menu to some citizens only."""

    code = "group_menus_not_offered"


class CommonMenuMissing(ConflictError):
    """A menu for a group stands beside the one for everybody, which is not published."""

    code = "common_menu_missing"


class GroupNameTaken(ConflictError):
    code = "group_name_taken"


class GroupNameInvalid(InvalidInputError):
    code = "group_name_invalid"


class GroupHasMenu(ConflictError):
    """Its menu is published; take that back first."""

    code = "group_has_menu"
