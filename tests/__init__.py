"""Tests of the function, of its stack and of the simulator."""
