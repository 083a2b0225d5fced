"""The words everyone uses: frozen values, standard library only, no input and no output."""
