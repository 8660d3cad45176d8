"""What dist/build.sh made."""
