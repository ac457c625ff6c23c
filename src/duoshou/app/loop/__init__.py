"""Services of the closed loop: tasks, changes, notices, effects, briefs and tests on one opened workspace."""
