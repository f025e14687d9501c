"""The command line: arguments, output, exit codes, and one module for each command."""
