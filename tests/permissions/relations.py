"""Everybody's relation to one ticket, and the ticket brought to where each verb has its place."""

from collections.abc import Callable
from datetime import date
from typing import Any

from dispatch.models import Duty
from hotline.people.models import Department, Staff
from hotline.tickets import (
    actors,
    alarms,
    closing,
    confiding,
    levels,
    lifecycle,
    merging,
    pauses,
    promising,
    returns,
    setting_aside,
    supervision,
)
from hotline.tickets.models import Matter, Ticket
from tests.factories import department, staff, ticket

HOTLINE = ("holder", "dispatcher", "colleague", "lead", "judge", "supervisor", "quality")
OVERSEERS = ("admin", "auditor")
UNITS = ("lead_unit", "above", "below", "assisting", "returned", "concerned", "accused", "stranger")
RELATIONS = (*HOTLINE, "recused", *OVERSEERS, *UNITS)
ROLES = {
    "holder": "agent",
    "dispatcher": "agent",
    "colleague": "agent",
    "recused": "agent",
    "lead": "lead",
    "judge": "lead",
    "supervisor": "supervisor",
    "quality": "quality",
    "admin": "admin",
    "auditor": "auditor",
}


class Relations:
    """One person for each relation; `accused` is complained of, `returned` gave it back, `judge` upheld that."""

    def __init__(self) -> None:
        above = department()
        middle = department(parent=above)
        self.units: dict[str, Department] = {
            "above": above,
            "lead_unit": middle,
            "below": department(parent=middle),
        } | {name: department() for name in ("assisting", "returned", "concerned", "accused", "stranger")}
        self.people: dict[str, Staff] = {name: staff(role) for name, role in ROLES.items()}
        self.people |= {name: staff("department", unit) for name, unit in self.units.items()}
        self.matter = Matter.objects.create(code="9901", name="路灯")
        for name in ("lead_unit", "below"):
            Duty.objects.create(
                matter=self.matter, department=self.units[name], basis="目录", from_date=date(2020, 1, 1)
            )

    def do(self, row: Ticket, verb: Callable[..., Any], who: str, **fields: Any) -> None:
        """Let somebody use a verb."""
        row.refresh_from_db()
        verb(ticket=row, by=actors.staff(self.people[who]), version=row.version, **fields)
        row.refresh_from_db()

    # --- where the ticket stands ----------------------------------------------------------------------

    def received(self) -> Ticket:
        """Just come in; one agent has stood back."""
        row = ticket(confidential=True)
        self.do(row, confiding.recuse, "recused", reason="亲属")
        return row

    def accepted(self) -> Ticket:
        """The desk has it."""
        row = self.received()
        fields = {
            "title": "张三丰家门口的路灯",
            "type": "complaint",
            "matter": self.matter,
            "accused": [self.units["accused"]],
        }
        self.do(row, lifecycle.accept, "holder", **fields)
        return row

    def dispatched(self) -> Ticket:
        """With the lead unit and one that assists, unsigned."""
        row = self.accepted()
        self.do(row, lifecycle.dispatch_to, "dispatcher", department=self.units["lead_unit"], assisting=self._helper())
        return row

    def passed(self) -> Ticket:
        """Passed down to the lead unit by the one above."""
        row = self.accepted()
        self.do(row, lifecycle.dispatch_to, "dispatcher", department=self.units["above"], assisting=self._helper())
        self.do(row, lifecycle.sign_for, "above")
        self.do(row, levels.pass_down, "above", department=self.units["lead_unit"])
        return row

    def returned_once(self) -> Ticket:
        """The lead unit has returned it, for the first time."""
        row = self.dispatched()
        self.do(row, returns.request_return, "lead_unit", reason="not_our_duty", basis="三定", proposed=None)
        return row

    def handling(self) -> Ticket:
        """Another unit has returned it, the judge upheld that; now the lead unit works on it."""
        row = self.accepted()
        self.do(row, lifecycle.dispatch_to, "dispatcher", department=self.units["returned"], assisting=self._helper())
        self.do(row, returns.request_return, "returned", reason="not_our_duty", basis="三定", proposed=None)
        self.do(row, returns.rule_on_return, "judge", upheld=True, department=self.units["lead_unit"])
        self.do(row, lifecycle.sign_for, "lead_unit")
        self.do(row, lifecycle.sign_for, "assisting")
        return row

    def consultation(self) -> Ticket:
        """The lead unit has returned it too: all concerned are heard."""
        row = self.handling()
        proposed = self.units["concerned"]
        self.do(row, returns.request_return, "lead_unit", reason="not_our_duty", basis="三定", proposed=proposed)
        return row

    def extension(self) -> Ticket:
        """The lead unit has asked for time."""
        row = self.handling()
        self.do(row, pauses.request_extension, "lead_unit", working_days=2, reason="天气")
        return row

    def suspended(self) -> Ticket:
        """The clocks stand still."""
        row = self.handling()
        self.do(row, pauses.suspend, "lead", reason="等待")
        return row

    def ordered(self) -> Ticket:
        """Under an order of supervision."""
        row = self.handling()
        self.do(row, supervision.supervise, "supervisor", level=1, note="限三日")
        return row

    def answered(self) -> Ticket:
        """All have answered; the answer is to be read."""
        row = self.handling()
        self.do(row, lifecycle.answer, "assisting", public="已配合")
        self.do(row, lifecycle.answer, "lead_unit", public="已修好")
        return row

    def follow_up(self) -> Ticket:
        """To be called back."""
        row = self.answered()
        self.do(row, closing.review, "quality", approved=True)
        return row

    def closed(self) -> Ticket:
        """办结."""
        row = self.follow_up()
        self.do(row, closing.close, "quality")
        return row

    def to_set_aside(self) -> Ticket:
        """Quality has asked that it does not count."""
        row = self.closed()
        self.do(row, setting_aside.ask, "quality", code="unreasonable", note="无依据")
        return row

    def merged(self) -> Ticket:
        """Merged into another."""
        row = self.accepted()
        self.do(row, merging.merge, "holder", into=ticket())
        return row

    def alarmed(self) -> Ticket:
        """An alarm rings."""
        row = self.handling()
        fire = alarms.Danger(kind="fire", what="火灾", words="着火", rings=True)
        alarms.escalate(ticket=row, level="critical", dangers=[fire])
        row.refresh_from_db()
        return row

    def promised(self) -> Ticket:
        """The lead unit's answer promises something."""
        row = self.follow_up()
        part = row.assignments.get(department=self.units["lead_unit"])
        promising.keep(part=part, said=[("12月底前完成", date(2026, 12, 31))])
        row.refresh_from_db()
        return row

    def _helper(self) -> tuple[Department, ...]:
        return (self.units["assisting"],)
