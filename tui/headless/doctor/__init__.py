"""What may keep jobdeck from working, looked at one after the other: each finding has its remedy. Changes nothing."""
