upkeep.py
