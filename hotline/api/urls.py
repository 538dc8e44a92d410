"""The addresses of REST v1, mounted at /api/v1/; the intake's `requests` is the channels' own."""

from django.urls import path

from hotline.api import (
    accountability,
    acting,
    attachments,
    audit,
    below,
    catalogues,
    docs,
    me,
    personal,
    rates,
    recordings,
    reports,
    scores,
    sheets,
    story,
    tickets,
    wallboard,
)
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
    path("rates", rates.Rates.as_view(), name="rates"),
    path("scores", scores.Scores.as_view(), name="scores"),
    path("scores.xlsx", scores.ScoresFile.as_view(), name="scores-file"),
    path("call-back-estimates", scores.CallBackEstimates.as_view(), name="call-back-estimates"),
    path("supervision", reports.Supervision.as_view(), name="supervision"),
    path("wallboard", wallboard.Wallboard.as_view(), name="wallboard"),
    path("openapi.json", docs.OpenApi.as_view(), name="openapi"),
    path("docs", docs.Docs.as_view(), name="docs"),
    path("audit/personal-data", audit.PersonalDataReads.as_view(), name="audit-personal-data"),
    path("phone/calls/<uuid:call>/recording", recordings.Recording.as_view(), name="call-recording"),
    path("tickets.xlsx", sheets.TicketSheet.as_view(), name="tickets-sheet"),
    path("tickets", tickets.TicketList.as_view(), name="tickets"),
    path(TICKET, tickets.TicketOne.as_view(), name="ticket"),
    path(f"{TICKET}/ledger", tickets.TicketLedger.as_view(), name="ledger"),
    path(f"{TICKET}/accountability", accountability.Accountability.as_view(), name="accountability"),
    path(f"{TICKET}/story.json", story.StoryJson.as_view(), name="story-json"),
    path(f"{TICKET}/story.pdf", story.StoryPdf.as_view(), name="story-pdf"),
    path(f"{TICKET}/suggestion", tickets.TicketSuggestion.as_view(), name="suggestion"),
    path(f"{TICKET}/terms", tickets.TicketTerms.as_view(), name="terms"),
    path(f"{TICKET}/below", below.UnitsBelow.as_view(), name="below"),
    path(f"{TICKET}/draft", personal.TicketDraft.as_view(), name="draft"),
    path(f"{TICKET}/unmask", personal.Unmask.as_view(), name="unmask"),
    path(f"{TICKET}/attachments", attachments.Attachments.as_view(), name="attachments"),
    path(f"{TICKET}/attachments/<int:pk>", attachments.AttachmentFile.as_view(), name="attachment"),
    *(path(f"{TICKET}/{verb}", acting.TicketVerb.as_view(verb=verb), name=f"verb-{verb}") for verb in VERBS),
    path(f"{TICKET}/<path:rest>", acting.NoSuchVerb.as_view(), name="no-such-verb"),
]
