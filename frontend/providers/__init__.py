"""What the app knows and can do, without a widget or a translated word: observable objects, one set per session."""
