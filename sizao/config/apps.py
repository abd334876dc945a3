from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "sizao.config"
    label = "config"

    def ready(self) -> None:
        from sizao.config import checks  # noqa: F401  asked by `sizao check`
        from sizao.config.accounts import written_down  # noqa: F401  listens from now on
