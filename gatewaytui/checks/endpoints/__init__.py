"""The endpoint families of a gateway: one file a family, each asked by its smallest valid request."""
