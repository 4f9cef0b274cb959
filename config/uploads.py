"""Files that are too big are let run past, so that a page can say so: nothing of them is kept."""

from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopUpload

MOST = 10 * 2**20  # bytes
LARGER = {"/tools/": 21 * 2**20}  # where a page takes more: a file of 20 MB and what is around it
PATIENCE = 2**30  # bytes: beyond that we hang up


class SizeLimit(FileUploadHandler):
    """Stands first among the upload handlers. Marks the request, for the form to say it."""

    def handle_raw_input(self, input_data, META, content_length, boundary, encoding=None):
        most = LARGER.get(META.get("PATH_INFO"), MOST)
        self.too_big, self.absurd = content_length > most, content_length > PATIENCE

    def new_file(self, *args, **kwargs):
        super().new_file(*args, **kwargs)
        self.request.upload_too_big = self.too_big
        if self.absurd:
            raise StopUpload(connection_reset=True)
        if self.too_big:
            raise SkipFile

    def receive_data_chunk(self, raw_data, start):
        return raw_data

    def file_complete(self, file_size):
        return None
