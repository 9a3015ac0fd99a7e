"""Makes the toy models of the `demo` profile from the corpus beside this file. Nothing in `service` imports it."""
