"""Sheets and codebooks for coders, and their way back."""
