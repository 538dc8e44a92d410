"""`hotline call`: places a real SIP call, says a recording and waits for what becomes of it."""

import argparse
import asyncio
import sys
import time
import wave
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from hotline.commands import start_django
from hotline.demo.supervisor_home import join_demonstration

STEPS = ("ringing", "answered", "transcript", "ticket")
POLL_SECONDS = 0.5


@dataclass(slots=True)
class Found:
    """What the platform has made of a call so far."""

    transcript: str = ""
    ticket: str = ""
    hopeless: str = ""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what is said, by whom, to whom, and how long to wait."""
    parser.add_argument("wav", type=Path, metavar="WAV", help="what the caller says: 16 bit, mono, any rate")
    parser.add_argument("--from", dest="caller", default="13900009999", metavar="NUMBER")
    parser.add_argument("--to", default="sip:12345@127.0.0.1:5060", metavar="URI")
    parser.add_argument("--answer", type=float, default=60.0, metavar="S", help="for somebody to answer")
    parser.add_argument("--keys", default="", help="pressed after speaking")
    parser.add_argument("--wait", type=float, default=180.0, metavar="S", help="for transcript and ticket")


def run(args: argparse.Namespace) -> int:
    """0 when the call rang, was answered, was understood and became a ticket."""
    from channels_ingest.telephony.calling import Order, call
    from channels_ingest.telephony.sip_leg import CallRefusedError
    from channels_ingest.telephony.sounds import Clip

    done: set[str] = set()

    def tell(step: str, more: str) -> None:
        done.add(step)
        print(f"{step}: {more}", flush=True)

    try:
        order = Order(
            target=args.to, caller=args.caller, clip=Clip.from_wav(args.wav), keys=args.keys, answer_seconds=args.answer
        )
    except (OSError, EOFError, ValueError, wave.Error) as error:
        print(f"{args.wav}: {error}", file=sys.stderr)
        return 2
    try:
        uuid = asyncio.run(call(order, tell))
    except (CallRefusedError, OSError) as error:
        print(f"not answered: {error}", file=sys.stderr)
        return 1
    _outcome(uuid, args.wait, tell)
    missing = [step for step in STEPS if step not in done]
    if missing:
        print(f"missing: {', '.join(missing)}", file=sys.stderr)
    return int(bool(missing))


def _outcome(uuid: UUID, seconds: float, tell: Callable[[str, str], None]) -> None:
    """Wait until the platform has understood the call and made its ticket, or will not."""
    join_demonstration()
    start_django()
    found, told, until = Found(), Found(), time.monotonic() + seconds
    while time.monotonic() < until and not (found.ticket and (found.transcript or found.hopeless)):
        found = look_up(uuid)
        for step in ("ticket", "transcript"):
            if (words := getattr(found, step)) and not getattr(told, step):
                setattr(told, step, words)
                tell(step, words)
        time.sleep(POLL_SECONDS)
    if found.hopeless:
        print(found.hopeless, file=sys.stderr)


def look_up(uuid: UUID) -> Found:
    """What the database knows of a call, by the telephone's book or by the message that it became."""
    from channels_ingest.models import InboundMessage
    from hotline.calls.models import PhoneCall
    from hotline.tickets.models import Message

    call = PhoneCall.objects.select_related("ticket").filter(uuid=uuid).first()
    ticket = call.ticket if call else None
    if ticket is None:
        inbound = InboundMessage.objects.select_related("ticket").filter(external_id=str(uuid)).first()
        ticket = inbound.ticket if inbound else None
    if ticket is None:
        return Found()
    transcript, state = (call.transcript, call.transcript_state) if call else ("", "")
    voice = ticket.messages.filter(kind="voice").order_by("-pk").first()
    if voice is not None and not transcript:
        transcript, state = voice.transcript, voice.transcript_state
    hopeless = Message.TranscriptState(state).label if state in ("no_model", "failed") else ""
    return Found(transcript, str(ticket.number), str(hopeless))
