"""What every view of the interface shares: who may come, who asks, and that no cache keeps the answer."""

from typing import Any, cast

from django.shortcuts import get_object_or_404
from rest_framework.exceptions import Throttled
from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from hotline.api.parsers import JSONParser
from hotline.people.limits import Limit
from hotline.people.models import ApiKey, Staff
from hotline.people.roles import HOTLINE_ROLES, Role
from hotline.tickets import access, rulebook
from hotline.tickets.models import Ticket


class MayRead(BasePermission):
    """Staff, or a key with the scope tickets:read."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """What of it they may see is decided ticket by ticket in hotline.tickets.access."""
        if isinstance(request.auth, ApiKey):
            return ApiKey.Scope.TICKETS_READ in request.auth.scopes
        return bool(request.user and request.user.is_authenticated)


class IsStaff(BasePermission):
    """People only: keys may neither act nor see personal data."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """A logged-in member of staff, not a key."""
        return bool(request.user and request.user.is_authenticated) and request.auth is None


class IsHotline(IsStaff):
    """People of the hotline centre, who speak with citizens: units learn what they need by their tickets."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """By role."""
        return super().has_permission(request, view) and reader(request).role in HOTLINE_ROLES


class SeesAll(IsStaff):
    """Those who see every ticket: the hotline centre, administrators and auditors."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """By role."""
        return super().has_permission(request, view) and reader(request).role in access.SEES_ALL


class Decides(IsStaff):
    """Those who answer for what the assistant suggests: supervisors and administrators."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        """By role."""
        return super().has_permission(request, view) and decides(reader(request))


class Base(APIView):
    """A view whose answer holds what one person may see now."""

    permission_classes = [IsStaff]
    parser_classes = [JSONParser]

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Who only reads has the rules read once; a verb asks for them when it needs them, so never for old ones."""
        if request.method not in SAFE_METHODS:
            return super().dispatch(request, *args, **kwargs)
        with rulebook.book().reading():
            return super().dispatch(request, *args, **kwargs)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Kept by no cache, unless the view says otherwise."""
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "private, no-store")
        return response


def reader(request: Request) -> Staff:
    """Who asks: a member of staff, or the reader that a key stands for."""
    return cast(Staff, request.user)


def decides(staff: Staff) -> bool:
    """Whether `staff` may train, promote, replay and take notice of drift."""
    return staff.role in (Role.SUPERVISOR, Role.ADMIN)


def ticket_or_404(request: Request, number: str) -> Ticket:
    """The ticket if the asker may see it; another unit's ticket does not exist for them."""
    return get_object_or_404(access.visible_to(reader(request)), number=number)


def counted(limit: Limit, staff: Staff) -> None:
    """Count what somebody asks; 429 when there is none left in this window."""
    if not limit.take(str(staff.pk)):
        raise Throttled(wait=limit.seconds)
