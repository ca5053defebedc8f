"""The embedded gateways: a real HTTP server on loopback, one persona a path prefix."""
