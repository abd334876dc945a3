import logging

from django.apps import AppConfig
from django.conf import settings

from sizao.protocols.library import read_own


class IncidentsConfig(AppConfig):
    name = "sizao.ops.incidents"
    label = "incidents"

    def ready(self) -> None:
        """An installation's own protocols are read once; a faulty one is left out, and the log says why."""
        for refusal in read_own(settings.HOME / "protocols"):
            logging.getLogger(__name__).warning("%s", refusal)
