"""Everything that was recorded, brought to safety and back."""
