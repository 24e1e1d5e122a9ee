"""The small core: children, meetings and actions; what every authority does, once."""
