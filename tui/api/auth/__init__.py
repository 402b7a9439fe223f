"""Where the access token comes from, and what happens if the API rejects it. Tokens are `SecretStr`; no error quotes
one.
"""
