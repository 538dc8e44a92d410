"""How to reach the exchange's manager interface; the secret comes from the environment and is never shown."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class AmiSettings:
    """`host` is empty where there is no exchange to follow."""

    host: str = ""
    port: int = 5038
    username: str = "hotline"
    secret: str = field(default="", repr=False)
    audiosocket: str = "127.0.0.1:9092"
    """Where the exchange reaches our AudioSocket, as seen from it."""
    queues: frozenset[str] = frozenset()
    """The queues that are followed; empty follows all."""
    transfer_context: str = "hotline-out"
    """Where callers are sent that an agent transfers to a number outside: the exchange decides what may be dialled."""
    answer_seconds: float = 5.0
    ping_seconds: float = 15.0
    first_pause: float = 0.5
    most_pause: float = 30.0

    @classmethod
    def from_settings(cls) -> AmiSettings:
        """As the installation's settings say."""
        from django.conf import settings

        return cls(
            host=settings.TELEPHONY_AMI_HOST,
            port=settings.TELEPHONY_AMI_PORT,
            username=settings.TELEPHONY_AMI_USER,
            secret=settings.TELEPHONY_AMI_SECRET,
            audiosocket=settings.TELEPHONY_AUDIOSOCKET_ADDRESS,
            queues=frozenset(settings.TELEPHONY_AMI_QUEUES),
            transfer_context=settings.TELEPHONY_TRANSFER_CONTEXT,
        )
