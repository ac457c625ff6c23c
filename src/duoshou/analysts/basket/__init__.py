"""What is bought together: pairs and triples, what follows in the next order, and what a bundle would bring."""

from duoshou.analysts.basket.findings import bundle_findings
from duoshou.analysts.basket.question import BasketKind, BasketQuestion
from duoshou.analysts.basket.report import BasketReport, look_into_baskets

__all__ = ["BasketKind", "BasketQuestion", "BasketReport", "bundle_findings", "look_into_baskets"]
