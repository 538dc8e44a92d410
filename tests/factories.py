"""People, units and tickets for tests; tickets are led to a state by the real verbs, never set there."""

from collections.abc import Callable
from functools import cache
from itertools import count

from django.contrib.auth.hashers import make_password

from hotline.people.models import Citizen, ContactPoint, Department, Staff
from hotline.people.roles import Role
from hotline.tickets import actors, closing, lifecycle, merging, pauses, returns
from hotline.tickets.models import Ticket
from hotline.tickets.parts import Words
from hotline.tickets.states import State

PASSWORD = "correct-horse-battery"
_next = count(1)


def department(code: str = "", parent: Department | None = None) -> Department:
    """A unit; the same code gives the same unit."""
    code = code or f"unit{next(_next)}"
    row, _made = Department.objects.get_or_create(
        code=code, defaults={"name": f"{code}局", "level": "city", "parent": parent}
    )
    return row


def staff(role: str, unit: Department | None = None, username: str = "") -> Staff:
    """A member of staff; department staff get a unit of their own when none is given."""
    if role == Role.DEPARTMENT:
        unit = unit or department()
    username = username or f"{role}{next(_next)}"
    return Staff.objects.create(
        username=username, password=_hashed(), role=role, department=unit, display_name=f"{username}员"
    )


@cache
def _hashed() -> str:
    """Hashing is slow on purpose: once is enough."""
    return make_password(PASSWORD)


def contact(channel: str = "web", phone: str = "13800000001", name: str = "张三丰") -> ContactPoint:
    """A citizen with one address."""
    citizen = Citizen.objects.create(name=name, phone=phone)
    return ContactPoint.objects.create(
        channel=channel, account="demo", external_id=f"visitor-{next(_next)}", citizen=citizen
    )


def ticket(text: str = "解放路的路灯坏了一个星期", **fields: object) -> Ticket:
    """A freshly received ticket."""
    row, _message = lifecycle.receive(
        contact=fields.pop("contact", None) or contact(),  # type: ignore[arg-type]
        words=Words(text=text),
        **fields,  # type: ignore[arg-type]
    )
    return row


class Cast:
    """The people of a small hotline, and a ticket's road to each state by the real verbs."""

    def __init__(self) -> None:
        self.unit, self.other_unit, self.helper_unit = department(), department(), department()
        self.agent, self.lead = staff("agent"), staff("lead")
        self.supervisor, self.quality = staff("supervisor"), staff("quality")
        self.admin, self.auditor = staff("admin"), staff("auditor")
        self.clerk = staff("department", self.unit)
        self.other_clerk = staff("department", self.other_unit)
        self.helper_clerk = staff("department", self.helper_unit)

    def ticket_in(self, state: State) -> Ticket:
        """A ticket that the verbs have brought to `state`."""
        row = ticket()
        for step in ROADS[state]:
            step(self, row)
            row.refresh_from_db()
        assert row.state == state
        return row


Step = Callable[[Cast, Ticket], object]


def _accept(cast: Cast, row: Ticket) -> object:
    return lifecycle.accept(ticket=row, by=actors.staff(cast.agent), version=row.version)


def _dispatch(cast: Cast, row: Ticket) -> object:
    return lifecycle.dispatch_to(ticket=row, by=actors.staff(cast.agent), version=row.version, department=cast.unit)


def _sign(cast: Cast, row: Ticket) -> object:
    return lifecycle.sign_for(ticket=row, by=actors.staff(cast.clerk), version=row.version)


def _return(cast: Cast, row: Ticket) -> object:
    return returns.request_return(
        ticket=row,
        by=actors.staff(cast.clerk),
        version=row.version,
        reason="not_our_duty",
        basis="三定方案",
        proposed=cast.other_unit,
    )


def _suspend(cast: Cast, row: Ticket) -> object:
    return pauses.suspend(ticket=row, by=actors.staff(cast.lead), version=row.version, reason="等待鉴定")


def _answer(cast: Cast, row: Ticket) -> object:
    return lifecycle.answer(ticket=row, by=actors.staff(cast.clerk), version=row.version, public="已修好")


def _review(cast: Cast, row: Ticket) -> object:
    return closing.review(ticket=row, by=actors.staff(cast.quality), version=row.version, approved=True)


def _send_back(cast: Cast, row: Ticket) -> object:
    by = actors.staff(cast.quality)
    return closing.review(ticket=row, by=by, version=row.version, approved=False, note="没有回答")


def _close(cast: Cast, row: Ticket) -> object:
    return closing.close(ticket=row, by=actors.staff(cast.quality), version=row.version)


def _archive(cast: Cast, row: Ticket) -> object:
    return closing.archive(ticket=row, by=actors.staff(cast.quality), version=row.version)


def _ask(cast: Cast, row: Ticket) -> object:
    by = actors.staff(cast.agent)
    return lifecycle.request_info(ticket=row, by=by, version=row.version, question="哪一盏?")


def _refuse(cast: Cast, row: Ticket) -> object:
    by = actors.staff(cast.agent)
    return lifecycle.refuse(ticket=row, by=by, version=row.version, reason="诉讼", door="人民法院 12368")


def _emergency(cast: Cast, row: Ticket) -> object:
    return lifecycle.emergency(ticket=row, by=actors.staff(cast.agent), version=row.version, service="119")


def _merge(cast: Cast, row: Ticket) -> object:
    by = actors.staff(cast.agent)
    return merging.merge(ticket=row, by=by, version=row.version, into=ticket())


def _withdraw(cast: Cast, row: Ticket) -> object:
    return closing.withdraw(ticket=row, by=actors.CITIZEN)


_TO_HANDLING: tuple[Step, ...] = (_accept, _dispatch, _sign)
ROADS: dict[State, tuple[Step, ...]] = {
    State.RECEIVED: (),
    State.AWAITING_INFO: (_ask,),
    State.ACCEPTED: (_accept,),
    State.DISPATCHED: (_accept, _dispatch),
    State.HANDLING: _TO_HANDLING,
    State.RETURN_REVIEW: (*_TO_HANDLING, _return),
    State.SUSPENDED: (*_TO_HANDLING, _suspend),
    State.ANSWER_REVIEW: (*_TO_HANDLING, _answer),
    State.FOLLOW_UP: (*_TO_HANDLING, _answer, _review),
    State.REWORK: (*_TO_HANDLING, _answer, _send_back),
    State.CLOSED: (*_TO_HANDLING, _answer, _review, _close),
    State.ARCHIVED: (*_TO_HANDLING, _answer, _review, _close, _archive),
    State.REFUSED: (_refuse,),
    State.EMERGENCY: (_emergency,),
    State.MERGED: (_merge,),
    State.WITHDRAWN: (_withdraw,),
}
