from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "sizao.ops.cases"
    label = "cases"

    def ready(self) -> None:
        """Models exist only now, so what needs them is imported here."""
        from sizao.ops.cases.actions import hear_of_tasks
        from sizao.ops.cases.duties import SUBJECT
        from sizao.ops.incidents.keepers import KEEPERS

        KEEPERS[SUBJECT] = hear_of_tasks
