"""Prices: how sales answer them, in which bands people buy, and which price would earn more."""

from duoshou.analysts.pricing.question import PricingQuestion
from duoshou.analysts.pricing.study import PricingStudy, study_prices

__all__ = ["PricingQuestion", "PricingStudy", "study_prices"]
