"""What the census does not say of a city: schools, work, collective homes. Each number with its source."""

from dataclasses import dataclass
from enum import IntEnum


class Place(IntEnum):
    """Kinds of places with fixed groups of people."""

    KINDERGARTEN = 0
    PRIMARY = 1
    MIDDLE = 2
    HIGH = 3
    UNIVERSITY = 4
    WORKPLACE = 5
    HOSPITAL = 6
    CARE_HOME = 7
    POINT_OF_ENTRY = 8


@dataclass(frozen=True)
class School:
    """One level of schooling: ages `low` to `high` inclusive, people in a catchment, pupils in a class."""

    kind: Place
    low: int
    high: int
    enrolled: float
    catchment: int
    class_size: int


# Enrolment: Ministry of Education, statistical bulletin for 2020 (preschool 85.2 %, compulsory 95.2 % retained, senior
# secondary 91.2 %, higher 54.4 %). Class ceilings: 30 in kindergartens' older groups, 45 primary, 50 middle, from the
# Ministry's standards for school buildings; catchments are assumed, so that a primary school has about 700 pupils.
SCHOOLS = (
    School(Place.KINDERGARTEN, 3, 5, 0.852, 6_000, 30),
    School(Place.PRIMARY, 6, 11, 1.0, 10_000, 45),
    School(Place.MIDDLE, 12, 14, 0.952, 20_000, 50),
    School(Place.HIGH, 15, 17, 0.912, 40_000, 50),
    School(Place.UNIVERSITY, 18, 21, 0.544, 250_000, 60),
)


@dataclass(frozen=True)
class Fabric:
    """Shares and sizes from which groups are made."""

    schools: tuple[School, ...] = SCHOOLS
    #: Of people 18 to 64 not at school: 750.64 M employed in 2020 (China Statistical Yearbook 2021) of about 920 M.
    employed: float = 0.81
    working_from: int = 18
    working_to: int = 64
    #: Workers whose workplace may be in any area (assumed).
    commuters: float = 0.25
    #: Largest number in a team, and in a workplace (assumed); sizes follow Zipf's law (Axtell, Science 293, 2001).
    team: int = 20
    largest_workplace: int = 20_000
    teachers_in_class: int = 2
    #: Of all workers: 13.47 M in health institutions in 2020 (National Health Commission bulletin) of 750.64 M.
    health_workers: float = 0.018
    hospital_staff: int = 600
    #: Of people 65 and older: 2.2 M residents of institutions of 190.6 M in 2020 (Ministry of Civil Affairs bulletin).
    in_care_homes: float = 0.0115
    care_room: int = 2
    ward_residents: int = 20
    ward_staff: int = 6
    wards_in_home: int = 5
    #: Of people 15 to 24 (assumed: boarding pupils, students and young workers).
    in_dormitories: float = 0.25
    dormitory_room: int = 6
    #: Staff of points of entry, of the city's people (assumed).
    entry_staff: float = 0.0003
