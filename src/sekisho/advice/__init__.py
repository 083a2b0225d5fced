"""The tools that explain and set up."""
