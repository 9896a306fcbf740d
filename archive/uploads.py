"""Files that come in by the browser: on disk without a name, so that a kill leaves nothing."""

from typing import IO, Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from archive import spool


class UnnamedFileUploadHandler(FileUploadHandler):
    """Stream an upload into an unnamed file; memory holds one chunk."""

    file: IO[bytes]

    def new_file(self, *args: Any, **facts: Any) -> None:
        super().new_file(*args, **facts)
        self.file = spool.unnamed()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:  # noqa: ARG002 - Django's names
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> "UploadedFile[bytes]":
        self.file.seek(0)
        return UploadedFile(self.file, self.file_name, self.content_type, file_size, self.charset)

    def upload_interrupted(self) -> None:
        if hasattr(self, "file"):
            self.file.close()
