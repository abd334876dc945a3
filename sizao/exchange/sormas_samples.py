"""Samples and tests in SORMAS case files: blocks of columns whose names repeat, one record for each filled block.

Import templates repeat a block of sample columns, each followed by the columns of its tests. Exports number the
first three samples of a case (sampleUuid1, sampleResult1, …) and write the others as one text, which is reported.
"""

from collections.abc import Iterator
from collections.abc import Mapping as Map

import polars as pl

from sizao.exchange.foreign import by_candidates, cells_of
from sizao.exchange.parsing import read_records
from sizao.exchange.problems import Problems
from sizao.exchange.reading import Dialect, Options
from sizao.exchange.sormas_headers import entities
from sizao.exchange.tables import Table
from sizao.exchange.tidy import with_result_code
from sizao.vocabulary.columns import LAB_RESULT

SAMPLE_STARTS = ("labSampleID", "fieldSampleID", "sampleDateTime")
TEST_STARTS = ("testedDisease", "testType", "testResult")
SAMPLE_NAMES = frozenset(
    [
        "labSampleID",
        "fieldSampleID",
        "sampleDateTime",
        "reportDateTime",
        "sampleMaterial",
        "sampleMaterialText",
        "samplePurpose",
        "lab",
        "labDetails",
        "shipmentDate",
        "shipmentDetails",
        "receivedDate",
        "specimenCondition",
        "noTestPossibleReason",
        "comment",
        "sampleSource",
        "shipped",
        "received",
        "pathogenTestResult",
        "samplingReason",
        "samplingReasonDetails",
        "testedDisease",
        "testedDiseaseVariant",
        "testedDiseaseDetails",
        "typingId",
        "testType",
        "pcrTestSpecification",
        "testTypeText",
        "testDateTime",
        "testResult",
        "testResultText",
        "testResultVerified",
        "fourFoldIncreaseAntibodyTiter",
        "serotype",
        "cqValue",
        "reportDate",
        "viaLims",
        "externalId",
        "externalOrderId",
        "preliminary",
    ]
)
SAMPLE_ENTITIES = frozenset(("Sample", "PathogenTest"))

#: In a template's block the columns of the test come first, then those of its sample.
IN_BLOCK: Map[str, tuple[str, ...]] = {
    "specimen_id": ("labSampleID", "fieldSampleID"),
    "date_collected": ("sampleDateTime",),
    "specimen_type": ("sampleMaterial", "sampleMaterialText"),
    "test_type": ("testType", "testTypeText"),
    "result": ("testResult", "pathogenTestResult"),
    "date_result": ("testDateTime", "reportDate"),
    "laboratory": ("lab", "labDetails"),
}


def lab_results(table: Table, cases: pl.DataFrame, options: Options, dialect: Dialect) -> tuple[pl.DataFrame, Problems]:
    """All results of the file, with the number of their case."""
    frames: list[pl.DataFrame] = []
    problems = _others(table)
    for positions in (*_blocks(table), *_numbered(table)):
        view = table.only(positions)
        suffix = view.headers[0][-1] if view.headers[0].startswith("sampleUuid") else None
        mapping = by_candidates(view, _in_export(suffix) if suffix else IN_BLOCK, "sormas-cases")
        frame, found = read_records(view, mapping, LAB_RESULT, options, dialect)
        frames.append(frame.filter(~pl.all_horizontal(pl.exclude("row").is_null())))
        problems += found
    results = pl.concat(frames) if frames else _no_results(table, options)
    owners = cases.select("row", owner=pl.coalesce("case_id", "external_id"))
    results = results.join(owners, on="row", how="left", maintain_order="left")
    results = results.with_columns(case_id="owner").drop("owner").sort("row", maintain_order=True)
    return with_result_code(results, dialect.words.get("result_code", {})), problems


def _no_results(table: Table, options: Options) -> pl.DataFrame:
    return read_records(table, by_candidates(table, {}, ""), LAB_RESULT, options)[0].clear()


def _blocks(table: Table) -> Iterator[list[int]]:
    """The columns of each test with those of its sample; of the sample alone where it has no test."""
    owner = entities(table)
    inside = [
        position
        for position, name in enumerate(table.headers)
        if name in SAMPLE_NAMES and (owner is None or owner[position] in SAMPLE_ENTITIES)
    ]
    first = next((name for name in SAMPLE_STARTS if name in {table.headers[i] for i in inside}), None)
    if first is None:
        return
    for sample in _split(table, inside, first):
        names = [table.headers[position] for position in sample]
        start = next((name for name in TEST_STARTS if name in names), None)
        own = sample[: names.index(start)] if start else sample
        tests = _split(table, sample[len(own) :], start) if start else [[]]
        for test in tests:
            yield [*test, *own]


def _split(table: Table, positions: list[int], first: str) -> list[list[int]]:
    """A new block at every occurrence of the block's first name; what stands before the first is no block."""
    blocks: list[list[int]] = []
    for position in positions:
        if table.headers[position] == first:
            blocks.append([])
        if blocks:
            blocks[-1].append(position)
    return blocks


def _numbered(table: Table) -> Iterator[list[int]]:
    for number in "123":
        names = [f"sample{part}{number}" for part in ("Uuid", "DateTime", "Lab", "Result")]
        if names[0] in table.headers:
            yield [table.headers.index(name) for name in names if name in table.headers]


def _in_export(number: str) -> Map[str, tuple[str, ...]]:
    parts = {"specimen_id": "Uuid", "date_collected": "DateTime", "laboratory": "Lab", "result": "Result"}
    return {target: (f"sample{part}{number}",) for target, part in parts.items()}


def _others(table: Table) -> Problems:
    cells = cells_of(table, "otherSamplesString")
    if cells is None or not cells.count():
        return Problems.none()
    found = pl.DataFrame({"row": table.body["row"], "found": cells}).filter(pl.col("found").is_not_null())
    return Problems.of("more_samples", found, column="otherSamplesString")
