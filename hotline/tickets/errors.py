"""What can go wrong with a verb.

TicketError
├── NotAllowed        the verb has no arrow from the ticket's state, or a rule forbids it now   (422)
├── NotYours          the asker has no duty or right for it                                     (403)
├── StaleVersion      somebody changed the ticket since the asker read it                       (409)
└── InvalidFields     a field is missing or wrong; says which                                   (422)
"""

from django.utils.translation import gettext as _


class TicketError(Exception):
    """Something a user can be told; nothing was changed."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotAllowed(TicketError):
    """The verb is not open in this state, or a rule closes it."""


class NotYours(TicketError):
    """The asker's role or unit has no part in this."""


class StaleVersion(TicketError):
    """Optimistic lock: the version that the asker read is no longer the current one."""

    def __init__(self, current: int) -> None:
        super().__init__(_("Somebody changed this ticket meanwhile. Look at it again and repeat."))
        self.current = current


class InvalidFields(TicketError):
    """Field errors: {field: [sentence, …]}."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__("; ".join(f"{field}: {' '.join(texts)}" for field, texts in errors.items()))
        self.errors = errors
