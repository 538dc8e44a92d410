"""Speech: voice files and telephone sound in, readable Chinese text out."""

from nlp.speech.calls import CallTranscript, Said, transcribe_call
from nlp.speech.engine import Availability, Engine, Stream, StreamingEngine, Transcript, Utterance, Word
from nlp.speech.errors import FetchFailed, ModelDamaged, NoModel, SpeechError, TooLong, Undecodable
from nlp.speech.media import Limits, Pcm, decode
from nlp.speech.playback import Playable, playable
from nlp.speech.settings import SpeechSettings
from nlp.speech.transcriber import Transcriber, transcribe, transcribe_recording

__all__ = [
    "Availability",
    "CallTranscript",
    "Engine",
    "FetchFailed",
    "Limits",
    "ModelDamaged",
    "NoModel",
    "Pcm",
    "Playable",
    "Said",
    "SpeechError",
    "SpeechSettings",
    "Stream",
    "StreamingEngine",
    "TooLong",
    "Transcriber",
    "Transcript",
    "Undecodable",
    "Utterance",
    "Word",
    "decode",
    "playable",
    "transcribe",
    "transcribe_call",
    "transcribe_recording",
]
