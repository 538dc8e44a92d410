"""WeChat's server interface: one shared token, customer-service and template messages, media."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, TypeVar

import redis
import requests
from django.conf import settings
from wechatpy.client import WeChatClient
from wechatpy.exceptions import WeChatException

from channels_ingest.adapter import Account
from channels_ingest.errors import MediaUnavailable, SendFailed
from channels_ingest.messages import Media, Notice
from channels_ingest.vendors import outside, posting
from channels_ingest.vendors.outside import TIMEOUT_SECONDS
from channels_ingest.vendors.templates import template_for, value_of

VENDOR = "https://api.weixin.qq.com"
TOKEN_REFUSED = frozenset({40001, 40014, 42001})
# The citizen was silent for 48 hours, or we spent the messages that one word of theirs allows.
WINDOW_CLOSED = frozenset({45015, 45047})
WORTH_A_RETRY = frozenset({-1, 45009, 45011}) | TOKEN_REFUSED
T = TypeVar("T")
EARLY_SECONDS = 300  # a token is renewed this long before it ends
# Longest value by the first part of a template field's name, as the vendor checks it.
FIELD_LIMITS = {"thing": 20, "character": 32, "phrase": 5, "name": 10, "const": 20}


class SharedToken:
    """The access token that all our processes share; whoever finds it gone fetches it under a lock."""

    def __init__(self, store: redis.Redis, appid: str) -> None:
        self._store = store
        self._key = f"{settings.LIVE_PREFIX}:wechat:token:{appid}"

    def get(self, fetch: Callable[[bool], tuple[str, int]], refused: str = "") -> str:
        """The current token; `refused` is one that the vendor just turned down."""
        found = self._current(refused)
        if found:
            return found
        try:
            with self._store.lock(f"{self._key}:lock", timeout=20, blocking_timeout=TIMEOUT_SECONDS):
                return self._current(refused) or self._renew(fetch, refused)
        except redis.exceptions.LockError as error:
            raise SendFailed("another process is still fetching the access token", retry=True) from error

    def _current(self, refused: str) -> str:
        kept = self._store.get(self._key)
        token = kept.decode() if isinstance(kept, bytes) else str(kept or "")
        return "" if token == refused else token

    def _renew(self, fetch: Callable[[bool], tuple[str, int]], refused: str) -> str:
        token, seconds = fetch(False)
        if token == refused:
            token, seconds = fetch(True)
        self._store.set(self._key, token, ex=max(60, seconds - EARLY_SECONDS))
        return token


class WeChatApi(WeChatClient):  # wechatpy has no types
    """wechatpy's client with our token, our base address and errors that hold no secret."""

    def __init__(self, options: Mapping[str, Any], base: str, tokens: SharedToken) -> None:
        super().__init__(options["appid"], options.get("secret", ""), timeout=TIMEOUT_SECONDS, auto_retry=False)
        self._http = outside.session()
        self.API_BASE_URL = f"{base.rstrip('/')}/cgi-bin/"
        self._tokens = tokens
        self._options = options
        self._used = self._refused = ""

    @property
    def access_token(self) -> str:
        self._used = self._tokens.get(self._fetch_stable_token, self._refused)
        return self._used

    def _fetch_stable_token(self, force: bool) -> tuple[str, int]:
        wanted = {
            "grant_type": "client_credential",
            "appid": self.appid,
            "secret": self.secret,
            "force_refresh": force,
        }
        try:
            answer = self._http.post(f"{self.API_BASE_URL}stable_token", json=wanted, timeout=TIMEOUT_SECONDS).json()
        except (requests.RequestException, ValueError) as error:  # whatever it was: nothing is sent without a token
            raise SendFailed(f"access token: {type(error).__name__}", retry=True) from None
        if "access_token" not in answer:
            raise failed("access token", int(answer.get("errcode", -1)))
        return str(answer["access_token"]), int(answer.get("expires_in", 7200))

    def _call(self, what: str, call: Callable[[], T]) -> T:
        """Call the vendor; a refused token is renewed once. Errors name the call and the code only."""
        try:
            try:
                return call()
            except WeChatException as error:
                if error.errcode not in TOKEN_REFUSED:
                    raise
                self._refused = self._used
                return call()
        except WeChatException as error:
            raise failed(what, error.errcode, _status(error)) from None
        except redis.RedisError as error:
            raise SendFailed(f"{what}: {type(error).__name__}", retry=True) from None
        except (requests.RequestException, ValueError) as error:
            unsure = not isinstance(error, requests.RequestException) or posting.has_left(error)
            raise SendFailed(f"{what}: {type(error).__name__}", retry=True, unsure=unsure) from None

    def send_text(self, openid: str, text: str) -> str:
        """A customer-service message; the vendor gives no number for it."""
        self._call("customer-service message", lambda: self.message.send_text(openid, text))
        return "custom"

    def send_template(self, openid: str, notice: Notice) -> str:
        """A template message, from the account's table kind → {id, fields}; returns the vendor's msgid."""
        template = template_for(self._options, notice)
        data = {name: {"value": fitted(name, value_of(notice, source))} for name, source in template["fields"].items()}
        answer = self._call(
            "template message",
            lambda: self.message.send_template(openid, template["id"], data, url=notice.link or None),
        )
        return str(answer.get("msgid", ""))

    def fetch(self, media: Media) -> Media:
        """The file behind a media id; videos come as an address that is asked next."""
        try:
            answer = self._call("media", lambda: self.media.download(media.reference))
            if isinstance(answer, dict):
                url = str(answer["video_url"])
                answer = self._call("video", lambda: self._get(url))
        except SendFailed as error:
            raise MediaUnavailable(str(error), retry=error.retry) from error
        except (KeyError, TypeError) as error:
            raise MediaUnavailable("media: unexpected answer", retry=False) from error
        return replace(
            media,
            content=answer.content,
            content_type=answer.headers.get("Content-Type", media.content_type).split(";")[0],
        )

    def _get(self, url: str) -> requests.Response:
        """A page that tells of trouble is no file; raises requests.HTTPError."""
        response = self._http.get(url, timeout=TIMEOUT_SECONDS)
        response.raise_for_status()
        return response


def failed(what: str, errcode: int | None, status: int = 200) -> SendFailed:
    """The vendor's refusal, without its text, which can repeat what we sent; no code is an HTTP error of `status`."""
    retry = errcode is None or errcode in WORTH_A_RETRY
    unsure = errcode is None and posting.is_unsure(status)
    return SendFailed(f"{what}: errcode {errcode}", retry=retry, code=errcode or "", unsure=unsure)


def _status(error: WeChatException) -> int:
    """Of the HTTP answer that wechatpy refused."""
    return int(getattr(getattr(error, "response", None), "status_code", 200))


def fitted(name: str, value: str) -> str:
    """Cut a template value to what the vendor allows for a field of this name."""
    stem = name.rstrip("0123456789").split("_")[0]
    limit = FIELD_LIMITS.get(stem, 200)
    return value if len(value) <= limit else value[: limit - 1] + "…"


@lru_cache(maxsize=4)
def _store(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=5)


def is_stage(account: Account) -> bool:
    """The demonstration's own account has no secret, and nobody at the vendor's end."""
    return settings.DEMO and not account.options.get("secret") and settings.WECHAT_API_BASE == VENDOR


def client(account: Account) -> WeChatApi:
    """The client of one account, at the vendor's address or where WECHAT_API_BASE points."""
    options = account.options
    tokens = SharedToken(_store(settings.REDIS_URL), options["appid"])
    base = options.get("api_base") or settings.WECHAT_API_BASE
    return WeChatApi(options, base, tokens)
