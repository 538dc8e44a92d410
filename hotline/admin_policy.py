"""A content security policy of its own for /admin/: its theme evaluates expressions in its pages.

Everything else keeps the strict policy of the settings; scripts still come from this host only.
"""

from collections.abc import Callable

from csp.constants import SELF, UNSAFE_EVAL, UNSAFE_INLINE
from django.http import HttpRequest
from django.http.response import HttpResponseBase

ADMIN = "/admin/"
ALSO_ALLOWED = {"script-src": [SELF, UNSAFE_EVAL], "style-src": [SELF, UNSAFE_INLINE]}

Handler = Callable[[HttpRequest], HttpResponseBase]


def admin_policy(get_response: Handler) -> Handler:
    """Middleware, inside CSPMiddleware."""

    def handle(request: HttpRequest) -> HttpResponseBase:
        response = get_response(request)
        if request.path.startswith(ADMIN):
            response._csp_update = ALSO_ALLOWED  # type: ignore[attr-defined]  # how csp_update marks a response
        return response

    return handle
