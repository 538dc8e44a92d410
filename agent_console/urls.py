"""Addresses of the staff's pages."""

from django.contrib.auth.views import LogoutView
from django.urls import path, re_path

from agent_console import login, screens

urlpatterns = [
    path("login/", login.Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("home/", login.home, name="home"),
    path("password/", login.Password.as_view(), name="password"),
    re_path(r"^desk/(?P<rest>.*)$", screens.desk, name="desk"),
    re_path(r"^portal/(?P<rest>.*)$", screens.portal, name="portal"),
    re_path(r"^supervision/(?P<rest>.*)$", screens.supervision, name="supervision"),
    path("wallboard/", screens.wallboard, name="wallboard"),
]
