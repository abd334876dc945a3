"""Everything that writes areas, posts, places, persons and their duplicates."""

from sizao.ops.registry.actions.areas import AreasLoaded, load_areas, load_boundaries, load_shipped_areas
from sizao.ops.registry.actions.duplicates import call_different, look_for_duplicates, note_pairs
from sizao.ops.registry.actions.merging import MergeRefused, merge_persons, undo_merge
from sizao.ops.registry.actions.people import invite
from sizao.ops.registry.actions.persons import (
    NewPerson,
    amend_persons,
    complete_persons,
    load_persons,
    record_households,
    record_persons,
)
from sizao.ops.registry.actions.places import NewPlace, record_places
from sizao.ops.registry.actions.posts import add_post, add_unit, appoint, dismiss
from sizao.ops.registry.actions.resealing import reseal, reseal_factors

__all__ = [
    "AreasLoaded",
    "MergeRefused",
    "NewPerson",
    "NewPlace",
    "add_post",
    "add_unit",
    "amend_persons",
    "appoint",
    "call_different",
    "complete_persons",
    "dismiss",
    "invite",
    "load_areas",
    "load_boundaries",
    "load_persons",
    "load_shipped_areas",
    "look_for_duplicates",
    "merge_persons",
    "note_pairs",
    "record_households",
    "record_persons",
    "record_places",
    "reseal",
    "reseal_factors",
    "undo_merge",
]
