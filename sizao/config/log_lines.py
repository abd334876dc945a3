"""The form of the log: a JSON object a line, with the id of the request it belongs to."""

import json
import logging

from sizao.ops.governance import audit_context


class JsonLines(logging.Formatter):
    """A line of log as one JSON object. An exception is told by its kind and place; its words may quote a value."""

    def format(self, record: logging.LogRecord) -> str:
        line = {"at": self.formatTime(record), "level": record.levelname.lower(), "from": record.name}
        told = getattr(record, "told", None)
        line |= (
            told
            if told is not None
            else {"says": record.getMessage() if record.name.startswith("sizao") else record.msg}
        )
        line.setdefault("request", audit_context.author().request)
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
            line["where"] = list(_places(record.exc_info[2]))[-8:]
        return json.dumps({key: value for key, value in line.items() if value not in ("", None)}, ensure_ascii=False)


def _places(traceback):
    while traceback:
        code = traceback.tb_frame.f_code
        yield f"{code.co_filename.rsplit('/', 1)[-1]}:{traceback.tb_lineno} {code.co_name}"
        traceback = traceback.tb_next
