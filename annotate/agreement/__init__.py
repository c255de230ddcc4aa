"""How far people who captioned the same pictures agree: pure figures from texts. Knows no store and no screen."""
