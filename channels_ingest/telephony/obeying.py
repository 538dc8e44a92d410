"""What the browser of an agent asks for: each order is obeyed or refused, in words."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from channels_ingest.telephony import calling_back, listening, outside, whom
from channels_ingest.telephony import wire_orders as wire
from channels_ingest.telephony.acd_parts import WITH_AGENT, Agent, Decision, NotNow
from channels_ingest.telephony.bridge import Mode
from channels_ingest.telephony.line import Line
from channels_ingest.telephony.outside import NotListed, Sending
from channels_ingest.telephony.phones import AgentPhone, Desk
from channels_ingest.telephony.wire_desk import Done, Refused

if TYPE_CHECKING:
    from channels_ingest.telephony.switchboard import Switchboard

log = logging.getLogger(__name__)
_MODES: dict[type, Mode] = {wire.Listen: Mode.LISTEN, wire.Whisper: Mode.WHISPER, wire.Barge: Mode.BARGE}


class Orders:
    """Obeys desks."""

    def __init__(self, board: Switchboard) -> None:
        self._board = board
        self._acd = board.acd

    def heard(self, phone: AgentPhone, message: dict[str, Any]) -> None:
        """A text frame of a browser's."""
        desk = self._board.desks.get(phone.visitor.staff)
        if desk is not None and desk.phone is phone:
            self._board.spawn(self._answer(desk, message))

    async def _answer(self, desk: Desk, message: dict[str, Any]) -> None:
        id = str(message.get("id", ""))[:40]
        await desk.known.wait()
        try:
            said = wire.read(message)
            await self._obey(desk, said)
        except wire.BadMessage as error:
            desk.tell(Refused(id=id, code="bad_message", message=str(error)))
        except NotNow as refusal:
            desk.tell(Refused(id=id, code=refusal.code, message=words_of(refusal)))
        except Exception:
            desk.tell(Refused(id=id, code="wrong_state", message=words_of(NotNow())))
            raise
        else:
            if id:
                desk.tell(Done(id=id))

    async def _obey(self, desk: Desk, said: wire.FromBrowser) -> None:
        if isinstance(said, wire.Hello):
            self._board.shower.whole(desk)
            return
        agent = self._acd.agents.get(desk.staff)
        if agent is None:
            raise NotNow
        if isinstance(said, wire.StopListening):  # also of a call that is over
            await self._board.attendance.stop_listening(desk)
        elif isinstance(said, wire.OfCall):
            line = self._board.lines.get(said.call)
            if line is None:
                raise NotNow("no_such_call")
            await self._of_call(desk, agent, line, said)
        else:
            await self._of_agent(desk, agent, said)

    async def _of_agent(self, desk: Desk, agent: Agent, said: wire.FromBrowser) -> None:
        acd = self._acd
        match said:
            case wire.Ready():
                if not desk.phone.visitor.takes_calls:
                    raise NotNow("not_allowed")
                await self._board.turn(lambda now: acd.ready(agent, now))
            case wire.Pause(reason=reason):
                await self._board.turn(lambda now: acd.pause(agent, reason, now))
            case wire.Leave():
                await self._board.turn(lambda now: acd.leave(agent, now))
            case wire.WrapupDone():
                await self._board.turn(lambda now: acd.wrapup_done(agent, now))
            case wire.CallBack(task=task):
                await calling_back.call(self._board, desk, agent, lambda: whom.of_task(desk.staff, task))
            case wire.CallCitizen(ticket=ticket):
                await calling_back.call(self._board, desk, agent, lambda: whom.of_ticket(desk.staff, ticket))

    async def _of_call(self, desk: Desk, agent: Agent, line: Line, said: wire.OfCall) -> None:
        if isinstance(said, wire.Listen | wire.Whisper | wire.Barge):
            await self._supervise(desk, agent, line, said)
        elif isinstance(said, wire.Consult | wire.Transfer | wire.HandOver):
            await self._give_away(agent, line, said)
        elif isinstance(said, wire.Mute | wire.PauseRecording | wire.Keys):
            await self._of_sound(desk, agent, line, said)
        else:
            await self._plain(agent, line, said)

    async def _plain(self, agent: Agent, line: Line, said: wire.OfCall) -> None:
        acd, call = self._acd, line.call
        does = {
            wire.Answer: lambda now: acd.answer(agent, call, now),
            wire.Reject: lambda now: acd.reject(agent, call, now),
            wire.Hold: lambda now: acd.hold(agent, call, now, on=True),
            wire.Unhold: lambda now: acd.hold(agent, call, now, on=False),
            wire.HangUp: lambda now: acd.hang_up(agent, call, now),
            wire.CompleteTransfer: lambda now: acd.complete_transfer(agent, call, now),
            wire.CancelConsult: lambda now: acd.cancel_consult(agent, call, now),
            wire.Conference: lambda now: acd.conference(agent, call, now),
        }
        if isinstance(said, wire.CompleteTransfer | wire.Conference) and call.outside and not line.outside_talks:
            raise NotNow
        if isinstance(said, wire.CancelConsult) and line.gone:  # the exchange has the caller now
            raise NotNow
        await self._board.turn(does[type(said)])

    # --- to somebody else -------------------------------------------------------------------------------------

    async def _give_away(self, agent: Agent, line: Line, said: wire.Consult | wire.Transfer | wire.HandOver) -> None:
        acd, call, board = self._acd, line.call, self._board
        if isinstance(said, wire.HandOver):
            if not board.out.policies.now.knows(said.service):
                raise NotListed
            await outside.send(board, line, Sending(agent, said.service, said.service))
            return
        match said.to:
            case wire.NumberTarget(number=number):
                if not board.out.policies.now.may_call(number):
                    raise NotListed
                if isinstance(said, wire.Consult):
                    self._reachable_outside()
                    await board.turn(lambda now: acd.consult(agent, call, None, now))
                    outside.call(board, line, number)
                else:
                    await outside.send(board, line, Sending(agent, number))
            case wire.QueueTarget(skill=skill):
                await board.turn(lambda now: acd.requeue(agent, call, skill, now))
            case wire.AgentTarget(username=username):
                to = self._colleague(username)
                give = acd.consult if isinstance(said, wire.Consult) else acd.transfer
                await board.turn(lambda now: give(agent, call, to, now))

    def _colleague(self, username: str) -> Agent:
        for desk in self._board.desks.values():
            if desk.phone.visitor.username == username and desk.staff in self._acd.agents:
                return self._acd.agents[desk.staff]
        raise NotNow("unreachable")

    def _reachable_outside(self) -> None:
        if self._board.out.dial is None:
            raise NotNow("unreachable")

    # --- the sound ---------------------------------------------------------------------------------------------

    async def _of_sound(
        self, desk: Desk, agent: Agent, line: Line, said: wire.Mute | wire.PauseRecording | wire.Keys
    ) -> None:
        if agent.id not in (line.call.owner, line.call.consulted) or line.call.state not in WITH_AGENT:
            raise NotNow("not_yours")
        if isinstance(said, wire.Mute):
            (line.muted.add if said.on else line.muted.discard)(desk.staff)
            line.bridge.mute(desk.phone, said.on)
        elif isinstance(said, wire.PauseRecording):
            line.paused = said.on
            (line.bridge.pause_recording if said.on else line.bridge.resume_recording)()
            line.record.happened("recording_paused" if said.on else "recording_resumed", agent=agent.id)
            await self._board.keep(line)
        else:
            press = getattr(line.outside, "press", None)
            if press is None:
                raise NotNow
            await press(said.digits)
        self._board.shower.call(line)

    # --- leads --------------------------------------------------------------------------------------------------

    async def _supervise(
        self, desk: Desk, agent: Agent, line: Line, said: wire.Listen | wire.Whisper | wire.Barge
    ) -> None:
        board, mode, visitor = self._board, _MODES[type(said)], desk.phone.visitor
        if not (visitor.listens if mode is Mode.LISTEN else visitor.joins):
            raise NotNow("not_allowed")
        _require_heard(agent, line)
        await listening.let_in(board.out.admit_listener, desk.staff, line.call.id, mode)
        if desk.supervising not in (None, line.call.id):
            await board.attendance.stop_listening(desk)

        def begins(now: float) -> list[Decision]:
            _require_heard(agent, line)  # the call may have ended while the database was asked
            decided = self._acd.supervise(agent, now, on=True) if desk.supervising is None else []
            desk.supervising = line.call.id
            return decided

        await board.turn(begins)
        line.record.happened(mode.value, agent=agent.id)
        await board.keep(line)
        if desk.supervising != line.call.id:
            raise NotNow
        board.attendance.let_listen(desk, line, mode)


def _require_heard(agent: Agent, line: Line) -> None:
    """Raises NotNow where there is nobody to be heard, or the agent is in the call."""
    if line.gone or line.call.state not in WITH_AGENT or agent.id in (line.call.owner, line.call.consulted):
        raise NotNow


def words_of(refusal: NotNow) -> str:
    """Why not, for the screen."""
    if isinstance(refusal, listening.NotOnRecord):
        return _("Who listens cannot be put on record now, so nobody can listen.")
    if isinstance(refusal, NotListed):
        return _("This number is not among those that may be called from here.")
    if isinstance(refusal, calling_back.AlreadyCalled):
        return _("A colleague is calling about this ticket just now.")
    return {
        "not_yours": _("This call is not with you."),
        "wrong_state": _("That is not possible in this state of the call."),
        "no_such_call": _("This call is over."),
        "unreachable": _("Nobody can be reached there now."),
        "not_allowed": _("Your role does not allow this."),
    }[refusal.code]
