"""Words on their way to a vendor: what it answered, or whether it may have taken them although no answer came."""

from typing import Any, Final

import httpx
import requests
from urllib3.exceptions import MaxRetryError, NewConnectionError

from channels_ingest.errors import SendFailed
from channels_ingest.vendors import outside

NOT_TAKEN: Final = frozenset({502, 503})
"""What a vendor's gateway says of a server behind it that it could not reach; 504 came after the server was asked."""
_NEVER_LEFT: Final = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)


def post(what: str, url: str, **request: Any) -> tuple[int, dict[str, Any]]:
    """Status and JSON of the answer; SendFailed names `what`, and is `unsure` where the words were perhaps taken."""
    try:
        response = outside.ask("POST", url, **request)
    except httpx.HTTPError as error:
        unsure = not isinstance(error, _NEVER_LEFT)
        raise SendFailed(f"{what}: {type(error).__name__}", retry=True, unsure=unsure) from None
    try:
        answer = response.json()
    except ValueError as error:
        raise SendFailed(
            f"{what}: {type(error).__name__}", retry=True, unsure=is_unsure(response.status_code)
        ) from None
    if not isinstance(answer, dict):
        raise SendFailed(f"{what}: unexpected answer", retry=True, unsure=is_unsure(response.status_code))
    return response.status_code, answer


def is_unsure(status: int) -> bool:
    """Whether a vendor that answers this, and nothing that can be read, may have taken the words."""
    return status not in NOT_TAKEN and not 400 <= status < 500


def has_left(error: requests.RequestException) -> bool:
    """Whether a request of `requests` may have reached the vendor."""
    if isinstance(error, requests.ConnectTimeout | requests.exceptions.SSLError | requests.exceptions.ProxyError):
        return False
    cause = error.args[0] if error.args else None
    return not (isinstance(cause, MaxRetryError) and isinstance(cause.reason, NewConnectionError))
