"""Who the shop's customers are, who comes back, who is about to leave, and what they will bring."""

from duoshou.analysts.customers.question import CustomerQuestion, Cuts
from duoshou.analysts.customers.study import CustomerStudy, study_customers

__all__ = ["CustomerQuestion", "CustomerStudy", "Cuts", "study_customers"]
