"""The addresses of REST v1, mounted at /api/v1/; the intake's `requests` is the channels' own."""

from django.urls import path

from hotline.api import acting, catalogues, me, personal, tickets
from hotline.api.verbs import VERBS

app_name = "api"
TICKET = "tickets/<str:number>"
urlpatterns = [
    path("me", me.MeView.as_view(), name="me"),
    path("me/state", me.MyState.as_view(), name="my-state"),
    path("queue-counts", me.QueueCounts.as_view(), name="queue-counts"),
    path("portal-groups", me.PortalGroups.as_view(), name="portal-groups"),
    path("departments", catalogues.Departments.as_view(), name="departments"),
    path("matters", catalogues.Matters.as_view(), name="matters"),
    path("areas", catalogues.Areas.as_view(), name="areas"),
    path("reasons", catalogues.Reasons.as_view(), name="reasons"),
    path("tickets", tickets.TicketList.as_view(), name="tickets"),
    path(TICKET, tickets.TicketOne.as_view(), name="ticket"),
    path(f"{TICKET}/ledger", tickets.TicketLedger.as_view(), name="ledger"),
    path(f"{TICKET}/suggestion", tickets.TicketSuggestion.as_view(), name="suggestion"),
    path(f"{TICKET}/terms", tickets.TicketTerms.as_view(), name="terms"),
    path(f"{TICKET}/draft", personal.TicketDraft.as_view(), name="draft"),
    path(f"{TICKET}/unmask", personal.Unmask.as_view(), name="unmask"),
    *(path(f"{TICKET}/{verb}", acting.TicketVerb.as_view(verb=verb), name=f"verb-{verb}") for verb in VERBS),
    path(f"{TICKET}/<path:rest>", acting.NoSuchVerb.as_view(), name="no-such-verb"),
]
