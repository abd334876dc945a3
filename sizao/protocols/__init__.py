"""What each disease's rules require, as data and pure functions."""

from sizao.protocols.library import available, in_force_on, load, load_file
from sizao.protocols.refusals import ProtocolRefused, Refusal, UnknownProtocol
from sizao.protocols.shape import Protocol

__all__ = ["Protocol", "ProtocolRefused", "Refusal", "UnknownProtocol", "available", "in_force_on", "load", "load_file"]
