"""The services as tools of an assistant, over the Model Context Protocol: read-only unless a token grants more.

The SDK is loaded by the modules that need it, not by this package.
"""
