"""`hotline backup`: the database and every file into a new folder, while everything runs on."""

import argparse
import shutil
import sys
from pathlib import Path

from hotline.commands import start_django


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """FOLDER."""
    parser.add_argument("folder", type=Path, help="where backups are kept; each gets a folder of its own in it")


def run(args: argparse.Namespace) -> int:
    """Make one; 1 with the reason where it cannot be made, and nothing half-made is left."""
    start_django()
    from django.utils import timezone

    from hotline import backups

    before = backups.newest(args.folder)
    target: Path = args.folder / backups.name_at(timezone.now())
    try:
        target.mkdir(mode=0o700, parents=True)
        files = _make(target, before)
    except (backups.BackupError, OSError) as error:
        shutil.rmtree(target, ignore_errors=True)
        print(f"hotline backup: {error}", file=sys.stderr)
        return 1
    print(f"{target}: the database and {files} files")
    print("not in it, keep them elsewhere: HOTLINE_SECRET_KEY, HOTLINE_PERSONAL_DATA_KEY, HOTLINE_LEDGER_KEY")
    return 0


def _make(target: Path, before: Path | None) -> int:
    """The manifest comes last, so that only a whole backup has one; returns how many files there are."""
    from itertools import chain

    from django.utils import timezone
    from tqdm import tqdm

    from hotline import backups

    manifest = backups.manifest(timezone.now())
    backups.dump(target / backups.DUMP)
    dump = (backups.DUMP, backups.sha256(target / backups.DUMP))
    copies = tqdm(backups.copy_files(target, before), desc="copying", unit=" files", disable=None)
    number = backups.write_sums(target, chain([dump], copies))
    manifest.write(target)
    return number - 1
