"""The front door: one address for the app, the API, the sockets and the files (docs/subsystems/front.md)."""
