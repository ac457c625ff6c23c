"""The range: which products live, which carry the shop, which lie dead, and what each is for."""

from duoshou.analysts.assortment.question import Basis, RangeQuestion, Rules
from duoshou.analysts.assortment.stages import Stage
from duoshou.analysts.assortment.study import RangeStudy, study_range

__all__ = ["Basis", "RangeQuestion", "RangeStudy", "Rules", "Stage", "study_range"]
