"""gatewaytui: a diagnostics console for LLM API gateways."""

__version__ = "0.1.0"
