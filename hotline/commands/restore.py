"""`hotline restore`: a backup into an empty database and empty folders, proven before and after."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from hotline.commands import start_django

if TYPE_CHECKING:
    from hotline.backups import Manifest

RESTORED: Final = "perhaps sent already: restored from a backup"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """FOLDER."""
    parser.add_argument("folder", type=Path, help="one backup, as `hotline backup` made it")


def run(args: argparse.Namespace) -> int:
    """Restore it; 1 with the reason, before anything is changed, where that cannot be done."""
    start_django()
    from django.core.management import call_command

    from channels_ingest import outbound
    from channels_ingest.sms_links import handover
    from hotline import backups, reactions
    from hotline.tickets.models import LedgerEntry

    folder: Path = args.folder
    try:
        manifest = backups.Manifest.read(folder)
        _refuse_to_mix(folder, manifest)
        print(f"restoring {folder.name}: made {manifest.made_at} by version {manifest.version}")
        backups.load(folder / backups.DUMP)
        files = backups.put_back(folder)
    except (backups.BackupError, OSError) as error:
        print(f"hotline restore: {error}", file=sys.stderr)
        return 1
    call_command("migrate", interactive=False, verbosity=0)
    for entry in LedgerEntry.objects.filter(announced_at=None).select_related("ticket").order_by("pk"):
        reactions.tell_only(entry)  # nobody knows whether the installation that was backed up came to it
    handover.hold_back()
    held = outbound.hold_back(RESTORED)
    print(f"the database and {files} files are back")
    print(f"{held} messages waited to be sent when the backup was made, and perhaps were: they are not sent again")
    print("now prove it: hotline verify-ledger")
    return 0


def _refuse_to_mix(folder: Path, manifest: "Manifest") -> None:
    """Only the right key, an empty database, empty folders and a whole backup will do; raises BackupError."""
    from django.db import connection

    from hotline import backups

    if manifest.key != backups.fingerprint():
        raise backups.BackupError("HOTLINE_PERSONAL_DATA_KEY is another than the backup's: nobody could read the data")
    if connection.introspection.table_names():
        raise backups.BackupError("the database has tables already: restore into an empty one")
    for place in backups.places().values():
        if place.is_dir() and any(place.iterdir()):
            raise backups.BackupError(f"{place} holds files already: restore into an empty folder")
    if damaged := list(backups.broken(folder)):
        raise backups.BackupError(f"{len(damaged)} files of the backup are damaged or missing, first {damaged[0]}")
