"""Uploading: streamed to disk as it comes, and broken off when it grows over the limit of the settings."""

from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopUpload, TemporaryFileUploadHandler
from django.http import HttpRequest

from mindgap.collect import uploads
from mindgap.collect.files import FileProblem, TooLarge
from mindgap.keep.models import Organization


class Limit(FileUploadHandler):
    """Looks at what passes by and stops it beyond the limit; writes nothing itself."""

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request)
        self.seen = 0

    @property
    def is_too_large(self) -> bool:
        return self.seen > most()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002
        self.seen += len(raw_data)
        if self.is_too_large:
            # The rest is read and forgotten: a connection that breaks off shows no page that says why.
            raise StopUpload(connection_reset=False)
        return raw_data

    def file_complete(self, file_size: int) -> None:  # noqa: ARG002
        return None


def most() -> int:
    """The most bytes that an upload may have."""
    return int(settings.UPLOAD_MAX_MB) * 1024 * 1024


def watch(request: HttpRequest) -> Limit:
    """Let an upload stream to disk under the limit; call it before anything reads the body of the request."""
    limit = Limit(request)
    handlers: list[Any] = [limit, TemporaryFileUploadHandler(request)]
    request.upload_handlers = handlers
    return limit


def keep(
    request: HttpRequest, limit: Limit, organization: Organization
) -> uploads.Upload | FileProblem | None:
    """Keep the uploaded file; the problem when it cannot be kept, None when there is no file in the form."""
    file = request.FILES.get("file")
    if limit.is_too_large:
        return TooLarge(found=limit.seen, limit=most(), unit="bytes")
    if not isinstance(file, UploadedFile):
        return None
    try:
        return uploads.keep(organization, file.name or "", file.chunks())
    except FileProblem as problem:
        return problem
