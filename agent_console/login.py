"""The door of the staff: signing in with rate limiting and lockout, signing out, and where each role begins."""

from django.contrib.auth import views
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache

from hotline.people import spraying
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


class LoginForm(AuthenticationForm):
    """User name and password; other systems may post the name as `login`."""

    def __init__(self, request: HttpRequest | None = None, *args: object, **kwargs: object) -> None:
        data = kwargs.get("data")
        if data and "login" in data and "username" not in data:  # type: ignore[operator]
            kwargs["data"] = {**data.dict(), "username": data["login"]}  # type: ignore[attr-defined,index]
        super().__init__(request, *args, **kwargs)
        self.fields["username"].label = _("User name")


class Login(views.LoginView):
    """`/login/`: remembers where one was going, and goes nowhere outside."""

    template_name = "agent_console/login.html"
    authentication_form = LoginForm
    redirect_authenticated_user = True

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        """Come in."""
        spraying.welcome(self.request, form.get_user().get_username())
        return super().form_valid(form)


@never_cache
@login_required
def home(request: HttpRequest) -> HttpResponse:
    """Send a member of staff to the screen where the role's work is."""
    return redirect(FIRST_PAGE[Role(request.user.role)])  # type: ignore[union-attr]


def locked_out(
    request: HttpRequest, response: HttpResponse | None = None, *args: object, **kwargs: object
) -> HttpResponse:
    """Too many wrong passwords: say when it may be tried again, and nothing about the account."""
    return render(request, "agent_console/locked_out.html", status=429)
