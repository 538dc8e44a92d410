"""The OpenAPI document and its page for people, which needs no inline script and nothing from outside."""

from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView


class OpenApi(SpectacularAPIView):
    """GET /openapi.json; the interface is no secret, what it answers is."""

    renderer_classes = [OpenApiJsonRenderer]
    custom_settings = {
        "ENUM_NAME_OVERRIDES": {
            "TicketState": "hotline.tickets.states.State",
            "TicketVerb": "hotline.tickets.states.Verb",
            "RequestType": "hotline.tickets.models.RequestType",
            "PartState": "hotline.tickets.models.Assignment.State",
            "DeskState": "hotline.people.models.DeskState",
            "CallBackResult": "hotline.calls.models.CallBackTask.Result",
            "CallOutcome": "hotline.calls.states.Outcome",
            "CallState": "hotline.calls.states.CallState",
            "CallTranscriptState": "hotline.calls.models.PhoneCall.TranscriptState",
            "Clock": "hotline.tickets.models.Clock",
            "DueLevel": "hotline.api.rows.DUE_LEVELS",
            "Level": "hotline.people.models.Level",
            "PartRole": "hotline.tickets.models.Assignment.Role",
            "Role": "hotline.people.roles.Role",
            "StudyKind": "dispatch.models.Study.Kind",
            "Taught": "dispatch.models.Taught",
            "TranscriptState": "hotline.tickets.models.Message.TranscriptState",
            "UrgencyLevel": "hotline.tickets.models.UrgencyLevel",
            "WorkState": "dispatch.models.Study.State",
        }
    }


class Docs(SpectacularSwaggerSplitView):
    """GET /docs: Swagger UI from our own files, its script at an address of its own."""

    template_name = "api/docs.html"
    url_name = "api:openapi"
