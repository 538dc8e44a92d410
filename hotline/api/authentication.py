"""Who asks: a member of staff by session, or another system by its Bearer key."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed

from hotline.people import apikeys
from hotline.people.models import ApiKey, Staff
from hotline.people.roles import Role


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer <key>`; a key reads as an auditor does: every ticket, masked, and no verb."""

    def authenticate(self, request: HttpRequest) -> tuple[Staff, ApiKey] | None:
        """The reader that the key stands for, or None when no key was sent."""
        if not apikeys.bearer_of(request):
            return None
        key = apikeys.authenticate(request)
        if key is None:
            raise AuthenticationFailed(_("This key is unknown, expired, revoked or used from elsewhere."))
        return Staff(username=f"key:{key.prefix}", role=Role.AUDITOR), key

    def authenticate_header(self, request: HttpRequest) -> str:
        """Makes an unknown asker a 401."""
        return 'Bearer realm="api"'
