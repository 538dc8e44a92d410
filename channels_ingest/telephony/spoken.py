"""The words of a call in the database: numbers masked, each word with its place, whoever recognised them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from django.db import transaction

from hotline.calls.models import CallPiece, PhoneCall
from nlp.speech import Utterance
from nlp.speech.masking import Masked, mask_each, mask_words, merged, spans

Side = Literal["caller", "agent"]
SIDES: tuple[Side, Side] = ("caller", "agent")
"""Left and right of a recording."""
State = PhoneCall.TranscriptState
FINAL = frozenset({State.DONE})


@dataclass(frozen=True, slots=True)
class Spoken:
    """One utterance of one side, as it was heard."""

    side: Side
    utterance: Utterance


def keep(call: UUID, spoken: Iterable[Spoken], *, engine: str, state: State, over: bool = False) -> PhoneCall:
    """Write down the words of a call in place of earlier ones; `over` a finished transcript too.

    Raises PhoneCall.DoesNotExist while the call itself is not in the database.
    """
    with transaction.atomic():
        row = PhoneCall.objects.select_for_update(of=("self",)).get(uuid=call)
        if row.transcript_state in FINAL and not over:
            return row
        pieces = [piece for piece in masked(row, list(spoken)) if piece.text]
        row.pieces.all().delete()
        CallPiece.objects.bulk_create(pieces)
        row.transcript = "\n".join(f"{piece.get_side_display()}：{piece.text}" for piece in pieces)
        row.transcript_engine, row.transcript_state = engine, state
        row.save(update_fields=["transcript", "transcript_engine", "transcript_state"])
        return row


def masked(call: PhoneCall, spoken: Sequence[Spoken]) -> list[CallPiece]:
    """The rows of a call's words, in the order in which they were begun."""
    rows = [row for side in SIDES for row in _of_side(call, side, [one for one in spoken if one.side == side])]
    rows.sort(key=lambda row: row.start)
    for number, row in enumerate(rows):
        row.number = number
    return rows


def _of_side(call: PhoneCall, side: Side, spoken: Sequence[Spoken]) -> Iterable[CallPiece]:
    """Masked together: a number may go on in the next utterance."""
    said = sorted((one.utterance for one in spoken), key=lambda utterance: utterance.start)
    texts = mask_each([utterance.text for utterance in said])
    words = iter(mask_words([word for utterance in said for word in utterance.words]))
    for utterance, text in zip(said, texts, strict=True):
        own = [next(words) for _ in utterance.words]
        if text != utterance.text and not any(word.hidden for word in own):
            own = [Masked(text, utterance.start, utterance.end, hidden=True)]  # no word tells where: all of it
        yield CallPiece(
            call=call,
            side=side,
            text=text,
            start=round(utterance.start, 2),
            end=round(utterance.end, 2),
            words=[_as_json(word) for word in own],
        )


def _as_json(word: Masked) -> dict[str, object]:
    return {"text": word.text, "start": round(word.start, 2), "end": round(word.end, 2), "hidden": word.hidden}


def hidden_spans(pieces: Iterable[CallPiece]) -> list[tuple[float, float]]:
    """The seconds of a recording in which numbers are said, by whichever side."""
    return merged(spans(Masked(**word) for piece in pieces for word in piece.words))
