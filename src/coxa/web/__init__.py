"""The app in the browser: pages, the live socket, the API; no biomechanics of its own."""
