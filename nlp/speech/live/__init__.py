"""Live recognition of telephone calls in worker processes, as many streams as the machine can bear."""

from nlp.speech.live.pool import Hearer, LiveSettings, LiveStream, Pool, Recogniser, Standing, vosk

__all__ = ["Hearer", "LiveSettings", "LiveStream", "Pool", "Recogniser", "Standing", "vosk"]
