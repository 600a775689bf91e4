"""Makes the environments on a fresh machine. Standard library only, any Python from 3.8 on."""
