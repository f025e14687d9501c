"""Finding channels: walk a workspace, recognise gateways by host, resolve keys, judge which file is live."""
