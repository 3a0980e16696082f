"""The addresses of the office lane: sign-in, and every page folder that has a `urls.py`."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from mindgap.show.pages.frame import navigation


def health(_request: HttpRequest) -> HttpResponse:
    return HttpResponse("up", content_type="text/plain")


urlpatterns = [
    path("health", health),
    path("account/", include("allauth.urls")),
    *(path("", include(f"mindgap.show.pages.{name}.urls")) for name in navigation.folders()),
]
