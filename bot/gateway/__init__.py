"""The gateway: takes the platforms' pushes and carries back what fits into their answer."""
