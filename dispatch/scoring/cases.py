"""What counts, for whom, on which day: the one query by which tickets become scored cases.

**Whose case it is.** Each unit answers for its own part, leading or assisting: its dispatch, its
sign-for, its contact, its answers. What concerns the whole request (answered, reworked, rated,
called back, right at first, received) is the present lead unit's; without one, the centre's own. A
part whose return was upheld counts for nobody but as `returned` of the unit that gave it back, and a
dispatch that the desk took back does not count at all.

**On which day.** A limit counts on the day its outcome became certain: that on which it was kept, or,
missed, that on which it ran out; a contact that an answer was given without is missed on that day. An
outcome that comes later (a return, a rework, another lead) is counted on the day of what it belongs to (the
dispatch, the first answer), so that a part never stands in another period than its whole. A rating or call-
back counts on its own day, the first of a round.

**Where it is read.** What happened is read from the ledger. The limits are read from
`tickets.Deadline`: the ledger tells the lead's sign-for and answer limits, but not those of assisting
units, of the first contact, or what a pause made of them. Which unit has which part, and whether
it was given back, is the present state of `tickets.Assignment`; set aside is the ticket's own mark,
made by two people.

接通率 and 15 s 应答率 are of calls, not of tickets: see dispatch.scoring.calls.

A clock that ended was kept if the ledger line of that very turn says so: every verb stops its clocks
first and then writes its one line, so that line is the ticket's first at or after `ended_at`.
"""

from datetime import datetime
from typing import Any

from django.conf import settings

EVERY = "select id, channel, department_id, first_department_id, set_aside from tickets_ticket"
TOUCHED = """
    select ticket_id as id from tickets_ledgerentry where feed > %(feed)s
    union select ticket_id from tickets_ledgerentry where feed is null
    union select ticket_id from tickets_deadline
           where clock in ('sign', 'contact', 'answer') and ended_at is null
             and due_at >= %(until)s and due_at < %(now)s
"""
"""Tickets with a line written, or a limit run out, since the last fold."""

CASES = """
    with scope as materialized ({scope}),
    story as (
        select line.ticket_id,
               min(line.at) filter (where line.kind = 'received') as received,
               min(line.at) filter (where line.kind = 'dispatched') as sent,
               min(line.at) filter (where line.state in ('answer_review', 'follow_up')) as answered,
               bool_or(line.kind = 'rework') as reworked,
               bool_or(line.kind = 'recalled') as recalled
          from tickets_ledgerentry line join scope on scope.id = line.ticket_id
         group by line.ticket_id
    ),
    part as (
        select part.id, part.ticket_id, part.department_id, part.state, part.role, part.dispatched_at,
               part.contacted_at, unit.code,
               part.state = 'released' and story.recalled and exists (
                   select from tickets_ledgerentry line
                    where line.ticket_id = part.ticket_id and line.kind = 'recalled'
                      and line.data->>'department' = unit.code and line.at >= part.dispatched_at
               ) as recalled
          from tickets_assignment part
          join story on story.ticket_id = part.ticket_id
          join people_department unit on unit.id = part.department_id
    ),
    limits as (
        select due.ticket_id, part.department_id, due.clock, due.due_at,
               case when ended.done then ended.at end as kept_at,
               case when due.clock = 'contact' and ended.answered and not ended.done then ended.at end as unheard_at,
               least(due.ended_at, due.paused_at, %(now)s) as stopped_at
          from part
          join tickets_deadline due on due.assignment_id = part.id and due.clock in ('sign', 'contact', 'answer')
          left join lateral (
              select line.at, bool_or(line.data->>'department' = part.code and case due.clock
                         when 'sign' then line.kind = 'signed' and line.data->>'automatic' is distinct from 'true'
                         when 'answer' then line.kind in ('answered', 'unit_answered')
                         else line.kind in ('contacted', 'relayed')
                              or (line.kind in ('answered', 'unit_answered') and part.contacted_at is not null)
                     end) as done,
                     bool_or(line.data->>'department' = part.code
                             and line.kind in ('answered', 'unit_answered')) as answered
                from tickets_ledgerentry line
               where line.ticket_id = due.ticket_id and line.at >= due.ended_at
               group by line.at order by line.at limit 1
          ) ended on true
         where part.state <> 'returned' and not part.recalled
    ),
    said as (
        select line.ticket_id, line.sequence, line.kind, line.at,
               line.data->>'solved' as solved, line.data->>'satisfied' as satisfied,
               line.data->>'reached' as reached, line.data->>'counts' as counts,
               count(*) filter (where line.kind = 'rework') over (
                   partition by line.ticket_id order by line.sequence
               ) as round
          from tickets_ledgerentry line join scope on scope.id = line.ticket_id
         where line.kind in ('rework', 'followed_up', 'rated')
    ),
    found (ticket_id, at, department_id, measure, outcome) as (
        select story.ticket_id, received, department_id, 'all', case when channel <> 'phone' then 'online' end
          from story join scope on scope.id = story.ticket_id
         where received is not null
        union all
        select ticket_id, dispatched_at, department_id, 'dispatched', case when state = 'returned' then 'returned' end
          from part
         where not recalled
        union all
        select ticket_id, least(kept_at, unheard_at, due_at), department_id,
               case clock when 'sign' then 'sign_due' when 'contact' then 'contact_due' else 'due' end,
               case when kept_at <= due_at then
                   case clock when 'sign' then 'signed_in_time' when 'contact' then 'contacted_in_time'
                       else 'answered_in_time' end
               end
          from limits
         where kept_at is not null or unheard_at is not null or due_at < stopped_at
        union all
        select story.ticket_id, answered, department_id, 'answered', case when reworked then 'reworked' end
          from story join scope on scope.id = story.ticket_id
         where answered is not null
        union all
        select story.ticket_id, sent, department_id, 'sent',
               case when department_id = first_department_id
                      or (department_id is not null and not recalled and given_back.ticket_id is null)
                   then 'first_unit_right' end
          from story join scope on scope.id = story.ticket_id
          left join (
              select distinct ticket_id from part where role = 'lead' and state = 'returned'
          ) given_back on given_back.ticket_id = story.ticket_id
         where sent is not null
        union all
        select ticket_id, at, department_id, 'effective_follow_ups', case when solved = 'true' then 'solved' end
          from (
              select distinct on (ticket_id, round) said.*
                from said
               where solved is not null and (reached = 'true' or counts = 'true')
               order by ticket_id, round, sequence
          ) first_word join scope on scope.id = ticket_id
        union all
        select ticket_id, at, department_id, 'effective_ratings',
               (array['very_dissatisfied', 'dissatisfied', 'basically_satisfied', 'satisfied', 'very_satisfied'])
                   [satisfied::int]
          from (
              select distinct on (ticket_id, round) said.*
                from said
               where satisfied is not null and (reached = 'true' or counts = 'true')
               order by ticket_id, round, sequence
          ) first_rating join scope on scope.id = ticket_id
    )
    select found.ticket_id, (found.at at time zone %(zone)s)::date as day, found.department_id,
           found.measure, coalesce(found.outcome, '') as outcome, scope.set_aside as aside
      from found join scope on scope.id = found.ticket_id
"""


def query(tickets: str = "") -> str:
    """The cases (ticket, day, unit, measure, outcome, aside) of all tickets, or of those that `tickets` selects."""
    return CASES.format(scope=f"{EVERY} where id in ({tickets})" if tickets else EVERY)


def parameters(feed: int, until: datetime, now: datetime) -> dict[str, Any]:
    """What the query is asked with: the last fold's line and moment, and now."""
    return {"feed": feed, "until": until, "now": now, "zone": settings.TIME_ZONE}
