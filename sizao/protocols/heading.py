"""What a reader must know of a protocol first: dates in force, who checked it, how much is sourced, what it misses."""

from sizao.protocols.differences import Listed
from sizao.protocols.missed import why_missed
from sizao.protocols.shape import Protocol
from sizao.protocols.walking import sourced
from sizao.vocabulary.text import N_, Message


def head(protocol: Protocol) -> tuple[Message, ...]:
    """The lines above a protocol's rules."""
    items = sourced(protocol)
    n = sum(not item.is_sourced for item in items.values())
    unchecked = N_("Not yet checked by an expert.")
    found = [
        N_("{name} ({id})", name=protocol.name, id=protocol.id),
        N_("Issuer: {issuer}; {kind}.", issuer=protocol.issued_by, kind=protocol.issuer.label),
        in_force(protocol),
        N_("Reviewed on {day}, next review {next}.", day=protocol.reviewed_on, next=protocol.next_review),
        N_("Checked by {who}.", who=protocol.checked_by) if protocol.is_checked else unchecked,
        N_("{n} of {all} figures and statements have no source (grade m).", n=n, all=len(items)),
        why_missed(protocol),
        N_("Watched by default with: {detectors}.", detectors=Listed(", ", {}, protocol.detectors)),
    ]
    return tuple(found if protocol.note is None else [*found, protocol.note])


def in_force(protocol: Protocol) -> Message:
    """The days the edition applied."""
    if protocol.in_force and protocol.until:
        return N_("In force from {start} to {end}.", start=protocol.in_force, end=protocol.until)
    if protocol.in_force:
        return N_("In force since {start}.", start=protocol.in_force)
    return N_("No dates in force are given.")
