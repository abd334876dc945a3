"""Reads the dependencies of requirements/run.in into the package's metadata, so they are written once."""

from pathlib import Path

from hatchling.metadata.plugin.interface import MetadataHookInterface


class RequirementsHook(MetadataHookInterface):
    def update(self, metadata):
        lines = Path(self.root, "requirements/run.in").read_text().splitlines()
        named = (line.split("#")[0].strip() for line in lines)
        metadata["dependencies"] = [line for line in named if line]
