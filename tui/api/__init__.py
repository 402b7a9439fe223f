"""The API client: HTTP, decoding, errors and credentials. The only package that imports httpx."""
