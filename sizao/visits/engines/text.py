"""The questions as SQL that DuckDB and Spark both understand: one text, two engines.

Tables: `visits` (columns of `shapes.VISIT`, already narrowed to the files that can matter) and `windows`
(`person, infectious_from, infectious_to`, disjoint for each person). Only what both dialects mean alike is used:
no integer division, no quoting, no dialect's functions.
"""

from string import Template

from sizao.visits.shapes import DAY_S, UNKNOWN_ROOM

#: Visits of one person at one place and room that overlap are one stay, equal ones count once ($of: a table).
MERGED = Template("""
    SELECT person, place, room, MIN(start_s) AS start_s, MAX(end_s) AS end_s
    FROM (
        SELECT person, place, room, start_s, end_s,
            SUM(fresh) OVER (PARTITION BY person, place, room ORDER BY start_s, end_s
                             ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS island
        FROM (
            SELECT person, place, room, start_s, end_s,
                CASE WHEN start_s < MAX(end_s) OVER (PARTITION BY person, place, room ORDER BY start_s, end_s
                                                     ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
                     THEN 0 ELSE 1 END AS fresh
            FROM $of
        ) marked
    ) counted
    GROUP BY person, place, room, island""")

MEETS = f"(a.room = b.room OR a.room = {UNKNOWN_ROOM} OR b.room = {UNKNOWN_ROOM})"

OWN = f"""
own AS (SELECT v.person, v.place, v.room, v.start_s, v.end_s
        FROM visits v JOIN (SELECT DISTINCT person FROM windows) w ON v.person = w.person),
own_stays AS ({MERGED.substitute(of="own")}),
infectious AS (
    SELECT s.person, s.place, s.room,
        GREATEST(s.start_s, w.infectious_from) AS start_s, LEAST(s.end_s, w.infectious_to) AS end_s
    FROM own_stays s JOIN windows w
        ON s.person = w.person AND s.start_s < w.infectious_to AND s.end_s > w.infectious_from)"""


def contacts(env_s: int) -> str:
    """Columns of `shapes.CONTACT`."""
    return f"""
WITH {OWN},
back AS (
    SELECT a.person, a.place, a.room, a.start_s, a.end_s, MIN(GREATEST(b.start_s, a.end_s)) AS at
    FROM infectious a JOIN infectious b
        ON a.person = b.person AND a.place = b.place AND b.end_s > a.end_s AND {MEETS}
    GROUP BY a.person, a.place, a.room, a.start_s, a.end_s),
shed AS (
    SELECT a.person, a.place, a.room, a.start_s, a.end_s,
        CASE WHEN b.at < a.end_s + {env_s} THEN b.at ELSE a.end_s + {env_s} END AS till
    FROM infectious a LEFT JOIN back b
        ON a.person = b.person AND a.place = b.place AND a.room = b.room
            AND a.start_s = b.start_s AND a.end_s = b.end_s),
reach AS (SELECT place, MIN(start_s) AS since, MAX(till) AS until FROM shed GROUP BY place),
near AS (SELECT v.person, v.place, v.room, v.start_s, v.end_s
         FROM visits v JOIN reach r ON v.place = r.place AND v.start_s < r.until AND v.end_s > r.since),
near_stays AS ({MERGED.substitute(of="near")}),
met AS (
    SELECT a.person AS case_person, b.person AS other,
        GREATEST(0, LEAST(b.end_s, a.end_s) - GREATEST(b.start_s, a.start_s)) AS direct_s,
        GREATEST(0, LEAST(b.end_s, a.till) - GREATEST(b.start_s, a.end_s)) AS indirect_s,
        GREATEST(b.start_s, a.start_s) AS first_at, LEAST(b.end_s, a.till) AS last_at
    FROM shed a JOIN near_stays b
        ON a.place = b.place AND b.start_s < a.till AND b.end_s > a.start_s AND a.person <> b.person AND {MEETS})
SELECT case_person, other AS person, COUNT(*) AS n, SUM(direct_s) AS direct_s, SUM(indirect_s) AS indirect_s,
    MIN(first_at) AS first_at, MAX(last_at) AS last_at
FROM met GROUP BY case_person, other"""


def secondary() -> str:
    """Columns of `shapes.SECONDARY`; also reads the table `hidden` (`person`)."""
    return f"""
WITH {OWN},
reach AS (SELECT place, MIN(start_s) AS since, MAX(end_s) AS until FROM infectious GROUP BY place),
near AS (SELECT v.person, v.place, v.room, v.start_s, v.end_s
         FROM visits v JOIN reach r ON v.place = r.place AND v.start_s < r.until AND v.end_s > r.since
         LEFT JOIN hidden h ON v.person = h.person WHERE h.person IS NULL),
near_stays AS ({MERGED.substitute(of="near")}),
pieces AS (
    SELECT b.person, b.place, b.room, b.start_s AS visit_start,
        GREATEST(a.start_s, b.start_s) AS start_s, LEAST(a.end_s, b.end_s) AS end_s
    FROM infectious a JOIN near_stays b
        ON a.place = b.place AND b.start_s < a.end_s AND b.end_s > a.start_s AND {MEETS}),
islands AS (
    SELECT person, place, room, visit_start, MIN(start_s) AS start_s, MAX(end_s) AS end_s
    FROM (
        SELECT person, place, room, visit_start, start_s, end_s,
            SUM(fresh) OVER (PARTITION BY person, place, room, visit_start ORDER BY start_s, end_s
                             ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS island
        FROM (
            SELECT person, place, room, visit_start, start_s, end_s,
                CASE WHEN start_s <= MAX(end_s) OVER (PARTITION BY person, place, room, visit_start
                        ORDER BY start_s, end_s ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)
                     THEN 0 ELSE 1 END AS fresh
            FROM pieces
        ) marked
    ) counted
    GROUP BY person, place, room, visit_start, island),
visited AS (
    SELECT person, place, room, visit_start, SUM(end_s - start_s) AS seconds,
        MIN(start_s) AS first_at, MAX(end_s) AS last_at
    FROM islands GROUP BY person, place, room, visit_start)
SELECT person, COUNT(*) AS n, SUM(seconds) AS direct_s, MIN(first_at) AS first_at, MAX(last_at) AS last_at
FROM visited GROUP BY person"""


def place(place: int, room: int, since: int, until: int) -> str:
    """Columns of `shapes.PRESENT`."""
    rooms = "" if room == UNKNOWN_ROOM else f"AND room IN ({room}, {UNKNOWN_ROOM})"
    return f"""
WITH near AS (SELECT person, place, room, start_s, end_s FROM visits
              WHERE place = {place} AND start_s < {until} AND end_s > {since} {rooms}),
stays AS ({MERGED.substitute(of="near")}),
clipped AS (SELECT person, GREATEST(start_s, {since}) AS start_s, LEAST(end_s, {until}) AS end_s FROM stays)
SELECT person, COUNT(*) AS n, SUM(end_s - start_s) AS seconds, MIN(start_s) AS first_at, MAX(end_s) AS last_at
FROM clipped GROUP BY person"""


def where(since: int, until: int) -> str:
    """Columns of `shapes.STAY`, for the persons of `windows`."""
    return f"""
WITH {OWN}
SELECT person, place, room, start_s, end_s FROM own_stays WHERE start_s < {until} AND end_s > {since}"""


def case_days() -> str:
    """Columns of `shapes.CASE_DAY`."""
    return f"""
SELECT DISTINCT v.person AS case_person, v.place, {day("v.start_s")} AS day
FROM visits v JOIN windows w
    ON v.person = w.person AND v.start_s >= w.infectious_from AND v.start_s < w.infectious_to"""


def footfall(since_day: int, until_day: int) -> str:
    """Columns of `shapes.FOOTFALL`."""
    return f"""
SELECT place, {day("start_s")} AS day, COUNT(DISTINCT person) AS visitors FROM visits
WHERE start_s >= {since_day * DAY_S} AND start_s < {until_day * DAY_S} GROUP BY place, {day("start_s")}"""


def population(since_day: int, until_day: int) -> str:
    return f"""
SELECT COUNT(DISTINCT person) AS persons FROM visits
WHERE start_s >= {since_day * DAY_S} AND start_s < {until_day * DAY_S}"""


def day(column: str) -> str:
    """The UTC day of a moment, without either dialect's integer division."""
    return f"CAST(FLOOR({column} / {DAY_S}.0) AS INT)"
