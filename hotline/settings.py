"""Every setting on one page, read from the environment, safe by default."""

from pathlib import Path

from csp.constants import NONE, SELF
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy
from environs import Env

from hotline.secrets import strong_secret

env = Env()
BASE_DIR = Path(__file__).resolve().parent.parent

# --- what this installation is ------------------------------------------------------------------
DEBUG = env.bool("HOTLINE_DEBUG", False)
DEMO = env.bool("HOTLINE_DEMO", False)
SECRET_KEY = strong_secret(env.str("HOTLINE_SECRET_KEY", ""), "HOTLINE_SECRET_KEY")
# Personal data is encrypted with its own key, so that a session secret can be changed by itself.
PERSONAL_DATA_KEY = strong_secret(env.str("HOTLINE_PERSONAL_DATA_KEY", ""), "HOTLINE_PERSONAL_DATA_KEY")
# Signs the nightly anchors of the ledger; the second names public keys (hex) that signed before this one.
LEDGER_KEY = strong_secret(env.str("HOTLINE_LEDGER_KEY", PERSONAL_DATA_KEY), "HOTLINE_LEDGER_KEY")
LEDGER_OLD_KEYS: list[str] = env.list("HOTLINE_LEDGER_OLD_KEYS", [])
ALLOWED_HOSTS = env.list("HOTLINE_HOSTS", ["127.0.0.1", "localhost", "[::1]"])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("HOTLINE_ORIGINS", [])
PUBLIC_URL = env.str("HOTLINE_PUBLIC_URL", "http://127.0.0.1:8000")
CITY_NAME = env.str("HOTLINE_CITY", "云水市")
DATA_DIR = Path(env.str("HOTLINE_DATA_DIR", str(BASE_DIR / ".hotline")))

# --- what it is made of -------------------------------------------------------------------------
INSTALLED_APPS = [
    "daphne",
    "unfold",
    "unfold.contrib.filters",
    "unfold.contrib.simple_history",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "channels",
    "procrastinate.contrib.django",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "tree_queries",
    "simple_history",
    "axes",
    "csp",
    "hotline.people",
    "hotline.tickets",
    "hotline.knowledge",
    "hotline.calls",
    "dispatch",
    "channels_ingest",
    "channels_ingest.citizen_web",
    "channels_ingest.sms_links",
    "hotline.api",
    "agent_console",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "hotline.admin_policy.admin_policy",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "hotline.refusals.explain",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]
ROOT_URLCONF = "hotline.urls"
ASGI_APPLICATION = "hotline.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "dispatch" / "templates"],  # what we say otherwise than the admin's theme comes before it
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# --- engines: PostgreSQL keeps, Redis or Valkey fans out ------------------------------------------
DATABASES = {"default": env.dj_db_url("DATABASE_URL", "postgres://hotline@127.0.0.1:5432/hotline")}
DATABASES["default"] |= {
    "CONN_MAX_AGE": 0,  # under ASGI persistent connections leak; the pool below keeps them instead
    "OPTIONS": {
        "connect_timeout": 5,
        # A server that vanished from the network, not only its process, is given up after these seconds, not hours.
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "tcp_user_timeout": 20_000,
        "pool": {
            "min_size": 1,
            "max_size": env.int("HOTLINE_DB_POOL", 12),
            "timeout": 4,  # a vendor waits five seconds for the answer to a message
            "reconnect_timeout": 10,  # then anew: its pauses double, and a server that is back would not be noticed
        },
    },
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
REDIS_URL = env.str("REDIS_URL", "redis://127.0.0.1:6379/0")
REDIS_PATIENCE = 2  # seconds: a Redis that hangs must not hang the citizen's request
LIVE_PREFIX = env.str("HOTLINE_LIVE_PREFIX", "hotline")
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [REDIS_URL], "prefix": LIVE_PREFIX},
    }
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "KEY_PREFIX": LIVE_PREFIX,
        "OPTIONS": {"socket_timeout": REDIS_PATIENCE, "socket_connect_timeout": REDIS_PATIENCE},
    }
}
LEDGER_REACTIONS = "hotline.reactions"
RULEBOOK = "dispatch.rulebook.BOOK"

# --- who may come in -----------------------------------------------------------------------------
PROXIES = env.int("HOTLINE_PROXIES", 0)  # how many of our own stand in front
AUTH_USER_MODEL = "people.Staff"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "hotline.people.spraying.SprayingBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in (
        "UserAttributeSimilarityValidator",
        "MinimumLengthValidator",
        "CommonPasswordValidator",
        "NumericPasswordValidator",
    )
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/home/"
LOGOUT_REDIRECT_URL = LOGIN_URL
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25  # hours
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_HANDLER = "axes.handlers.cache.AxesCacheHandler"
AXES_CLIENT_IP_CALLABLE = "hotline.people.addresses.client_address"
AXES_LOCKOUT_CALLABLE = "agent_console.login.locked_out"
AXES_ENABLE_ADMIN = False  # attempts are counted in the cache; the tables stay empty
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
HTTPS = env.bool("HOTLINE_HTTPS", PUBLIC_URL.startswith("https://"))
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "media-src": [SELF, "blob:"],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}

UNFOLD = {
    "SITE_TITLE": f"{CITY_NAME} 12345",
    "SITE_HEADER": CITY_NAME,
    "SITE_URL": "/",
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": lambda request: static("agent_console/icon.svg")}
    ],
    "SHOW_HISTORY": True,
    "ACCOUNT": {"navigation": [{"title": gettext_lazy("Change your password"), "link": reverse_lazy("password")}]},
    "SHOW_LANGUAGES": True,
    "STYLES": [lambda request: static("tokens/tokens.css"), lambda request: static("dispatch/admin.css")],
    "SCRIPTS": [lambda request: static("dispatch/admin.js"), lambda request: static("dispatch/names.js")],
    "SIDEBAR": {"show_search": True, "navigation": "hotline.admin_menu.groups"},
    "COLORS": {  # the greys and the blue of the other screens: their tokens, light first, then dark
        "base": {
            "50": "#f6f7f9",
            "100": "#eef0f3",
            "200": "#e1e4e9",
            "300": "#ccd1d9",
            "400": "#939dab",
            "500": "#656e7d",
            "600": "#515a69",
            "700": "#3c4450",
            "800": "#2b313b",
            "900": "#16191f",
            "950": "#101318",
        },
        "primary": {
            "50": "#eff4fd",
            "100": "#dce8fb",
            "200": "#bcd2f7",
            "300": "#8fb4f0",
            "400": "#5a95f5",
            "500": "#2b6ae0",
            "600": "#1d57c6",
            "700": "#17479f",
            "800": "#183c81",
            "900": "#1c3358",
            "950": "#172740",
        },
    },
}

# --- language and time ----------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
FORMAT_MODULE_PATH = ["hotline.formats"]
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "hotline" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# --- files ----------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = Path(env.str("HOTLINE_STATIC_ROOT", str(DATA_DIR / "static")))
MEDIA_ROOT = Path(env.str("HOTLINE_MEDIA_ROOT", str(DATA_DIR / "media")))  # never served as static files
WHITENOISE_USE_FINDERS = True
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/screens/assets/.+-[\w-]{8}\.\w+$"  # Vite puts a digest into these names
MAX_ATTACHMENT_BYTES = env.int("HOTLINE_MAX_ATTACHMENT", 10 * 1024 * 1024)
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# --- the ways in and out ---------------------------------------------------------------------------
DRAFT_WINDOW_MINUTES = env.int("HOTLINE_DRAFT_MINUTES", 30)
WECHAT_API_BASE = env.str("WECHAT_API_BASE", "https://api.weixin.qq.com")
# Networks of your own in which vendors' addresses may lie, such as a gateway's; all others are called outside only.
VENDOR_NETWORKS: list[str] = env.list("HOTLINE_VENDOR_NETWORKS", [])
SMS_SENDER = env.str("HOTLINE_SMS_SENDER", "console" if DEMO else "")  # console | aliyun | tencent
MODEL_DIR = Path(env.str("HOTLINE_MODEL_DIR", str(DATA_DIR / "models")))
SPEECH_ENGINE = env.str("HOTLINE_SPEECH", "auto")  # auto | vosk | whisper | none
SPEECH_WORKERS = env.int("HOTLINE_SPEECH_WORKERS", 1)  # processes that hear calls live, a core each; 0: none
RULE_PACK = env.str("HOTLINE_RULE_PACK", "guangdong")  # of a new installation; afterwards chosen in the admin
CHAT_INTAKE = "channels_ingest.citizen_web.chat.say"

# --- the telephone ------------------------------------------------------------------------------------
TELEPHONY_HOST = env.str("HOTLINE_PHONE_HOST", "127.0.0.1")  # AudioSocket has no login: loopback or private only
TELEPHONY_AUDIOSOCKET_PORT = env.int("HOTLINE_AUDIOSOCKET_PORT", 9092)
TELEPHONY_SIP_HOST = env.str("HOTLINE_SIP_HOST", "127.0.0.1")
TELEPHONY_SIP_PORT = env.int("HOTLINE_SIP_PORT", 5060)  # udp; 0 turns the embedded SIP off
TELEPHONY_SIP_ADVERTISED = env.str("HOTLINE_SIP_ADVERTISED", "")  # our address as peers see it, where that is another
# Who is answered at all (SIP has no password here); private networks when nothing is said.
TELEPHONY_SIP_NETWORKS: list[str] = env.list("HOTLINE_SIP_NETWORKS", [])
TELEPHONY_SIP_TRUNK = env.str("HOTLINE_SIP_TRUNK", "")  # host[:port] through which numbers outside are dialled
TELEPHONY_BROWSER_HOST = env.str("HOTLINE_PHONE_SOCKET_HOST", "127.0.0.1")
TELEPHONY_BROWSER_PORT = env.int("HOTLINE_PHONE_SOCKET_PORT", 8090)
# The phone socket as browsers reach it: wss://hotline.example/phone/, or /phone/ behind the pages' own proxy;
# empty: its own port on the page's host.
PHONE_SOCKET_URL = env.str("HOTLINE_PHONE_SOCKET_URL", "")

# --- the programming interface ---------------------------------------------------------------------
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "hotline.api.authentication.ApiKeyAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["hotline.api.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "hotline.api.problems.problem_response",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "12345 hotline",
    "VERSION": "1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "SERVE_INCLUDE_SCHEMA": False,
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "hotline.api.openapi.tell_problems",
    ],
}

# --- the telephone exchange (docs/exchange.md); no host: there is none to follow --------------------
TELEPHONY_AMI_HOST = env.str("TELEPHONY_AMI_HOST", "")
TELEPHONY_AMI_PORT = env.int("TELEPHONY_AMI_PORT", 5038)
TELEPHONY_AMI_USER = env.str("TELEPHONY_AMI_USER", "hotline")
TELEPHONY_AMI_SECRET = env.str("TELEPHONY_AMI_SECRET", "")
TELEPHONY_AMI_QUEUES: list[str] = env.list("TELEPHONY_AMI_QUEUES", [])  # which queues are followed; none named: all
TELEPHONY_TRANSFER_CONTEXT = env.str("TELEPHONY_TRANSFER_CONTEXT", "hotline-out")
# Where the exchange reaches our AudioSocket, as seen from the exchange.
TELEPHONY_AUDIOSOCKET_ADDRESS = env.str("TELEPHONY_AUDIOSOCKET_ADDRESS", "127.0.0.1:9092")
# Rate of sound that comes labelled as 8 kHz: Asterisk before 20.17, 21.12, 22.7 and 23.1 labels 16 kHz so.
TELEPHONY_AUDIOSOCKET_NARROW_RATE = env.int("TELEPHONY_AUDIOSOCKET_NARROW_RATE", 8_000)

# --- what is written down about running --------------------------------------------------------------
LOG_LEVEL = env.str("HOTLINE_LOG_LEVEL", "INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "hotline.logs.LineFormatter"}},
    # The handler too: a library that sets its own logger to DEBUG when it is imported is not asked.
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line", "level": LOG_LEVEL}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {name: {"level": "WARNING"} for name in ("procrastinate", "axes", "httpx", "daphne", "fontTools")},
}
