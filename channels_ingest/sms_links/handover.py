"""From the worker to the process that holds the links: pieces as rows, queued once for each message."""

from datetime import timedelta
from uuid import uuid4

from django.db import connection, transaction

from channels_ingest.messages import Notice, Receipt
from channels_ingest.models import ChannelAccount
from channels_ingest.sms import plain_number
from channels_ingest.sms_links import segments
from channels_ingest.sms_links.models import SmsPiece
from hotline.people.sealing import fingerprint
from hotline.tickets import clock

State = SmsPiece.State
WAKE = "hotline_sms_links"
STALE_AFTER = timedelta(hours=24)  # words of yesterday are not sent today
EXPIRED = "waited too long for the gateway"
PERHAPS = "perhaps sent: the link broke before the gateway answered"


@transaction.atomic
def hand_over(account: ChannelAccount, number: str, notice: Notice) -> Receipt:
    """Queue the pieces of a message; handed over again, the same message only tells how far it got."""
    key = notice.key or uuid4().hex
    _give_up_stale(key)
    if not SmsPiece.objects.filter(key=key).exists():
        options = account.options
        sign = options.get("sign_name")
        text = f"【{sign}】{notice.text}" if sign else notice.text
        to = f"{options.get('number_prefix') or ''}{number}"
        for index, content in enumerate(pieces := segments.cut(text, _reference(account, to)), 1):
            SmsPiece(
                account=account,
                key=key,
                index=index,
                total=len(pieces),
                number=to,
                content=content,
                created_at=clock.now(),
            ).save()
        wake(account.pk)
    return outcome(key)


def _give_up_stale(key: str) -> None:
    """The worker asks again every few minutes, also when no process holds the link: so this comes true at any rate."""
    stale = SmsPiece.objects.filter(key=key, state=State.QUEUED, created_at__lt=clock.now() - STALE_AFTER)
    stale.update(state=State.FAILED, error=EXPIRED, finished_at=clock.now())


def hold_back() -> None:
    """Pieces that wait for a link are perhaps sent: they come from a backup, and the links went on after it."""
    SmsPiece.objects.filter(state__in=(State.QUEUED, State.WRITING)).update(state=State.MAYBE, error=PERHAPS)


def _reference(account: ChannelAccount, number: str) -> int:
    """Tells the long messages of one number apart; phones join by it."""
    earlier = SmsPiece.objects.filter(account=account, number_fingerprint=fingerprint(plain_number(number)), index=1)
    return earlier.count() % 256


def wake(account_pk: int) -> None:
    """Tell the process that holds the links, once this transaction is committed."""
    with connection.cursor() as cursor:
        cursor.execute("select pg_notify(%s, %s)", [WAKE, str(account_pk)])


def outcome(key: str) -> Receipt:
    """What is known of a message by its pieces: refused, perhaps sent, under way, or sent."""
    pieces = list(SmsPiece.objects.filter(key=key).order_by("index").only("state", "reference", "error"))
    states = {piece.state for piece in pieces}
    if State.FAILED in states:
        return Receipt(accepted=False, error=next(piece.error for piece in pieces if piece.state == State.FAILED))
    if states & {State.QUEUED, State.WRITING}:
        return Receipt(accepted=False, handed_over=True)
    if State.MAYBE in states:
        return Receipt(accepted=False, error=PERHAPS)
    return Receipt(accepted=True, reference=pieces[0].reference)
