"""The web console's door: signing in, switching roles, and explanations of decisions.

docs/openapi/console.yaml describes what is answered here. Everything else that the console does
goes over the wire like any client's calls.
"""
