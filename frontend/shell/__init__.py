"""The app around the screens: one session per window, routes, navigation, and the platform's storage."""
