"""How a request about a conversation can be refused."""

from core.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError


class ConversationNotFound(NotFoundError):
    code = "conversation_not_found"


class MessageNotFound(NotFoundError):
    code = "message_not_found"


class IllegalConversationStep(ConflictError):
    """The conversation is no longer in a state that allows this."""

    code = "illegal_conversation_step"


class AlreadyTaken(ConflictError):
    """Another operator took the conversation over a moment ago."""

    code = "conversation_already_taken"


class OperatorAtCapacity(ConflictError):
    """The operator is already speaking in as many conversations as is allowed."""

    code = "operator_at_capacity"


class NotYourConversation(NotAllowedError):
    """Only the operator who took the conversation over speaks in it."""

    code = "not_your_conversation"


class CitizenUnreachable(ConflictError):
    """The citizen has left the account: nothing can be delivered."""

    code = "citizen_unreachable"


class EmptyMessage(InvalidInputError):
    code = "empty_message"


class MessageTooLong(InvalidInputError):
    code = "message_too_long"


class NothingToSendAgain(ConflictError):
    """The message is on its way or has arrived."""

    code = "nothing_to_send_again"


class IllegalErasureStep(ConflictError):
    """Somebody else has decided on the erasure, or it has not been checked yet."""

    code = "illegal_erasure_step"
