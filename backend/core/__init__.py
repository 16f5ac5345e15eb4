"""The platform itself: private, modules never import it (they stand on `backend.sdk`)."""
