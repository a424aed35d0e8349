"""The pages: what a council bought and paid, for anyone with a browser, with or without JavaScript."""

from gateway.pages.site import install, router

__all__ = ["install", "router"]
