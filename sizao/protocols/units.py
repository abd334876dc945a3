"""Figures by the unit and the limits they must keep to, as the shape's annotations name them."""

from typing import Annotated

from sizao.protocols.choices import Unit
from sizao.protocols.figures import Days, Quantity, Spec

DAY = (Unit.DAY,)

SignedDays = Annotated[Quantity, Spec(DAY, low=-60, high=400)]
NDays = Annotated[Quantity, Spec(DAY, low=0, high=400)]
Span = Annotated[Quantity, Spec(DAY, low=1, high=400)]
DayList = Annotated[Days, Spec(DAY, low=1, high=400)]
Time = Annotated[Quantity, Spec((Unit.DAY, Unit.HOUR), low=0, high=400)]
ShortTime = Annotated[Quantity, Spec((Unit.MINUTE, Unit.HOUR, Unit.DAY), low=0, high=400)]
Metres = Annotated[Quantity, Spec((Unit.METRE,), low=0, high=100)]
TimesPerDay = Annotated[Quantity, Spec((Unit.TIMES_PER_DAY,), low=0, high=24)]
TimesPerWeek = Annotated[Quantity, Spec((Unit.TIMES_PER_WEEK,), low=1, high=14)]
Samples = Annotated[Quantity, Spec((Unit.SAMPLE,), low=1, high=30)]
Floors = Annotated[Quantity, Spec((Unit.FLOOR,), low=0, high=200)]
CtValue = Annotated[Quantity, Spec((Unit.CT,), low=10, high=50)]
Cases = Annotated[Quantity, Spec((Unit.CASE,), low=1)]
Rounds = Annotated[Quantity, Spec((Unit.ROUND,), low=1, high=60)]
