"""Files that come in a form: what an upload of ids by file brings."""

from __future__ import annotations

import io
from dataclasses import dataclass

from werkzeug.formparser import FormDataParser

from bot.simulator.answering import Call
from bot.simulator.refusals import ApiRefusal, Problem

LARGEST_UPLOAD_BYTES = 64 * 1024 * 1024
"""A million and a half ids, and some room."""


@dataclass(frozen=True, slots=True)
class Upload:
    fields: dict[str, str]
    text: str


def read_upload(call: Call) -> Upload:
    """The fields of a form and its text file. Raises LINE's refusal of another form, or another kind of file."""
    if call.request.mimetype != "multipart/form-data":
        raise ApiRefusal(415, f"The content type, {call.request.mimetype}, is not supported", "media-type")
    if (call.request.content_length or 0) > LARGEST_UPLOAD_BYTES:
        raise ApiRefusal(413, "Request entity too large", "request-size")
    parser = FormDataParser(stream_factory=_keep_in_memory, max_form_memory_size=None)
    _rest, fields, files = parser.parse(
        io.BytesIO(call.raw), "multipart/form-data", len(call.raw), call.request.mimetype_params
    )
    file = files.get("file")
    if file is None:
        problem = Problem("required-property", "May not be empty", "file")
        raise ApiRefusal(400, "The request body has 1 error(s)", "required-property", [problem])
    if file.mimetype != "text/plain":
        raise ApiRefusal(415, f"The content type, {file.mimetype}, is not supported", "audience-file-type")
    return Upload({name: str(fields[name]) for name in fields}, file.stream.read().decode(errors="replace"))


def _keep_in_memory(
    total_content_length: int | None, content_type: str | None, filename: str | None, content_length: int | None = None
) -> io.BytesIO:
    del total_content_length, content_type, filename, content_length
    return io.BytesIO()
