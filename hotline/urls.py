"""Every address of the product, by who it serves."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from agent_console.login import admin_door
from hotline import health

handler500 = "hotline.away.failed"
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/login/", admin_door),
    path("admin/password_change/", RedirectView.as_view(pattern_name="password")),  # where attempts are counted
    path("admin/", admin.site.urls),
    path("", include("channels_ingest.urls")),
    path("api/v1/", include("hotline.api.urls")),
    path("", include("agent_console.urls")),
]
