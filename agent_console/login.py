"""The door of the staff: signing in with rate limiting and lockout, signing out, and where each role begins."""

from typing import Any

from django.conf import settings
from django.contrib.auth import views
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from hotline.people import spraying
from hotline.people.limits import Limit
from hotline.people.roles import Role

FIRST_PAGE = {
    Role.AGENT: "/desk/",
    Role.LEAD: "/desk/",
    Role.QUALITY: "/desk/",
    Role.DEPARTMENT: "/portal/",
    Role.SUPERVISOR: "/supervision/",
    Role.AUDITOR: "/supervision/",
    Role.ADMIN: "/admin/",
}
OLD_PASSWORDS = Limit("old-passwords", most=10, seconds=900)
"""Wrong old passwords of one account: whoever sits down at an open screen does not find the password by trying."""


class LoginForm(AuthenticationForm):
    """User name and password; other systems may post the name as `login`."""

    def __init__(self, request: HttpRequest | None = None, *args: object, **kwargs: object) -> None:
        data = kwargs.get("data")
        if data and "login" in data and "username" not in data:  # type: ignore[operator]
            kwargs["data"] = {**data.dict(), "username": data["login"]}  # type: ignore[attr-defined,index]
        super().__init__(request, *args, **kwargs, label_suffix="")
        self.fields["username"].label = _("User name")


class Login(views.LoginView):
    """`/login/`: remembers where one was going, and goes nowhere outside."""

    template_name = "agent_console/login.html"
    extra_context = {"city": settings.CITY_NAME}
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Come in."""
        spraying.welcome(self.request, form.get_user().get_username())
        return super().form_valid(form)


class PasswordForm(PasswordChangeForm):
    """The old password and twice the new one."""

    def clean_old_password(self) -> str:
        """A right one does not count as an attempt."""
        account = str(self.user.pk)
        if not OLD_PASSWORDS.take(account):
            raise ValidationError(_("Too many attempts"))
        old: str = super().clean_old_password()
        OLD_PASSWORDS.give_back(account)
        return old


class Password(views.PasswordChangeView):
    """`/password/`: everybody changes their own; the session stays, all others of the account end."""

    template_name = "agent_console/password.html"
    form_class = PasswordForm
    extra_context = {"city": settings.CITY_NAME}
    success_url = reverse_lazy("home")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Labels without a colon, as everywhere."""
        return super().get_form_kwargs() | {"label_suffix": ""}


@never_cache
def admin_door(request: HttpRequest) -> HttpResponse:
    """The administration has no sign-in of its own; who came in already and is led here may not open it."""
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(request.GET.get("next", "/admin/"))


@never_cache
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Send a member of staff to the screen where the role's work is."""
    return redirect(FIRST_PAGE[Role(request.user.role)])  # type: ignore[union-attr]


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, *args: object, **kwargs: object
) -> HttpResponse:
    """Too many wrong passwords: say when it may be tried again, and nothing about the account."""
    return render(request, "agent_console/locked_out.html", {"city": settings.CITY_NAME}, status=429)
