"""The product's addresses and one more: a view that does one insert."""

import secrets

from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from benchmarks.baseline.models import Kept
from hotline.urls import urlpatterns as product


@csrf_exempt
def keep(request: HttpRequest) -> HttpResponse:
    """Keep the body in one row, committed before the answer."""
    Kept(external_id=secrets.token_hex(16), body=request.body).save(force_insert=True)
    return HttpResponse("success")


urlpatterns = [path("bare/", keep), *product]
