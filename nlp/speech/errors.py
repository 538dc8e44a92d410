"""What can go wrong between a voice and its text.

SpeechError                    each carries `code`, a word to translate or count by, and an English sentence
 ├── NoModel                   no engine can be used: the ticket is made without a transcript
 │    └── ModelDamaged         the model's files are not those that were published
 ├── Undecodable               the bytes are not sound that we can read
 │    └── TooLong              the sound is longer, or the file bigger, than the limits allow
 └── FetchFailed               a model could not be fetched or unpacked
"""

from __future__ import annotations

from typing import ClassVar


class SpeechError(Exception):
    """Any failure of speech recognition."""

    code: ClassVar[str] = "speech"


class NoModel(SpeechError):
    """No recogniser is installed or its model is missing."""

    code = "no_model"


class ModelDamaged(NoModel):
    """A model's file does not have the published SHA-256."""

    code = "model_damaged"


class Undecodable(SpeechError):
    """The file is not sound in a format that we read."""

    code = "undecodable"


class TooLong(Undecodable):
    """The sound is longer, or the file bigger, than the limits allow."""

    code = "too_long"


class FetchFailed(SpeechError):
    """A model could not be fetched, checked or unpacked."""

    code = "fetch_failed"
