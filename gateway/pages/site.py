"""Which pages are there, and what surrounds them?"""

from fastapi import APIRouter, FastAPI

router = APIRouter(include_in_schema=False)


def install(_app: FastAPI) -> None:
    """Add what belongs to the application as a whole."""
