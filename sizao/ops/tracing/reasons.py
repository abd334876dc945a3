"""Sentences that rows keep: why a contact has its class."""

from sizao.ops.governance.sentences import rebuilt, stored

__all__ = ["rebuilt", "stored"]
