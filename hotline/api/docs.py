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
            "AgentState": "hotline.people.models.AgentState",
            "DueLevel": "hotline.api.rows.DUE_LEVELS",
        }
    }


class Docs(SpectacularSwaggerSplitView):
    """GET /docs: Swagger UI from our own files, its script at an address of its own."""

    template_name = "api/docs.html"
    url_name = "api:openapi"
