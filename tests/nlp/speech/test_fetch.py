"""Fetching a model: resumed, checked, unpacked with care, and every failure said in a sentence."""

from __future__ import annotations

import argparse
import hashlib
import io
import stat
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from nlp.speech.commands import fetch_model
from nlp.speech.errors import FetchFailed, ModelDamaged
from nlp.speech.fetch import fetch, unpack
from nlp.speech.models import VOSK_CHINESE, Archive, vosk_availability, vosk_folder
from tests.fakes.model_publisher import ModelPublisher

NAME = "vosk-model-test-1.0"
FILES = {f"{NAME}/am/final.mdl": b"acoustic" * 5000, f"{NAME}/conf/model.conf": b"--beam=10\n"}


def zipped(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def published(content: bytes, url: str = "http://127.0.0.1:9/model.zip") -> Archive:
    digest = hashlib.sha256(content).hexdigest()
    return Archive(name=NAME, url=url, sha256=digest, bytes=len(content), unpacked_bytes=100_000)


@pytest.fixture
def publisher() -> Iterator[ModelPublisher]:
    with ModelPublisher(zipped(FILES)).serving() as serving:
        yield serving


def test_a_model_is_fetched_checked_and_unpacked(publisher: ModelPublisher, tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []

    folder = fetch(
        published(publisher.content, publisher.url), tmp_path, lambda done, total: seen.append((done, total))
    )

    assert folder == tmp_path / NAME == vosk_folder(tmp_path)
    assert {f"{NAME}/{path}": (folder / path).read_bytes() for path in ("am/final.mdl", "conf/model.conf")} == FILES
    assert seen[-1] == (len(publisher.content), len(publisher.content))
    assert [path.name for path in tmp_path.iterdir()] == [NAME]
    assert vosk_availability(tmp_path).ok


def test_a_broken_download_goes_on_where_it_stopped(publisher: ModelPublisher, tmp_path: Path) -> None:
    archive = published(publisher.content, publisher.url)
    publisher.break_after = 10_000
    with pytest.raises(FetchFailed, match="Try again to go on"):
        fetch(archive, tmp_path)
    assert (tmp_path / f"{NAME}.zip.part").stat().st_size == 10_000

    fetch(archive, tmp_path)

    assert publisher.asked == [None, "bytes=10000-"]
    assert vosk_folder(tmp_path).name == NAME


def test_a_server_without_ranges_starts_again(publisher: ModelPublisher, tmp_path: Path) -> None:
    publisher.ranges = False
    publisher.break_after = 10_000
    archive = published(publisher.content, publisher.url)
    with pytest.raises(FetchFailed):
        fetch(archive, tmp_path)

    assert fetch(archive, tmp_path).is_dir()


def test_another_file_than_published_is_refused_and_not_kept(publisher: ModelPublisher, tmp_path: Path) -> None:
    archive = published(publisher.content, publisher.url)
    publisher.content = publisher.content[:-1] + b"!"

    with pytest.raises(FetchFailed, match="not the published file"):
        fetch(archive, tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_a_server_that_sends_without_end_is_cut_off(publisher: ModelPublisher, tmp_path: Path) -> None:
    archive = published(publisher.content, publisher.url)
    publisher.content *= 3

    with pytest.raises(FetchFailed, match="more than"):
        fetch(archive, tmp_path)

    assert not (tmp_path / NAME).exists()


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("../escaped", "outside"),
        (f"{NAME}/../../escaped", "outside"),
        ("/tmp/escaped", "outside"),
        ("other/final.mdl", "outside"),
    ],
)
def test_an_archive_that_writes_elsewhere_is_refused(tmp_path: Path, name: str, said: str) -> None:
    content = zipped(FILES | {name: b"x"})
    file = tmp_path / "model.zip"
    file.write_bytes(content)

    with pytest.raises(FetchFailed, match=said):
        unpack(published(content), file, tmp_path / "models")

    assert list((tmp_path / "models").iterdir()) == []
    assert not (tmp_path / "escaped").exists()


def test_an_archive_with_a_link_is_refused(tmp_path: Path) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        link = zipfile.ZipInfo(f"{NAME}/am")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc")
    file = tmp_path / "model.zip"
    file.write_bytes(target.getvalue())

    with pytest.raises(FetchFailed, match="link"):
        unpack(published(target.getvalue()), file, tmp_path / "models")


def test_an_archive_that_unpacks_to_far_more_is_refused(tmp_path: Path) -> None:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{NAME}/am/final.mdl", bytes(1_000_000))
    file = tmp_path / "model.zip"
    file.write_bytes(target.getvalue())

    with pytest.raises(FetchFailed, match="unpacks to 1000000 bytes"):
        unpack(published(target.getvalue()), file, tmp_path / "models")


def test_a_file_by_hand_serves_a_closed_network(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    content = zipped(FILES)
    file = tmp_path / "downloaded.zip"
    file.write_bytes(content)
    models = tmp_path / "models"

    code = run_fetch(["--file", str(file), "--models", str(models)], published(content))

    assert code == 0
    assert capsys.readouterr().out == f"{NAME} is ready in {models / NAME}\n"
    assert file.exists()


def test_failures_of_the_command_are_one_sentence(
    publisher: ModelPublisher, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    publisher.status = 503

    code = run_fetch(["--models", str(tmp_path)], published(publisher.content, publisher.url))

    assert code == 1
    error = capsys.readouterr().err
    assert error.startswith(f"{publisher.url} could not be fetched (")
    assert "503" in error
    assert error.rstrip().endswith("or download it elsewhere and give it with --file.")


def test_a_file_that_is_not_there_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = run_fetch(["--file", str(tmp_path / "none.zip"), "--models", str(tmp_path)], published(b""))

    assert code == 1
    assert capsys.readouterr().err == f"{tmp_path / 'none.zip'} cannot be read: No such file or directory.\n"


def test_fetching_again_mends_a_damaged_model(publisher: ModelPublisher, tmp_path: Path) -> None:
    archive = published(publisher.content, publisher.url)
    folder = fetch(archive, tmp_path)
    (folder / "am/final.mdl").write_bytes(b"damaged")
    with pytest.raises(ModelDamaged, match=r"final\.mdl is not the published file"):
        vosk_folder(tmp_path)

    fetch(archive, tmp_path)

    assert vosk_folder(tmp_path) == folder


def test_the_chinese_model_comes_from_its_publisher() -> None:
    assert VOSK_CHINESE.url == f"https://alphacephei.com/vosk/models/{VOSK_CHINESE.name}.zip"
    assert len(bytes.fromhex(VOSK_CHINESE.sha256)) == 32


def run_fetch(arguments: list[str], archive: Archive) -> int:
    parser = argparse.ArgumentParser()
    fetch_model.add_arguments(parser)
    return fetch_model.run(parser.parse_args(arguments), archive)
