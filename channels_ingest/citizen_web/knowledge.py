"""常见问题: what may already answer a citizen, to be searched, read, and offered while they write."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from channels_ingest.adapter import clean_text
from channels_ingest.citizen_web import guard
from channels_ingest.citizen_web.privacy import private
from hotline.knowledge import searching
from hotline.knowledge.models import Article
from hotline.people.addresses import client_address

SHOWN = 20


@require_GET
def find(request: HttpRequest) -> HttpResponse:
    """The box and what it found; without words the newest articles."""
    query = clean_text(request.GET.get("q", ""))[:100]
    if query and not guard.SEARCHES.take(client_address(request)):
        return guard.too_many(request, guard.SEARCHES)
    newest = Article.objects.in_force().for_citizens().order_by("-published_at")
    found = searching.search(query, citizens=True)[:SHOWN] if query else newest[:SHOWN]
    return render(request, "citizen_web/knowledge.html", {"query": query, "articles": found})


@require_GET
def article(request: HttpRequest, pk: int) -> HttpResponse:
    """One answer, from whom it is and until when it holds."""
    row = get_object_or_404(Article.objects.in_force().for_citizens().select_related("owner"), pk=pk)
    return render(request, "citizen_web/article.html", {"article": row})


@private
@require_POST
def offer(request: HttpRequest) -> HttpResponse:
    """The part of the page that offers answers to the words typed so far; empty where nothing fits."""
    if not guard.SEARCHES.take(client_address(request)):
        return HttpResponse(status=429)
    found = searching.suggest(clean_text(request.POST.get("text", "")), citizens=True)
    return render(request, "citizen_web/parts/offered.html", {"offered": found})
