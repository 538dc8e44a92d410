"""未接来电: missed calls become one call-back for each caller and hour; an agent takes it, calls and reports."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext as _

from hotline.calls.models import CallBackTask, PhoneCall
from hotline.calls.states import Outcome
from hotline.people import reads
from hotline.people.models import Staff
from hotline.tickets import clock, rulebook
from hotline.tickets.errors import InvalidFields, NotYours, TicketError
from hotline.tickets.models import Recusal

Reason, Result = CallBackTask.Reason, CallBackTask.Result
BY_STAFF = (Result.REACHED, Result.NO_ANSWER, Result.BUSY, Result.WRONG_NUMBER, Result.NOT_NEEDED)
UNREACHED = frozenset({Result.NO_ANSWER, Result.BUSY})
OPEN = Q(done_at=None)
AGAIN: dict[str, Any] = {"done_at": None, "result": "", "taken_by": None, "taken_at": None}
"""What makes a call-back that was settled an open one."""


class Taken(TicketError):
    """Somebody else has this call-back, or it is done."""


@transaction.atomic
def missed(call: PhoneCall, *, asked: bool = False) -> CallBackTask | None:
    """The call-back of a missed call; the same call again counts no more. None when there is no number to call."""
    call = PhoneCall.objects.select_for_update(of=("self",)).get(pk=call.pk)
    if call.direction == PhoneCall.Direction.OUT or call.call_back_id is not None or not call.caller_fingerprint:
        return call.call_back
    at, reason = call.started_at, Reason.ASKED if asked else Reason(call.outcome)
    in_vain_at = call.ended_at if call.answered_at and call.ended_at else at  # a talk that broke off, at its end
    hour = at.replace(minute=0, second=0, microsecond=0)
    task, _made = CallBackTask.objects.get_or_create(
        fingerprint=call.caller_fingerprint,
        hour=hour,
        defaults={"phone": call.caller, "citizen": call.citizen, "reason": reason, "first_at": at, "last_at": at},
    )
    CallBackTask.objects.filter(pk=task.pk).update(
        calls=F("calls") + 1,
        first_at=Least("first_at", at),
        last_at=Greatest("last_at", at),
        waited_seconds=Greatest("waited_seconds", call.waited_seconds),
        **({"reason": reason} if asked else {}),
        **(AGAIN if _since_done(task, in_vain_at) else {}),
    )
    PhoneCall.objects.filter(pk=call.pk).update(call_back=task)
    task.refresh_from_db()
    return task


def _since_done(task: CallBackTask, at: datetime) -> bool:
    """Called in vain once more after the call-back was settled: it is open again."""
    return task.done_at is not None and at > task.done_at


def answered(call: PhoneCall, result: str = Result.CALLED_AGAIN) -> int:
    """The caller was spoken with now: what is still open of earlier calls in vain is settled by it."""
    if not call.caller_fingerprint or call.answered_at is None:
        return 0
    open_ones = CallBackTask.objects.filter(
        OPEN, fingerprint=call.caller_fingerprint, taken_by=None, last_at__lt=call.answered_at
    )
    return open_ones.exclude(reason=Reason.ASKED).update(done_at=call.answered_at, result=result)


def listed(state: str = "") -> QuerySet[CallBackTask]:
    """Call-backs by state: open (nobody has it), taken, done; all without one."""
    conditions = {
        "open": OPEN & Q(taken_by=None),
        "taken": OPEN & ~Q(taken_by=None),
        "done": ~OPEN,
    }
    rows = CallBackTask.objects.select_related("taken_by", "citizen")
    return rows.filter(conditions[state]) if state else rows


def readable_by(staff: Staff) -> Q:
    """Not those that are about a ticket from which `staff` stood back."""
    stood_back = Recusal.objects.filter(staff=staff.pk).values("ticket")
    return ~Q(pk__in=CallBackTask.objects.filter(missed__ticket__in=stood_back).values("pk"))


@transaction.atomic
def take(task: CallBackTask, by: Staff) -> CallBackTask:
    """`by` will call; who has taken it already keeps it."""
    task = _locked(task)
    if not CallBackTask.objects.filter(readable_by(by), pk=task.pk).exists():
        raise NotYours(_("You stood back from what this call is about."))
    if task.done_at or task.taken_by_id not in (None, by.pk):
        raise Taken(_("Somebody else has this call-back, or it is done."))
    task.taken_by, task.taken_at = by, task.taken_at or clock.now()
    task.save(update_fields=["taken_by", "taken_at"])
    return task


@transaction.atomic
def release(task: CallBackTask, by: Staff) -> CallBackTask:
    """`by` will not call after all."""
    task = _own(task, by)
    task.taken_by = task.taken_at = None
    task.save(update_fields=["taken_by", "taken_at"])
    return task


@transaction.atomic
def reveal(task: CallBackTask, by: Staff, reason: str) -> str:
    """The number in clear, for who has taken it; who read it, when and why stays on record."""
    task = _own(task, by)
    reads.unmasked(by, citizen=task.citizen, reason=reason)
    return str(task.phone)


@transaction.atomic
def done(task: CallBackTask, by: Staff, *, result: str, note: str = "") -> CallBackTask:
    """What came of the call. Nobody answered: back to the list, until the centre's number of attempts is reached."""
    if result not in BY_STAFF:
        raise InvalidFields({"outcome": [_("Choose what came of the call.")]})
    task, now = _locked(task), clock.now()
    if _called_by(task, by):  # the call itself counted: only what came of it is put right
        task.done_at, task.result = None, ""
    else:
        task = _own(task, by)
        if result != Result.NOT_NEEDED:
            _count(task, by, now)
    task.note = note
    _settle(task, result, now)
    task.save()
    return task


def _called_by(task: CallBackTask, by: Staff) -> bool:
    """Whether `by` has called from the desk and somebody answered: perhaps a stranger, or a machine."""
    reached = task.done_at is not None and task.result == Result.REACHED and task.called_back_by_id == by.pk
    return reached and task.attempts.filter(agent=by, outcome=Outcome.COMPLETED).exists()


@transaction.atomic
def attempted(call: PhoneCall) -> None:
    """A call of ours to the citizen is over: what came of it. A fault, or an agent who gave up, settles nothing."""
    results = {Outcome.COMPLETED: Result.REACHED, Outcome.NO_ANSWER: Result.NO_ANSWER, Outcome.BUSY: Result.BUSY}
    result = results.get(Outcome(call.outcome))
    if call.returns is None or call.agent is None or result is None:
        return
    task, now = _locked(call.returns), clock.now()
    if task.done_at is None:
        _count(task, call.agent, now)
        _settle(task, result, now)
        task.save()
    if result == Result.REACHED:
        answered(call, result)


def _count(task: CallBackTask, by: Staff, at: datetime) -> None:
    task.tries, task.called_back_at, task.called_back_by = task.tries + 1, at, by


def _settle(task: CallBackTask, result: str, at: datetime) -> None:
    """Nobody was reached: back to the list, until the centre's number of attempts is reached."""
    if result in UNREACHED and task.tries < rulebook.book().figure("call_attempts"):
        task.taken_by = task.taken_at = None
    else:
        task.done_at, task.result = at, result


def _locked(task: CallBackTask) -> CallBackTask:
    return CallBackTask.objects.select_for_update(of=("self",)).get(pk=task.pk)


def _own(task: CallBackTask, by: Staff) -> CallBackTask:
    task = _locked(task)
    if task.done_at:
        raise Taken(_("Somebody else has this call-back, or it is done."))
    if task.taken_by_id != by.pk:
        raise NotYours(_("Take the call-back first."))
    return task
