"""Paid promotion: what each plan, keyword and product earns, and where money is wasted."""

from duoshou.analysts.advertising.bid_plan import BidPlan, BidWish
from duoshou.analysts.advertising.question import AdQuestion
from duoshou.analysts.advertising.study import AdGround, AdStudy, ad_ground, study_advertising

__all__ = ["AdGround", "AdQuestion", "AdStudy", "BidPlan", "BidWish", "ad_ground", "study_advertising"]
