"""Sources of access tokens, and their renewal after a rejection. Tokens are `SecretStr`; no error quotes one."""
