"""Find a TokenRouter channel, route a video model in its config, and generate a video with its key."""

__version__ = "0.1.0"
