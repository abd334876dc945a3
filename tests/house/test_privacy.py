"""Every field of every model is classified, with its purpose and the days it is kept."""

import pytest
from django.apps import apps

from sizao.ops.governance.privacy import Privacy

MODELS = [model for model in apps.get_models() if model.__module__.startswith("sizao.")]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_every_field_is_classified_once(model):
    privacy: Privacy = model.privacy
    own = {field.name for field in (*model._meta.concrete_fields, *model._meta.many_to_many)}
    assert own - privacy.fields() == set(), "not classified"
    known_to_all = {"id", "recorded_at", "recorded_by", "current_since", "batch", "area", "l1", "l2", "l3", "l4"}
    assert privacy.fields() - own - known_to_all == set(), "classified, but the model has no such field"
    assert not privacy.identifying & privacy.sensitive
    assert not (privacy.identifying | privacy.sensitive) & privacy.operational


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_what_identifies_a_person_goes_one_day(model):
    if model.privacy.identifying:
        assert model.privacy.days_kept is not None
