"""Addresses of the channels: vendors' webhooks and the open interface."""

from django.urls import path

from channels_ingest import open_intake, webhook

urlpatterns = [
    path("in/<slug:slug>/<str:address>/", webhook.receive, name="webhook"),
    path("api/v1/requests", open_intake.Requests.as_view(), name="requests"),
]
