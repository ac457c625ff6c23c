"""`line_contribution`: what each order line left after goods, fees, freight and packaging."""

from duoshou.warehouse.contribution.basis import CostBasis, cost_basis
from duoshou.warehouse.contribution.lines import derive_contribution
from duoshou.warehouse.contribution.upkeep import is_outdated, keep_up

__all__ = ["CostBasis", "cost_basis", "derive_contribution", "is_outdated", "keep_up"]
