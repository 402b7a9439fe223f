"""The wire: models, errors, credentials and HTTP. The only package that imports httpx."""
