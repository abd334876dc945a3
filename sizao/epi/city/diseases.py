"""Diseases the city can have: every number with where it comes from.

The papers are named from memory of the field and have not yet been read again against these values: take the
presets for practice, and check a number before a decision leans on it.
"""

from dataclasses import dataclass, fields


@dataclass(frozen=True)
class Number:
    """A value and its source; what no study gave is said to be assumed."""

    value: float
    source: str


@dataclass(frozen=True)
class Disease:
    """Natural history and how well it spreads, in days and shares."""

    name: str
    #: From infection to being infectious, and to symptoms: medians; and the spread of the logarithm of both.
    latent: Number
    incubation: Number
    spread: Number
    #: Days a person infects, and the day on which they do most (a triangle).
    infectious: Number
    peak: Number
    #: Mean number infected by one case in a city without immunity, and the dispersion k of it.
    r0: Number
    dispersion: Number
    #: Share of a case's household that the case infects.
    household: Number
    symptomatic: Number
    #: Of the symptomatic: severe under 15, at 15 to 64, from 65 on; of the severe: dead.
    severe_children: Number
    severe_adults: Number
    severe_elders: Number
    fatal: Number
    #: Of the symptomatic: stay at home from onset on.
    stay_home: Number
    immune: Number
    #: Of spread outside the household: through water or surfaces of the community, and for how many days they last.
    environment: Number
    environment_days: Number

    def numbers(self) -> dict[str, Number]:
        return {field.name: getattr(self, field.name) for field in fields(self) if field.name != "name"}


LAUER = "Lauer 2020 Ann Intern Med 172:577"
KANG = "Kang 2022 Emerg Microbes Infect 11:518"
MADEWELL = "Madewell 2022 JAMA Netw Open 5:e229317"
VERITY = "Verity 2020 Lancet Infect Dis 20:669, rounded over ages"
LESSLER = "Lessler 2009 Lancet Infect Dis 9:291"
LLOYD_SMITH = "Lloyd-Smith 2005 Nature 438:355"
EBOLA = "WHO Ebola Response Team 2014 N Engl J Med 371:1481"
A = "assumed"
N = Number
NEVER = N(0, "no persistent source")

DISEASES = {
    "covid-ancestral": Disease(
        "covid-ancestral",
        latent=N(3.6, f"assumed: incubation less 1.5 days; incubation {LAUER}"),
        incubation=N(5.1, LAUER), spread=N(0.418, LAUER), infectious=N(9, "He 2020 Nat Med 26:672, rounded"),
        peak=N(2, "He 2020 Nat Med 26:672: about the day before onset"),
        r0=N(2.79, "Liu 2020 J Travel Med 27:taaa021 (median of reviews)"),
        dispersion=N(0.1, "Endo 2020 Wellcome Open Res 5:67"), household=N(0.189, MADEWELL),
        symptomatic=N(0.8, "Buitrago-Garcia 2020 PLoS Med 17:e1003346"), severe_children=N(0.002, VERITY),
        severe_adults=N(0.05, VERITY), severe_elders=N(0.2, VERITY), fatal=N(0.2, A + " of those in hospital"),
        stay_home=N(0.5, A), immune=N(365, A), environment=NEVER, environment_days=NEVER,
    ),
    "covid-delta": Disease(
        "covid-delta", latent=N(3.9, KANG), incubation=N(5.8, KANG), spread=N(0.418, f"as ancestral: {LAUER}"),
        infectious=N(9, f"assumed from {KANG}"), peak=N(2, f"{KANG}: 73 % of spread before onset"),
        r0=N(5.08, "Liu and Rocklov 2021 J Travel Med 28:taab124"), dispersion=N(0.2, A + " between 0.1 and 0.5"),
        household=N(0.297, MADEWELL), symptomatic=N(0.8, A + " as ancestral"), severe_children=N(0.003, A),
        severe_adults=N(0.08, A), severe_elders=N(0.3, A), fatal=N(0.15, A), stay_home=N(0.5, A), immune=N(365, A),
        environment=NEVER, environment_days=NEVER,
    ),
    "covid-omicron": Disease(
        "covid-omicron", latent=N(2.4, A + ": incubation less one day"),
        incubation=N(3.42, "Wu 2022 JAMA Netw Open 5:e2228008 (mean)"), spread=N(0.45, A), infectious=N(8, A),
        peak=N(2, A), r0=N(9.5, "Liu and Rocklov 2022 J Travel Med 29:taac037"), dispersion=N(0.4, A),
        household=N(0.427, MADEWELL), symptomatic=N(0.7, A), severe_children=N(0.002, A), severe_adults=N(0.01, A),
        severe_elders=N(0.06, A), fatal=N(0.1, A), stay_home=N(0.4, A), immune=N(120, A), environment=NEVER,
        environment_days=NEVER,
    ),
    "measles": Disease(
        "measles", latent=N(8.5, "CDC: infectious 4 days before rash; " + LESSLER), incubation=N(12.5, LESSLER),
        spread=N(0.207, f"{LESSLER}: dispersion 1.23"), infectious=N(9, "CDC: 4 days before to 4 after rash"),
        peak=N(4, A + ": at rash"), r0=N(15, "Guerra 2017 Lancet Infect Dis 17:e420: 12 to 18"),
        dispersion=N(0.23, f"{LLOYD_SMITH}: US 1997-99"), household=N(0.9, "CDC: up to 9 of 10 close contacts"),
        symptomatic=N(0.98, A), severe_children=N(0.2, "CDC: 1 in 5 unvaccinated in hospital"),
        severe_adults=N(0.2, "CDC: 1 in 5 unvaccinated in hospital"), severe_elders=N(0.3, A), fatal=N(0.01, A),
        stay_home=N(0.7, A), immune=N(36_500, "lifelong"), environment=NEVER, environment_days=NEVER,
    ),
    "mers": Disease(
        "mers", latent=N(4.5, A), incubation=N(5.2, "Assiri 2013 N Engl J Med 369:407"), spread=N(0.53, A),
        infectious=N(12, A), peak=N(6, A), r0=N(0.69, "Breban 2013 Lancet 382:694"),
        dispersion=N(0.26, "Kucharski and Althaus 2015 Euro Surveill 20:21167"), household=N(0.04, A),
        symptomatic=N(0.8, A), severe_children=N(0.2, A), severe_adults=N(0.5, A), severe_elders=N(0.8, A),
        fatal=N(0.6, "WHO: 36 % of cases, over an assumed severe share"), stay_home=N(0.3, A), immune=N(365, A),
        environment=NEVER, environment_days=NEVER,
    ),
    "ebola": Disease(
        "ebola", latent=N(9.5, A + ": infectious from onset"), incubation=N(9.5, f"{EBOLA}: mean 11.4, as a median"),
        spread=N(0.6, A), infectious=N(9, A), peak=N(6, A), r0=N(1.8, f"{EBOLA}: 1.71, 1.83, 2.02"),
        dispersion=N(0.18, "Althaus 2015 Lancet Infect Dis 15:507"), household=N(0.15, A),
        symptomatic=N(0.97, A), severe_children=N(0.9, A), severe_adults=N(0.9, A), severe_elders=N(0.95, A),
        fatal=N(0.77, f"{EBOLA}: 70.8 % of cases, over the severe share"), stay_home=N(0.6, A), immune=N(3_650, A),
        environment=NEVER, environment_days=NEVER,
    ),
    "mpox": Disease(
        "mpox", latent=N(6, A), incubation=N(7.6, "Ward 2022 BMJ 379:e073153"), spread=N(0.5, A),
        infectious=N(21, "WHO: 2 to 4 weeks"), peak=N(5, A), r0=N(1.3, A + "; it depends on the network"),
        dispersion=N(0.3, A), household=N(0.08, A), symptomatic=N(0.95, A), severe_children=N(0.1, A),
        severe_adults=N(0.05, A), severe_elders=N(0.1, A), fatal=N(0.02, A), stay_home=N(0.5, A), immune=N(3_650, A),
        environment=NEVER, environment_days=NEVER,
    ),
    "influenza": Disease(
        "influenza", latent=N(1, A), incubation=N(1.4, f"{LESSLER}: influenza A"),
        spread=N(0.412, f"{LESSLER}: dispersion 1.51"), infectious=N(5, "Carrat 2008 Am J Epidemiol 167:775"),
        peak=N(1, "Carrat 2008 Am J Epidemiol 167:775"), r0=N(1.46, "Biggerstaff 2014 BMC Infect Dis 14:480: 2009"),
        dispersion=N(0.9, A), household=N(0.13, A), symptomatic=N(0.67, "Carrat 2008 Am J Epidemiol 167:775"),
        severe_children=N(0.005, A), severe_adults=N(0.003, A), severe_elders=N(0.03, A), fatal=N(0.05, A),
        stay_home=N(0.5, A), immune=N(365, A), environment=NEVER, environment_days=NEVER,
    ),
    "cholera": Disease(
        "cholera", latent=N(1, A), incubation=N(1.4, "Azman 2013 J Infect 66:432"),
        spread=N(0.69, "Azman 2013 J Infect 66:432: 95th percentile 4.4"), infectious=N(5, A), peak=N(1, A),
        r0=N(2, A), dispersion=N(0.5, A), household=N(0.15, A),
        symptomatic=N(0.25, "Nelson 2009 Nat Rev Microbiol 7:693: most infections without symptoms"),
        severe_children=N(0.2, A), severe_adults=N(0.2, A), severe_elders=N(0.3, A), fatal=N(0.02, A + ", treated"),
        stay_home=N(0.5, A), immune=N(1_095, A), environment=N(0.7, A), environment_days=N(5, A),
    ),
}  # fmt: skip
