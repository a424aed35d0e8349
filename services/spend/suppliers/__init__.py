"""Who is behind a name that was paid, and what do registers say of them?"""
