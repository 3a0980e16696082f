"""The code of one link as a file: SVG for printers, PNG for everything else."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.text import slugify

from mindgap.show.pages.frame.permission import KEEPERS, only
from mindgap.show.pages.places import placard
from mindgap.show.pages.places.entry import link_of
from mindgap.show.pages.places.view import survey_of

_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'


@only(*KEEPERS)
def download(request: HttpRequest, survey: str, short: str, form: str) -> HttpResponse:
    link = link_of(survey_of(request, survey), short)
    address = placard.url(link.short)
    if form == "svg":
        drawing = placard.svg(address).replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
        answer = HttpResponse(_XML + drawing, content_type="image/svg+xml")
    elif form == "png":
        answer = HttpResponse(placard.png(address), content_type="image/png")
    else:
        raise Http404
    place = str(link.unit.code if link.unit else "") or link.label
    name = slugify(f"{survey}-{place}-{link.short}", allow_unicode=True)
    answer["Content-Disposition"] = content_disposition_header(True, f"{name}.{form}")
    return answer
