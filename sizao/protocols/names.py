"""What editions and diseases are called; their identifiers are for files and addresses."""

from sizao.protocols.library import available, load
from sizao.protocols.refusals import UnknownProtocol
from sizao.vocabulary.text import N_, Message

#: Diseases that have several editions, none of which bears the disease's own name.
DISEASES = {"covid19": N_("COVID-19")}


def edition_name(identifier: str) -> Message:
    """The edition's name; the identifier itself where this installation no longer has the edition."""
    try:
        return load(identifier).name
    except UnknownProtocol:
        return Message(identifier)


def disease_name(disease: str) -> Message:
    """The disease's name; its identifier where no edition names it."""
    if disease in DISEASES:
        return DISEASES[disease]
    return edition_name(disease) if disease in available() else Message(disease)
