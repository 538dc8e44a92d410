"""After a call: words from the recording, a copy with the tone, better words later, nothing without a model."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from channels_ingest import tasks
from channels_ingest.telephony import refining, retention, spoken
from channels_ingest.telephony.spoken import Spoken
from dispatch.models import Policy
from hotline.calls import sound
from hotline.calls.models import PhoneCall
from hotline.tickets import clock, files, lifecycle
from hotline.tickets.models import Message, Ticket
from hotline.tickets.parts import Words
from hotline.tickets.states import State
from nlp import speech
from nlp.speech import CallTranscript, Said, Utterance, Word
from nlp.speech.engine import RATE
from nlp.speech.media import decode
from tests import factories
from tests.channels_ingest import jobs
from tests.nlp.speech.sounds import dominant_frequency, silence, tone
from tests.nlp.speech.test_calls import recorded

pytestmark = pytest.mark.django_db

NUMBER = "幺三八零零零零幺二三四"


def utterance(text: str, start: float, step: float = 0.1) -> Utterance:
    """Each letter a word, so many seconds apart."""
    words = tuple(Word(letter, start + n * step, start + (n + 1) * step, 1.0) for n, letter in enumerate(text))
    return Utterance(0, text, start, start + len(text) * step, words, final=True)


@dataclass
class World:
    """A call with its ticket, its awaited message and its recording of four seconds."""

    call: PhoneCall
    ticket: Ticket
    message: Message

    def again(self) -> None:
        for row in (self.call, self.ticket, self.message):
            row.refresh_from_db()

    @property
    def recording(self) -> Path:
        path = sound.path_of(self.call)
        assert path is not None
        return path

    def played(self) -> bytes:
        assert self.message.attachment is not None
        return decode(files.path_of(self.message.attachment).read_bytes()).samples

    def hertz(self, start: float, end: float) -> float:
        return dominant_frequency(self.played()[int(start * RATE) * 2 : int(end * RATE) * 2], RATE)


@pytest.fixture
def world(settings, tmp_path: Path) -> World:
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MODEL_DIR = tmp_path / "no models"
    settings.SPEECH_ENGINE = "vosk"
    ticket, message = lifecycle.receive(
        contact=factories.contact("phone"), words=Words(text="", kind="voice", voice=True)
    )
    folder = settings.MEDIA_ROOT / "recordings/2026/11/22"
    folder.mkdir(parents=True)
    recorded(folder / "call.wav", tone(4.0, RATE, 300), silence(4.0, RATE))
    call = PhoneCall.objects.create(
        uuid=uuid4(),
        started_at=clock.now() - timedelta(minutes=5),
        answered_at=clock.now() - timedelta(minutes=4),
        ended_at=clock.now(),
        state="closed",
        outcome="completed",
        ticket=ticket,
        message=message,
        recording="2026/11/22/call.wav",
        recording_seconds=4.0,
    )
    return World(call, ticket, message)


def recognised(monkeypatch: pytest.MonkeyPatch, *said: Said, engine: str = "whisper") -> list[Path]:
    """Let the recogniser find this; returns what it is asked."""
    asked: list[Path] = []

    def heard(path: Path, settings: speech.SpeechSettings) -> CallTranscript:
        asked.append(path)
        return CallTranscript(said, 4.0, engine)

    monkeypatch.setattr(speech, "transcribe_recording", heard)
    monkeypatch.setattr(refining, "choose", lambda settings: type("Engine", (), {"name": engine}))
    return asked


def live(world: World, *said: Spoken) -> None:
    spoken.keep(world.call.uuid, said, engine="vosk", state=spoken.State.LIVE)


def test_a_call_that_was_not_heard_live_is_transcribed_from_its_recording(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    recognised(monkeypatch, Said(0, utterance("路灯坏了", 0.5)), Said(1, utterance("在哪里", 2.0)))
    tasks.finish_call.func(call=str(world.call.uuid))
    world.again()
    assert world.message.attachment is None  # no copy before it is known what to hide

    assert jobs.run("transcribe_call") == 1

    world.again()
    assert [(p.number, p.side, p.text, p.start) for p in world.call.pieces.all()] == [
        (0, "caller", "路灯坏了", 0.5),
        (1, "agent", "在哪里", 2.0),
    ]
    assert (world.call.transcript_state, world.call.transcript_engine) == ("done", "whisper")
    assert (world.message.transcript, world.message.transcript_state) == ("路灯坏了", "done")
    assert world.message.attachment is not None
    assert world.message.attachment.duration == 4.0
    assert world.hertz(0.5, 3.5) == pytest.approx(300, abs=5)
    assert jobs.queued("transcribe") == []


def test_numbers_are_masked_in_the_words_and_silenced_in_the_copy(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    recognised(monkeypatch, Said(0, utterance(f"电话{NUMBER}", 1.0)))
    refining.transcribe(world.call.uuid)

    world.again()
    (piece,) = world.call.pieces.all()
    assert piece.text == "电话幺三八****幺二三四"
    assert "".join(word["text"] for word in piece.words) == piece.text
    assert [word["hidden"] for word in piece.words] == [False] * 2 + [True] * 11
    assert NUMBER not in world.call.transcript + world.message.transcript + world.ticket.text
    assert world.hertz(0.1, 0.9) == pytest.approx(300, abs=5)
    assert world.hertz(1.3, 2.2) == pytest.approx(1000, abs=5)
    assert world.hertz(2.7, 3.9) == pytest.approx(300, abs=5)
    original = decode(world.recording.read_bytes())
    assert dominant_frequency(original.samples, RATE) == pytest.approx(300, abs=5)


def test_words_heard_live_are_there_at_once_and_better_ones_replace_them(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    recognised(monkeypatch, Said(0, utterance("路灯坏了", 3.0)))
    live(world, Spoken("caller", utterance(f"路等{NUMBER}", 0.5)))

    refining.finish(world.call.uuid)

    world.again()
    assert world.message.transcript == "路等幺三八****幺二三四"
    assert world.hertz(1.0, 1.6) == pytest.approx(1000, abs=5)
    [job] = jobs.queued("transcribe_call")
    assert job.priority == refining.REFINE_PRIORITY
    jobs.run("transcribe_call")
    world.again()
    assert (world.message.transcript, world.call.transcript_engine) == ("路灯坏了", "whisper")
    assert world.ticket.text == "路灯坏了"
    assert world.call.transcript_state == "done"
    assert world.hertz(1.0, 1.6) == pytest.approx(1000, abs=5)  # what one recogniser found stays hidden
    engines = [line.data["engine"] for line in world.ticket.ledger.filter(kind="transcribed").order_by("sequence")]
    assert engines == ["vosk", "whisper"]


def test_a_number_that_only_the_second_recogniser_hears_is_hidden_too(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    recognised(monkeypatch, Said(0, utterance(NUMBER, 2.0)))
    live(world, Spoken("caller", utterance("嗯", 0.5)))
    refining.finish(world.call.uuid)
    world.again()
    assert world.message.attachment is not None
    before = world.message.attachment.sha256
    assert world.hertz(2.2, 2.9) == pytest.approx(300, abs=5)

    jobs.run("transcribe_call")

    world.again()
    assert world.message.attachment.sha256 != before
    assert world.message.attachment.size == files.path_of(world.message.attachment).stat().st_size
    assert world.hertz(2.2, 2.9) == pytest.approx(1000, abs=5)
    assert world.ticket.ledger.filter(kind="media_kept").count() == 2  # the second line proves the new copy


def test_without_a_better_recogniser_the_live_words_are_the_last(world: World) -> None:
    live(world, Spoken("caller", utterance("路灯坏了", 0.5)))

    refining.finish(world.call.uuid)
    refining.finish(world.call.uuid)

    world.again()
    assert world.call.transcript_state == "done"
    assert jobs.queued("transcribe_call") == []
    assert world.ticket.ledger.filter(kind="transcribed").count() == 1
    assert world.ticket.ledger.filter(kind="media_kept").count() == 1


def test_words_that_come_late_do_not_displace_better_ones(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    recognised(monkeypatch, Said(0, utterance("路灯坏了", 0.5)))
    refining.transcribe(world.call.uuid)

    live(world, Spoken("caller", utterance("路等坏了", 0.5)))

    world.again()
    assert "路灯坏了" in world.call.transcript


def test_without_any_model_the_sound_is_kept_and_the_night_looks_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    refining.finish(world.call.uuid)
    jobs.run("transcribe_call")

    world.again()
    assert (world.call.transcript_state, world.message.transcript_state) == ("no_model", "no_model")
    assert world.message.attachment is not None
    assert world.message.attachment.purpose == "as_spoken"  # nobody knows which numbers are said in it
    tasks.catch_up_calls.func(timestamp=0)
    assert jobs.queued("finish_call") == []

    recognised(monkeypatch, Said(0, utterance("路灯坏了", 0.5)))  # a model was installed
    tasks.catch_up_calls.func(timestamp=0)
    tasks.catch_up_calls.func(timestamp=0)
    assert [jobs.run("finish_call"), jobs.run("transcribe_call")] == [1, 1]
    world.again()
    assert (world.message.transcript, world.message.transcript_state) == ("路灯坏了", "done")
    assert world.message.attachment is not None
    assert world.message.attachment.purpose == "citizen"  # no number is said in it
    assert not refining.left_over().exists()


def test_a_copy_with_numbers_in_it_is_let_out_only_when_they_are_hidden(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    half = [Spoken("caller", utterance("路灯坏了", 0.5))]
    spoken.keep(world.call.uuid, half, engine="vosk", state=spoken.State.LATER)  # the recogniser was lost midway
    refining.transcribe(world.call.uuid)  # and there is no other
    world.again()
    assert world.message.attachment is not None
    assert world.message.attachment.purpose == "as_spoken"

    recognised(monkeypatch, Said(0, utterance(NUMBER, 2.0)))
    refining.transcribe(world.call.uuid)

    world.again()
    assert world.message.attachment.purpose == "citizen"
    assert world.hertz(2.2, 2.9) == pytest.approx(1000, abs=5)
    assert world.ticket.ledger.filter(kind="media_kept").count() == 2


def test_a_recording_that_cannot_be_read_says_so(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(path: Path, settings: speech.SpeechSettings) -> CallTranscript:
        raise speech.Undecodable("broken")

    monkeypatch.setattr(speech, "transcribe_recording", refused)
    refining.transcribe(world.call.uuid)

    world.again()
    assert (world.call.transcript_state, world.message.transcript_state) == ("failed", "failed")
    assert world.message.attachment is None
    assert not refining.left_over().exists()


def test_a_call_in_which_nobody_spoke_to_us_is_let_be(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = recognised(monkeypatch)
    PhoneCall.objects.update(ticket=None, message=None, answered_at=None)

    refining.finish(world.call.uuid)
    refining.transcribe(world.call.uuid)

    assert jobs.queued("transcribe_call") == []
    assert asked == []
    assert not refining.left_over().exists()


def test_sound_is_deleted_when_its_time_is_over_and_the_words_stay(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    recognised(monkeypatch, Said(0, utterance("路灯坏了", 0.5)))
    refining.transcribe(world.call.uuid)
    world.again()
    assert world.message.attachment is not None
    paths = [world.recording, files.path_of(world.message.attachment)]
    later = clock.now() + timedelta(days=731)

    with clock.at(later):
        assert retention.delete_old_sound() == 0  # the ticket goes on
        Ticket.objects.update(state=State.CLOSED)
        assert retention.delete_old_sound() == 1
        assert retention.delete_old_sound() == 0

    world.again()
    assert [path.exists() for path in paths] == [False, False]
    assert world.call.sound_deleted_at == later
    assert world.call.recording_sha256 == PhoneCall.objects.get().recording_sha256
    assert "路灯坏了" in world.call.transcript
    [note] = world.ticket.ledger.filter(kind="noted")
    assert "730" in note.data["text"]


def test_a_recording_that_cannot_be_deleted_keeps_no_other(world: World) -> None:
    other = world.recording.with_name("other.wav")
    other.write_bytes(b"sound")
    ended = world.call.ended_at
    PhoneCall.objects.create(
        uuid=uuid4(), started_at=ended, ended_at=ended, outcome="completed", recording="2026/11/22/other.wav"
    )
    PhoneCall.objects.filter(pk=world.call.pk).update(recording="/elsewhere/call.wav")
    Ticket.objects.update(state=State.CLOSED)
    with clock.at(clock.now() + timedelta(days=731)):
        assert retention.delete_old_sound() == 1
    assert not other.exists()
    world.again()
    assert world.call.sound_deleted_at is None


def test_sound_younger_than_the_figure_stays(world: World) -> None:
    Ticket.objects.update(state=State.CLOSED)
    with clock.at(clock.now() + timedelta(days=729)):
        assert retention.delete_old_sound() == 0
    Policy.objects.filter(key="phone_sound_days").update(value=0)
    with clock.at(clock.now() + timedelta(days=9000)):
        assert retention.delete_old_sound() == 0
    assert world.recording.exists()


def test_masking_goes_over_utterances_and_where_no_word_tells_the_time_all_is_silenced(world: World) -> None:
    whole = Utterance(0, "电话13800001234", 1.0, 3.0, (), final=True)
    rows = spoken.masked(world.call, [Spoken("caller", whole)])

    assert [(row.text, row.words) for row in rows] == [
        ("电话138****1234", [{"text": "电话138****1234", "start": 1.0, "end": 3.0, "hidden": True}])
    ]
    assert spoken.hidden_spans(rows) == [pytest.approx((0.85, 3.15))]
    assert spoken.hidden_spans([]) == []
