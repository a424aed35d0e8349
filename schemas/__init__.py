"""The published language: every fact that crosses a service's border, declared once."""
