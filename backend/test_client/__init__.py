"""A page for developers: several users side by side against the HTTP API and the sockets."""
