"""Pictures that are small to send and large to look at: they wait for one another instead of filling the memory."""

import io
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from unittest.mock import patch

from PIL import Image

from hotline.tickets import files


def test_no_more_than_two_pictures_are_unfolded_at_once() -> None:
    sent = io.BytesIO()
    Image.new("1", (600, 600)).save(sent, "PNG")
    counting, open_now, most = threading.Lock(), 0, 0

    def unfold(picture: Image.Image, kind: str) -> bytes:
        nonlocal open_now, most
        with counting:
            open_now += 1
            most = max(most, open_now)
        time.sleep(0.02)  # long enough for all the others to come in, were they let
        with counting:
            open_now -= 1
        return b"x"

    with patch.object(files, "_written_anew", unfold), ThreadPoolExecutor(8) as senders:
        kept = list(senders.map(files.examine, [sent.getvalue()] * 16))
    assert (most, {found.content_type for found in kept}) == (2, {"image/png"})
