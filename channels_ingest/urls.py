"""Addresses of the channels: vendors' webhooks, the open interface and the citizens' pages."""

from django.urls import include, path

from channels_ingest import desk_intake, open_intake, webhook

urlpatterns = [
    path("in/<slug:slug>/<str:address>/", webhook.receive, name="webhook"),
    path("api/v1/requests", open_intake.Requests.as_view(), name="requests"),
    path("api/v1/phone/tickets", desk_intake.TypedTickets.as_view(), name="phone-tickets"),
    path("", include("channels_ingest.citizen_web.urls")),
]
