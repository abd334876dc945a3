"""A filter for one of very many values: `filter(number__among=numbers)`.

All values travel as one parameter, where `__in` has one for each, which SQLite limits and both databases read slowly.
"""

import json

from django.db.models import Field, Lookup


@Field.register_lookup
class Among(Lookup):
    """Texts or whole numbers, as many as there are."""

    lookup_name = "among"
    prepare_rhs = False

    def as_sql(self, compiler, connection):
        left, parameters = self.process_lhs(compiler, connection)
        return f"{left} IN (SELECT value FROM json_each(%s))", [*parameters, json.dumps(list(self.rhs))]

    def as_postgresql(self, compiler, connection):
        left, parameters = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s)", [*parameters, list(self.rhs)]
