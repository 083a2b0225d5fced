"""The Security Token Service: assuming roles, temporary credentials, who am I."""
