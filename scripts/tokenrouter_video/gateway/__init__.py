"""Talk to a video gateway: check a request, send it once, follow its task, find and fetch the video."""
