"""Channels: what each brings, how mature it is, what its spend adds, and how to split a budget."""

from duoshou.analysts.channels.question import ChannelQuestion, ChannelTest
from duoshou.analysts.channels.study import ChannelStudy, study_channels

__all__ = ["ChannelQuestion", "ChannelStudy", "ChannelTest", "study_channels"]
