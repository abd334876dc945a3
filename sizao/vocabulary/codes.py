"""Code lists: the values rows hold, each with its label. Values never change once shipped; labels may.

Sources: WHO "Ebola and Marburg: implementation and management of contact tracing" (2015, follow-up
outcomes), WHO case definitions (suspected, probable, confirmed), the China NHC control plans (asymptomatic
infection, close contact, contact of a close contact, exposed place), HL7 FHIR R4 administrative gender.
"""

from enum import StrEnum

from sizao.vocabulary.text import N_, Message


class Code(StrEnum):
    """A code list; each member carries a label: `A = "a", N_("Label")`."""

    label: Message

    def __new__(cls, value: str, label: Message) -> "Code":
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member

    @classmethod
    def choices(cls) -> list[tuple[str, Message]]:
        return [(member.value, member.label) for member in cls]


class Classification(Code):
    """How sure we are that this person has the disease, by the protocol's case definition."""

    NOT_CLASSIFIED = "not_classified", N_("Not yet classified")
    SUSPECTED = "suspected", N_("Suspected")
    PROBABLE = "probable", N_("Probable")
    CONFIRMED = "confirmed", N_("Confirmed")
    ASYMPTOMATIC = "asymptomatic", N_("Asymptomatic infection")
    DISCARDED = "discarded", N_("Discarded")


#: Classes that count as an infection in reports.
COUNTED = (Classification.PROBABLE, Classification.CONFIRMED, Classification.ASYMPTOMATIC)


class Sex(Code):
    """Administrative sex as FHIR R4 `administrative-gender`."""

    MALE = "male", N_("Male")
    FEMALE = "female", N_("Female")
    OTHER = "other", N_("Other sex")
    UNKNOWN = "unknown", N_("Sex not known")


class Outcome(Code):
    """How the illness ended, as far as known. `alive` is said of a person last seen alive, not discharged."""

    UNKNOWN = "unknown", N_("Outcome not known")
    ALIVE = "alive", N_("Alive")
    RECOVERED = "recovered", N_("Recovered or discharged")
    DIED = "died", N_("Died")


class Severity(Code):
    """Worst state so far (China COVID-19 diagnosis and treatment plan; WHO clinical progression, grouped)."""

    UNKNOWN = "unknown", N_("Severity not known")
    MILD = "mild", N_("Mild")
    MODERATE = "moderate", N_("Moderate")
    SEVERE = "severe", N_("Severe")
    CRITICAL = "critical", N_("Critical")


class FoundIn(Code):
    """Where the person was at the first positive: inside quarantine or in the community (R64)."""

    UNKNOWN = "unknown", N_("Not known where found")
    QUARANTINE = "quarantine", N_("Found in quarantine")
    COMMUNITY = "community", N_("Found in the community")
    BORDER = "border", N_("Found at a point of entry")


class InfectionOrigin(Code):
    """Where the infection was acquired, seen from the incident's areas."""

    UNKNOWN = "unknown", N_("Origin not known")
    LOCAL = "local", N_("Acquired locally")
    IMPORTED = "imported", N_("Imported")


class Setting(Code):
    """The kind of place or occasion of an exposure."""

    UNKNOWN = "unknown", N_("Setting not known")
    HOUSEHOLD = "household", N_("Household")
    HEALTHCARE = "healthcare", N_("Health care")
    HOSPITAL_ROOM = "hospital_room", N_("Hospital room")
    EMERGENCY_ROOM = "emergency_room", N_("Emergency room")
    HOSPITAL_VISIT = "hospital_visit", N_("Hospital visit")
    HEALTH_WORKER = "health_worker", N_("Contact with a health worker")
    WORKPLACE = "workplace", N_("Workplace")
    SCHOOL = "school", N_("School")
    TRANSPORT = "transport", N_("Transport")
    MEAL = "meal", N_("Shared meal")
    GATHERING = "gathering", N_("Gathering")
    FUNERAL = "funeral", N_("Funeral")
    SHOP = "shop", N_("Shop or market")
    QUARANTINE_SITE = "quarantine_site", N_("Quarantine site")
    COMMUNITY = "community", N_("Community")
    OTHER = "other", N_("Other setting")


class Closeness(Code):
    """How close an exposure was; the protocol turns it into a contact class."""

    UNKNOWN = "unknown", N_("Closeness not known")
    FLUID = "fluid", N_("Touched body fluids")
    PHYSICAL = "physical", N_("Physical contact")
    FACE_TO_FACE = "face_to_face", N_("Face to face, within 1 metre")
    SAME_ROOM = "same_room", N_("Same room or closed space")
    SAME_CONVEYANCE = "same_conveyance", N_("Same vehicle or aircraft")
    INDIRECT = "indirect", N_("Objects or environment")
    SAME_PLACE = "same_place", N_("Same place, not close")


class Certainty(Code):
    """How sure the investigator is of an exposure."""

    UNKNOWN = "unknown", N_("Certainty not known")
    LOW = "low", N_("Low certainty")
    MEDIUM = "medium", N_("Medium certainty")
    HIGH = "high", N_("High certainty")


class ContactClass(Code):
    """What the protocol makes of an exposed person."""

    UNCLASSIFIED = "unclassified", N_("Contact not yet classified")
    CLOSE = "close", N_("Close contact")
    CONTACT_OF_CONTACT = "contact_of_contact", N_("Contact of a close contact")
    GENERAL = "general", N_("General contact")
    EXPOSED_PLACE = "exposed_place", N_("Exposed at a place")


class ContactStatus(Code):
    """Where a contact stands in follow-up."""

    UNDER_FOLLOW_UP = "under_follow_up", N_("Under follow-up")
    COMPLETED = "completed", N_("Follow-up completed")
    BECAME_CASE = "became_case", N_("Became a case")
    LOST = "lost", N_("Lost to follow-up")
    DIED = "died", N_("Died of another cause")
    NOT_A_CONTACT = "not_a_contact", N_("Not a contact after all")


class FollowUpOutcome(Code):
    """What one day's follow-up found."""

    NOT_TRIED = "not_tried", N_("Not tried")
    OK = "ok", N_("Seen, well")
    ILL = "ill", N_("Seen, ill")
    NOT_REACHED = "not_reached", N_("Not reached")
    REFUSED = "refused", N_("Refused")


class ResultCode(Code):
    """What a laboratory found, whatever words it used (SORMAS and Go.Data result lists, joined)."""

    PENDING = "pending", N_("Result pending")
    POSITIVE = "positive", N_("Positive")
    NEGATIVE = "negative", N_("Negative")
    INCONCLUSIVE = "inconclusive", N_("Inconclusive")
    NOT_DONE = "not_done", N_("Not tested")


class IncidentMode(Code):
    """Routine watches and warns; emergency runs a response (R104)."""

    ROUTINE = "routine", N_("Routine")
    EMERGENCY = "emergency", N_("Emergency")


class IncidentKind(Code):
    """Whether the people in it are real."""

    REAL = "real", N_("Real incident")
    DRILL = "drill", N_("Drill")
    DEMONSTRATION = "demonstration", N_("Demonstration")


class TaskStatus(Code):
    """A task's life; the table of allowed steps is in ops/incidents/lifecycle.py."""

    OPEN = "open", N_("Open")
    ACKNOWLEDGED = "acknowledged", N_("Acknowledged")
    DONE = "done", N_("Done, to be verified")
    VERIFIED = "verified", N_("Verified")
    CANCELLED = "cancelled", N_("Cancelled")


class RequestStatus(Code):
    """A request's life between two units."""

    SENT = "sent", N_("Sent")
    RECEIVED = "received", N_("Received")
    ANSWERED = "answered", N_("Answered")
    CLOSED = "closed", N_("Closed")
    REFUSED = "refused", N_("Request refused")


class ReportStatus(Code):
    """A report's life; only a published one is public, and none is edited after signing."""

    DRAFT = "draft", N_("Draft")
    REVIEWED = "reviewed", N_("Reviewed")
    SIGNED = "signed", N_("Signed")
    PUBLISHED = "published", N_("Published")
    SUPERSEDED = "superseded", N_("Superseded by a correction")


class AreaKind(Code):
    """What an area is. Tables of other countries may use words of their own, which are shown as written."""

    COUNTRY = "country", N_("Country")
    PROVINCE = "province", N_("Province")
    CITY = "city", N_("City or prefecture")
    GROUP = "group", N_("Group of counties in the statistics")
    COUNTY = "county", N_("County or district")
    ZONE = "zone", N_("Development zone")
    TOWNSHIP = "township", N_("Township or subdistrict")
    COMMUNITY = "community", N_("Village or community")
