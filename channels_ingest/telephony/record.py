"""One call as the switchboard knows it, and as a line of the journal."""

from __future__ import annotations

import base64
import re
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from hotline.calls.states import CallState
from hotline.people.sealing import seal, unseal

KIND = "call"
_MOMENTS = frozenset({"started_at", "queued_at", "ringing_at", "answered_at", "ended_at", "closed_at"})
_MOST_EVENTS = 200
_MOST_KEYS = 100
_HIDDEN = "•"
"""In place of a digit; a star is a key."""
_LONG = re.compile(rf"[0-9{_HIDDEN}](?:[^0-9{_HIDDEN}]?[0-9{_HIDDEN}]){{4,}}")
"""More digits than a menu or a rating asks for: an identity card, a bank card, a telephone, a secret."""


@dataclass(slots=True)
class CallRecord:
    """Everything that the database shall know of a call; `version` rises with each line of it."""

    uuid: UUID
    started_at: datetime
    caller: str = ""
    called: str = ""
    mode: str = "platform"
    version: int = 0
    state: str = CallState.INCOMING
    outcome: str = ""
    skill: str = ""
    agent: int | None = None
    queued_at: datetime | None = None
    ringing_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    closed_at: datetime | None = None
    held_seconds: float = 0.0
    keys: str = ""
    solved: bool | None = None
    rating: int | None = None
    asked: bool = False
    """The caller wants to be called back."""
    message: bool = False
    """The caller left a message after the tone."""
    task: int | None = None
    """The call-back for which we called."""
    about: int | None = None
    """The ticket about which we called."""
    service: str = ""
    """The emergency service that the call was handed to."""
    events: list[dict[str, Any]] = field(default_factory=list)

    @property
    def outgoing(self) -> bool:
        """Whether we called them."""
        return self.task is not None or self.about is not None

    def pressed(self, key: str) -> None:
        """The caller has pressed a key; of a long number nothing is kept but its length, not even on our own disk."""
        kept = _LONG.sub(lambda found: re.sub("[0-9]", _HIDDEN, found[0]), self.keys + key)
        self.keys = kept[:_MOST_KEYS]

    def happened(self, what: str, **data: Any) -> None:
        """Write something down that the other fields do not tell."""
        if len(self.events) < _MOST_EVENTS:
            self.events.append({"at": datetime.now(UTC).isoformat(), "what": what} | data)

    def line(self) -> dict[str, Any]:
        """The next line of the journal; the caller's number is sealed in it."""
        self.version += 1
        kept = asdict(self) | {"uuid": str(self.uuid), "caller": base64.b64encode(seal(self.caller)).decode()}
        kept |= {name: kept[name].isoformat() for name in _MOMENTS if kept[name] is not None}
        return {"kind": KIND} | kept


def read(line: dict[str, Any]) -> CallRecord:
    """The record of a journal's line."""
    known = {one.name for one in fields(CallRecord)}
    kept = {name: value for name, value in line.items() if name in known}
    kept |= {name: datetime.fromisoformat(kept[name]) for name in _MOMENTS if kept.get(name)}
    kept |= {"uuid": UUID(kept["uuid"]), "caller": unseal(base64.b64decode(kept["caller"]))}
    return CallRecord(**kept)
