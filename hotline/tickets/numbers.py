"""The two names of a ticket: its number, which people read aloud, and its code, which opens the citizen's page."""

import secrets

from django.db import connection
from django.utils import timezone
from stdnum import luhn

from hotline.people.limits import Limit
from hotline.tickets import clock

UNAMBIGUOUS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CODE_LENGTH = 10
WRONG_CODES = Limit("wrong-codes", most=300, seconds=900)
"""From one address; beyond it no code from there is even looked up, or guessing would go on until one is right."""


def next_number() -> str:
    """`12345` + yymmdd + six digits + a Luhn check digit; unique, not gapless. One sequence read."""
    with connection.cursor() as cursor:
        cursor.execute("select nextval('ticket_serial')")
        serial = cursor.fetchone()[0] % 1_000_000
    body = f"12345{timezone.localtime(clock.now()):%y%m%d}{serial:06d}"
    return body + luhn.calc_check_digit(body)


def is_number(text: str) -> bool:
    """Whether `text` can be a ticket's number: right shape and check digit."""
    return len(text) == 18 and text.startswith("12345") and luhn.is_valid(text)


def is_code(text: str) -> bool:
    """Whether `text` has the shape of a public code."""
    return len(text) == CODE_LENGTH and set(text) <= set(UNAMBIGUOUS)


def new_code() -> str:
    """A random code of ten characters that cannot be misread (about 49 bits)."""
    return "".join(secrets.choice(UNAMBIGUOUS) for _ in range(CODE_LENGTH))
