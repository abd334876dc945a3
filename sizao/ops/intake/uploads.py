"""Bounds an upload while it arrives, before anything of it is kept."""

from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

from sizao.ops.intake.store import LARGEST


class Quota(FileUploadHandler):
    """Stops an upload that is larger than any reader takes."""

    def __init__(self, request: HttpRequest, largest: int = LARGEST):
        super().__init__(request)
        self.largest, self.arrived = largest, 0
        request.upload_is_too_large = False

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.arrived += len(raw_data)
        if self.arrived > self.largest:
            self.request.upload_is_too_large = True
            raise StopUpload(connection_reset=True)
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
