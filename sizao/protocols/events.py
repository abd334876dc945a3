"""Dated facts that start or close a duty, the levels that answer for it, and what it is about."""

from sizao.vocabulary.codes import Code
from sizao.vocabulary.text import N_


class Event(Code):
    """Something that happened at a moment to one subject."""

    # a case
    POSITIVE_FOUND = "positive_found", N_("Positive found")
    NETWORK_REPORTED = "network_reported", N_("Reported in the network system")
    REPORT_REVIEWED = "report_reviewed", N_("Report reviewed by the CDC")
    TEAM_ARRIVED = "team_arrived", N_("Team on site")
    CORE_INVESTIGATED = "core_investigated", N_("Core investigation done")
    CASE_FORM_DONE = "case_form_done", N_("Case form complete")
    CASE_ISOLATED = "case_isolated", N_("Case isolated")
    CASE_DISCARDED = "case_discarded", N_("Case discarded")
    # a contact
    CONTACT_IDENTIFIED = "contact_identified", N_("Contact identified")
    CONTACT_EXPOSED = "contact_exposed", N_("Last exposure of the contact")
    CONTACT_MANAGED = "contact_managed", N_("Contact under management")
    CONTACT_RULED_OUT = "contact_ruled_out", N_("Ruled out as a contact")
    PROPHYLAXIS_GIVEN = "prophylaxis_given", N_("Prophylaxis given")
    # a zone
    ZONE_SET = "zone_set", N_("Zone set")
    ZONE_PUBLISHED = "zone_published", N_("Zone published")
    ZONE_FIRST_ROUND = "zone_first_round", N_("First round of tests complete")
    ZONE_LIFTED = "zone_lifted", N_("Zone lifted")
    # a specimen
    SPECIMEN_COLLECTED = "specimen_collected", N_("Specimen collected")
    SPECIMEN_RECEIVED = "specimen_received", N_("Specimen in the laboratory")
    RESULT_ISSUED = "result_issued", N_("Result issued")
    POOL_POSITIVE = "pool_positive", N_("Mixed tube positive")
    SINGLE_RESULT = "single_result", N_("Single sample result")
    # a list, a site, a round
    LIST_PUSHED = "list_pushed", N_("List pushed to another area")
    LIST_ANSWERED = "list_answered", N_("List checked and reported back")
    SITES_ORDERED = "sites_ordered", N_("Quarantine sites ordered to open")
    SITES_THIRD_OPEN = "sites_third_open", N_("A third of reserve rooms usable")
    SITES_HALF_OPEN = "sites_half_open", N_("Half of reserve rooms usable")
    SITES_ALL_OPEN = "sites_all_open", N_("All reserve rooms usable")
    SCREENING_ORDERED = "screening_ordered", N_("Regional testing ordered")
    POINTS_OPEN = "points_open", N_("Sampling points open")
    SCREENING_DONE = "screening_done", N_("Round of regional testing complete")
    # an incident
    EMERGENCE = "emergence", N_("Emergence: onset of the first case")
    DETECTION = "detection", N_("Detection")
    ALERT_RAISED = "alert_raised", N_("Alert raised")
    ALERT_VERIFIED = "alert_verified", N_("Alert verified")
    NOTIFICATION = "notification", N_("Notified to the responsible authority")
    FIRST_LOCAL_CASE = "first_local_case", N_("First case of the county, or a cluster")
    EVENT_REPORTED = "event_reported", N_("Event reported in the event system")
    CHAIN_CLEAR = "chain_clear", N_("Main chain of transmission clear")
    TEAM_SENT = "team_sent", N_("Investigation team sent")
    RISK_ASSESSED = "risk_assessed", N_("Epidemiological analysis and initial risk assessment done")
    LAB_CONFIRMED = "lab_confirmed", N_("Laboratory confirmation")
    CASE_MANAGEMENT = "case_management", N_("Case management and infection control in place")
    COUNTERMEASURES = "countermeasures", N_("Community countermeasures in place")
    RISK_COMMUNICATION = "risk_communication", N_("Risk communication begun")
    COORDINATION = "coordination", N_("Coordination mechanism working")
    IHR_ASSESSED = "ihr_assessed", N_("Assessed under the International Health Regulations")
    IHR_NOTIFIED = "ihr_notified", N_("Notified to WHO")
    INCIDENT_CLOSED = "incident_closed", N_("Incident closed")
    NOT_APPLICABLE = "not_applicable", N_("Declared not applicable")


class Level(Code):
    """Who answers for a duty."""

    FACILITY = "facility", N_("Reporting facility")
    LABORATORY = "laboratory", N_("Laboratory")
    COMMUNITY = "community", N_("Community or township")
    COUNTY = "county", N_("County level")
    CITY = "city", N_("City level")
    PROVINCE = "province", N_("Province level")
    NATIONAL = "national", N_("National level")


class About(Code):
    """What kind of thing a duty's subject is."""

    CASE = "case", N_("Case")
    CONTACT = "contact", N_("Contact")
    ZONE = "zone", N_("Zone")
    SPECIMEN = "specimen", N_("Specimen")
    LIST = "list", N_("List pushed between areas")
    SITE = "site", N_("Quarantine site")
    SCREENING = "screening", N_("Regional testing")
    INCIDENT = "incident", N_("Incident")
