"""The stage of the stories: the city's catalogue, its people at their screens, its vendors, and the jobs."""

import hashlib
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from django.test import Client
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from hotline.people.models import Staff
from hotline.tickets.models import Ticket
from hotline.tickets.proof import checking
from hotline.tickets.proof.checking import Scope

MOST_JOBS = 300
"""More than any step of a story sets going."""


@dataclass
class World:
    """Who acts in a story. Every act goes through the product's own addresses."""

    public: Client = field(default_factory=Client)
    screens: dict[str, Client] = field(default_factory=dict)

    # --- staff ------------------------------------------------------------------------------------

    def at_screen(self, username: str) -> Client:
        """The browser of a member of staff, signed in."""
        if username not in self.screens:
            self.screens[username] = Client()
            self.screens[username].force_login(
                Staff.objects.get(username=username), backend="django.contrib.auth.backends.ModelBackend"
            )
        return self.screens[username]

    def sees(self, username: str, number: str) -> dict[str, Any]:
        """The ticket on that person's screen."""
        answer = self.at_screen(username).get(f"/api/v1/tickets/{number}")
        assert answer.status_code == 200, answer.content
        return answer.json()

    def fetches(self, username: str, address: str) -> int:
        """The status of a file on that person's screen; what it holds is read to the end."""
        answer = self.at_screen(username).get(address)
        b"".join(answer) if answer.streaming else answer.content
        answer.close()
        return answer.status_code

    def does(self, username: str, verb: str, number: str, **fields: Any) -> dict[str, Any]:
        """Read the ticket, use a verb that the screen offers, let everything that follows happen."""
        ticket = self.sees(username, number)
        assert verb in ticket["allowed"], (verb, ticket["state"], ticket["allowed"])
        answer = self.post(username, verb, number, version=ticket["version"], **fields)
        assert answer.status_code == 200, answer.content
        self.settle()
        return answer.json()

    def post(self, username: str, verb: str, number: str, **body: Any) -> Any:
        """POST a verb as it is, allowed or not."""
        address = f"/api/v1/tickets/{number}/{verb}"
        return self.at_screen(username).post(address, json.dumps(body), "application/json")

    # --- what follows -------------------------------------------------------------------------------

    def settle(self) -> None:
        """Run every due job in order, as the workers would, until nothing is left to do."""
        ran = 0
        while job := ProcrastinateJob.objects.filter(status="todo", scheduled_at=None).order_by("id").first():
            ProcrastinateJob.objects.filter(pk=job.pk).update(status="doing")
            task = app.tasks[job.task_name]
            context = (SimpleNamespace(job=SimpleNamespace(attempts=0)),) if task.pass_context else ()
            task.func(*context, **job.args)
            ProcrastinateJob.objects.filter(pk=job.pk).update(status="succeeded")
            ran += 1
            assert ran < MOST_JOBS, f"jobs make jobs without end: {job.task_name} {job.args}"

    # --- what is written ----------------------------------------------------------------------------

    def story_of(self, number: str) -> list[str]:
        """The ticket's ledger as `kind` or `kind by username`; its chain and the words under it must be whole."""
        ticket = Ticket.objects.get(number=number)
        assert not list(checking.breaks(Scope(number=number)))
        lines = ticket.ledger.select_related("by").order_by("sequence")
        assert all(line.feed and line.announced_at for line in lines)
        return [f"{line.kind} by {line.by.username}" if line.by else line.kind for line in lines]


@contextmanager
def nothing_new() -> Iterator[None]:
    """No ticket, message, ledger line or outgoing word may be made inside."""
    before = _counts()
    yield
    assert _counts() == before


def _counts() -> dict[str, int]:
    from channels_ingest.models import InboundMessage, OutboundMessage
    from hotline.tickets.models import LedgerEntry, Message

    models = (Ticket, Message, LedgerEntry, InboundMessage, OutboundMessage)
    return {model.__name__: model.objects.count() for model in models}


def wechat_query(token: str = "demo-token") -> str:
    """The query string that WeChat puts on every call, signed now."""
    timestamp, nonce = str(int(time.time())), "1372623149"
    signature = hashlib.sha1("".join(sorted([token, timestamp, nonce])).encode()).hexdigest()
    return f"signature={signature}&timestamp={timestamp}&nonce={nonce}"


def wechat_xml(kind: str, message_id: int, body: str, openid: str = "oJ5XbtwDq3ZkR9yN1mVh7LcGeUaE") -> str:
    """A message as WeChat sends it, in plain mode."""
    return (
        f"<xml><ToUserName><![CDATA[gh_8c2f5a1d3e7b]]></ToUserName>"
        f"<FromUserName><![CDATA[{openid}]]></FromUserName><CreateTime>{int(time.time())}</CreateTime>"
        f"<MsgType><![CDATA[{kind}]]></MsgType>{body}<MsgId>{message_id}</MsgId></xml>"
    )
