"""The stack in motion, on emulators of AWS on this machine."""
