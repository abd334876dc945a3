"""The columns of what goes in and what comes out, shared by all engines.

Times are UTC seconds since 1970, intervals half-open `[start, end)`. Codes are non-negative 32-bit whole numbers;
room 0 is an unknown room and meets any room of its place.
"""

import polars as pl

UNKNOWN_ROOM = 0
DAY_S = 86_400

#: One visit as kept. `assumed` says which end was not known and was closed by a stated stay: 0 none, 1 end, 2 start.
VISIT = pl.Schema(
    {
        "person": pl.Int32,
        "place": pl.Int32,
        "room": pl.Int32,
        "start_s": pl.Int64,
        "end_s": pl.Int64,
        "assumed": pl.UInt8,
    }
)
#: Infectious windows asked about; a person may have several rows.
CASE = pl.Schema({"person": pl.Int32, "infectious_from": pl.Int64, "infectious_to": pl.Int64})
#: One row for each case and person met: number of exposures, seconds together, seconds after the case had left.
CONTACT = pl.Schema(
    {
        "case": pl.Int32,
        "person": pl.Int32,
        "n": pl.Int64,
        "direct_s": pl.Int64,
        "indirect_s": pl.Int64,
        "first_at": pl.Int64,
        "last_at": pl.Int64,
    }
)
#: One row for each contact of a contact: visits with exposure, seconds with at least one contact present.
SECONDARY = pl.Schema(
    {"person": pl.Int32, "n": pl.Int64, "direct_s": pl.Int64, "first_at": pl.Int64, "last_at": pl.Int64}
)
#: One row for each person who was at a place in a window.
PRESENT = pl.Schema({"person": pl.Int32, "n": pl.Int64, "seconds": pl.Int64, "first_at": pl.Int64, "last_at": pl.Int64})
#: One row for each stay of the persons asked about.
STAY = pl.Schema({"person": pl.Int32, "place": pl.Int32, "room": pl.Int32, "start_s": pl.Int64, "end_s": pl.Int64})
#: On which days (UTC days since 1970) which cases were at which place.
CASE_DAY = pl.Schema({"case": pl.Int32, "place": pl.Int32, "day": pl.Int32})
#: How many different persons began a visit at a place on a day.
FOOTFALL = pl.Schema({"place": pl.Int32, "day": pl.Int32, "visitors": pl.Int64})
