"""Checked by people: what is coded, how far coders agree, how often the machine is right, and figures corrected."""
